"""Pages for people who end up where none of ours is: plain, without any script."""

from html import escape
from http import HTTPMethod, HTTPStatus

from aiohttp import hdrs, web

from .reply import body_reply

HTML = "text/html"
_PROGRAMS = ("/api", "/mirror", "/metrics")


def wants_page(request: web.Request) -> bool:
    """Return whether a person asks, by a browser, for what no program asks for."""
    path = "/" + request.path.lstrip("/")
    is_for_programs = any(
        path == one or path.startswith(f"{one}/") for one in _PROGRAMS
    )
    return (
        request.method in {HTTPMethod.GET, HTTPMethod.HEAD}
        and HTML in request.headers.get(hdrs.ACCEPT, "")
        and not is_for_programs
    )


def not_found_page(request: web.Request) -> web.Response:
    """Return the page that says that there is none, with a link to the first one."""
    home = home_of(request)
    return message_page(
        "There is no such page",
        f'<p><a href="{home}">To the first page</a></p>',
        home=home,
        status=HTTPStatus.NOT_FOUND,
    )


def home_of(request: web.Request) -> str:
    """Return the way from a path to ``/``, relative: it holds behind a prefix too."""
    return "../" * (request.rel_url.raw_path.count("/") - 1) or "./"


def message_page(
    title: str, body: str, *, home: str, status: HTTPStatus
) -> web.Response:
    """Return a page that says one thing.

    Args:
        title: Text of its heading.
        body: HTML below the heading.
        home: The way to ``/``.
        status: Of the answer.
    """
    html = f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Energy Logger: {escape(title)}</title>
<link rel="stylesheet" href="{home}api/docs.css">
</head>
<body>
<h1>{escape(title)}</h1>
{body}
</body>
</html>
"""
    return body_reply(html.encode(), status=status, content_type=HTML)
