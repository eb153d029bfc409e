"""The built pages: what browsers get, keep and are told, at any address."""

from pathlib import Path
from typing import Any

import pytest
from aiohttp.test_utils import TestClient
from yarl import URL

from tests.server.web.conftest import Api, StartApp

INDEX = '<!doctype html><html><head><script src="./assets/app-1a2b.js"></script></head>'
SCRIPT = "export const pages = 9;"
INGRESS = "/api/hassio_ingress/a_Token-1"

type Browser = TestClient[Any, Any]


@pytest.fixture
def built(tmp_path: Path) -> Path:
    """A folder as a build leaves it."""
    folder = tmp_path / "built"
    (folder / "assets").mkdir(parents=True)
    (folder / "index.html").write_text(INDEX)
    (folder / "icon.svg").write_text("<svg/>")
    (folder / "assets" / "app-1a2b.js").write_text(SCRIPT)
    (folder / "assets" / "app-1a2b.js.br").write_bytes(b"packed by brotli")
    (folder / "assets" / "app-1a2b.js.gz").write_bytes(b"packed by gzip")
    (folder / "assets" / "notes.md").write_text("not for browsers")
    (tmp_path / "secret.txt").write_text("not a page")
    return folder


@pytest.fixture
async def browser(start_app: StartApp, built: Path) -> Browser:
    """A browser at the API's port; it unpacks nothing."""
    return await start_app(built_pages=built)


async def fetch(
    browser: Browser, path: str, method: str = "GET", **headers: str
) -> tuple[int, Any, bytes]:
    """Return status, headers and body, as they are sent."""
    url = URL(f"{browser.make_url('/').origin()}{path}", encoded=True)
    async with browser.session.request(
        method,
        url,
        headers={"Accept-Encoding": "identity", **headers},
        allow_redirects=False,
        auto_decompress=False,
    ) as answer:
        return answer.status, answer.headers, await answer.read()


@pytest.mark.parametrize("path", ["/", "//", "////"])
async def test_the_document_is_asked_for_again_and_sent_only_when_it_changed(
    browser: Browser, path: str
):
    status, headers, body = await fetch(browser, path)

    assert (status, body.decode()) == (200, INDEX)
    assert headers["Content-Type"] == "text/html; charset=utf-8"
    assert headers["Cache-Control"] == "no-cache"
    status, again, body = await fetch(
        browser, path, **{"If-None-Match": headers["ETag"]}
    )
    assert (status, body, again["ETag"]) == (304, b"", headers["ETag"])
    assert (await fetch(browser, path, **{"If-None-Match": '"other"'}))[0] == 200


@pytest.mark.parametrize("path", ["/assets/app-1a2b.js", "//assets//app-1a2b.js"])
async def test_what_is_named_by_its_content_is_kept_for_ever(
    browser: Browser, path: str
):
    status, headers, body = await fetch(browser, path)

    assert (status, body.decode()) == (200, SCRIPT)
    assert headers["Content-Type"] == "text/javascript; charset=utf-8"
    assert headers["Cache-Control"] == "public, max-age=31536000, immutable"


async def test_other_files_of_the_build_are_asked_for_again(browser: Browser):
    status, headers, body = await fetch(browser, "/icon.svg")

    assert (status, body) == (200, b"<svg/>")
    assert headers["Content-Type"] == "image/svg+xml"
    assert headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize("path", ["/", "/icon.svg", "/assets/app-1a2b.js"])
async def test_files_can_be_asked_for_without_their_body(browser: Browser, path: str):
    status, headers, body = await fetch(browser, path, "HEAD")

    assert (status, body) == (200, b"")
    assert "ETag" in headers


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("gzip, deflate, br", "br"),
        ("gzip", "gzip"),
        ("GZIP;q=0.5, identity", "gzip"),
        ("br;q=0, gzip;q=1", "gzip"),
        ("br; q=0", None),
        ("zstd", None),
        ("identity", None),
    ],
)
async def test_a_browser_gets_the_smallest_form_that_it_takes(
    browser: Browser, accepted: str, encoding: str | None
):
    _, headers, body = await fetch(
        browser, "/assets/app-1a2b.js", **{"Accept-Encoding": accepted}
    )

    sent = {"br": b"packed by brotli", "gzip": b"packed by gzip", None: SCRIPT.encode()}
    assert headers.get("Content-Encoding") == encoding
    assert body == sent[encoding]
    assert headers["Vary"] == "Accept-Encoding"


async def test_forms_of_one_file_are_told_apart(browser: Browser):
    path = "/assets/app-1a2b.js"
    _, plain, _ = await fetch(browser, path)
    _, packed, _ = await fetch(browser, path, **{"Accept-Encoding": "br"})

    assert plain["ETag"] != packed["ETag"]


async def test_nothing_is_packed_for_home_assistant(start_app: StartApp, built: Path):
    ingress = await start_app(built_pages=built, ingress_from={"127.0.0.1"})

    _, headers, body = await fetch(
        ingress, "/assets/app-1a2b.js", **{"Accept-Encoding": "br, gzip"}
    )

    assert body.decode() == SCRIPT
    assert "Content-Encoding" not in headers


@pytest.mark.parametrize(
    "path",
    [
        "/assets/absent.js",
        "/assets/notes.md",
        "/assets/app-1a2b.js.br",
        "/assets/..%2Findex.html",
        "/assets/%2E%2E%2F%2E%2E%2Fsecret.txt",
        "/..%2Fsecret.txt",
        "/%2E%2E/secret.txt",
        "/assets/.hidden.js",
        "/assets/app-1a2b.js/more.js",
        "/icon.svg/more.svg",
        "/absent.svg",
        "/assets",
        "/assets/",
    ],
)
async def test_nothing_but_the_build_is_served(browser: Browser, path: str):
    assert (await fetch(browser, path))[0] == 404


async def test_another_build_is_served_without_a_restart(browser: Browser, built: Path):
    _, before, _ = await fetch(browser, "/")

    (built / "index.html").write_text("<html><head></head>another build</html>")
    _, after, body = await fetch(browser, "/")

    assert b"another build" in body
    assert before["ETag"] != after["ETag"]


@pytest.mark.parametrize(
    ("header", "prefix", "is_ingress"),
    [
        ("X-Forwarded-Prefix", "/energy", False),
        ("X-Forwarded-Prefix", "/energy/", False),
        ("X-Forwarded-Prefix", "/home/my.energy", False),
        ("X-Ingress-Path", INGRESS, True),
    ],
)
async def test_a_document_behind_a_prefix_names_its_folder(
    start_app: StartApp, built: Path, header: str, prefix: str, is_ingress: bool
):
    how: dict[str, Any] = {"ingress_from": {"127.0.0.1"}} if is_ingress else {}
    browser = await start_app(built_pages=built, **how)
    _, plain, _ = await fetch(browser, "/")

    _, headers, body = await fetch(browser, "/", **{header: prefix})

    base = f'<head><base href="{prefix.rstrip("/")}/">'
    assert body.decode() == INDEX.replace("<head>", base)
    assert headers["ETag"] != plain["ETag"]
    assert headers["Vary"] == plain["Vary"] == header


@pytest.mark.parametrize(
    "prefix",
    [
        "energy",
        "//evil.example",
        "/",
        "/a//b",
        "/../b",
        '/"><script>',
        "/a b",
        "https://evil.example",
    ],
)
async def test_a_prefix_that_is_no_plain_path_is_ignored(browser: Browser, prefix: str):
    _, _, body = await fetch(browser, "/", **{"X-Forwarded-Prefix": prefix})

    assert body.decode() == INDEX


async def test_ingress_does_not_heed_a_proxys_header_nor_the_port_that_of_ingress(
    start_app: StartApp, browser: Browser, built: Path
):
    ingress = await start_app(built_pages=built, ingress_from={"127.0.0.1"})

    for asked, header in (
        (ingress, "X-Forwarded-Prefix"),
        (browser, "X-Ingress-Path"),
    ):
        _, _, body = await fetch(asked, "/", **{header: "/elsewhere"})
        assert body.decode() == INDEX


@pytest.mark.parametrize(
    ("path", "target"),
    [
        ("/index.html", "./"),
        ("/inspector", "./#/inspector"),
        ("/history?page=2", "./#/health"),
        ("/settings", "./#/settings"),
    ],
)
async def test_addresses_of_the_predecessors_pages_lead_to_ours(
    browser: Browser, path: str, target: str
):
    status, headers, _ = await fetch(browser, path)

    assert (status, headers["Location"]) == (308, target)


async def test_without_a_build_the_first_page_says_how_to_make_one(
    start_app: StartApp, tmp_path: Path
):
    browser = await start_app(built_pages=tmp_path / "absent")

    status, headers, body = await fetch(browser, "/")

    assert status == 503
    assert headers["Content-Type"].startswith("text/html")
    assert "scripts/build_pages" in body.decode()
    assert (await fetch(browser, "/api/health"))[0] == 200


@pytest.mark.parametrize(
    ("path", "home"),
    [("/nothing", "./"), ("/nothing/at/all", "../../"), ("//nothing", "../")],
)
async def test_a_person_at_an_unknown_address_gets_a_page_with_the_way_home(
    api: Api, path: str, home: str
):
    status, headers, body = await fetch(
        api.client, path, Accept="text/html,application/xhtml+xml,*/*;q=0.8"
    )

    assert status == 404
    assert headers["Content-Type"].startswith("text/html")
    assert f'<a href="{home}">' in body.decode()
    assert "default-src 'none'" in headers["Content-Security-Policy"]


@pytest.mark.parametrize("path", ["/api/nothing", "//api", "/mirror/x", "/metrics/x"])
async def test_an_unknown_operation_is_an_error_in_json_for_browsers_too(
    api: Api, path: str
):
    status, headers, _ = await fetch(api.client, path, Accept="text/html")

    assert status == 404
    assert headers["Content-Type"].startswith("application/json")


async def test_what_a_page_may_do_is_said_with_it(browser: Browser):
    for path in ("/", "/assets/app-1a2b.js", "/icon.svg"):
        _, headers, _ = await fetch(browser, path)
        policy = headers["Content-Security-Policy"]

        assert "script-src 'self'" in policy
        assert "frame-ancestors 'self'" in policy
        assert "unsafe" not in policy
