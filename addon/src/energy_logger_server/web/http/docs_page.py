"""The documentation page: every operation, readable without any script."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import escape
from itertools import groupby
from typing import Any

from .openapi import describe
from .operation import Access, Group, Operation

_ORDER = list(Group)
_MANY = 20
STYLE = """\
:root { color-scheme: light dark; --line: #8886; --link: #0b57a4; }
@media (prefers-color-scheme: dark) { :root { --link: #8ec5ff; } }
body { font: 1rem/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 60rem;
  padding: 1rem; background: Canvas; color: CanvasText; }
h1 { font-size: 1.6rem; } h2 { font-size: 1.2rem; margin-top: 2rem; }
a { color: var(--link); }
details { border-top: 1px solid var(--line); padding: .25rem 0; }
summary { cursor: pointer; padding: .5rem 0; min-height: 1.75rem;
  overflow-wrap: anywhere; }
summary:focus-visible, a:focus-visible { outline: 3px solid var(--link); }
code { font: .9rem/1.4 ui-monospace, monospace; overflow-wrap: anywhere; }
table { border-collapse: collapse; display: block; overflow-x: auto; }
th, td { border-top: 1px solid var(--line); padding: .3rem .6rem .3rem 0;
  text-align: left; vertical-align: top; }
.method { display: inline-block; font-weight: 600; min-width: 4.5rem; }
.key { border: 1px solid var(--line); border-radius: .3rem; font-size: .8rem;
  padding: 0 .35rem; }
"""


def page(operations: Iterable[Operation]) -> str:
    """Return the page as HTML; its links are relative to ``/api/docs``."""
    listed = tuple(operations)
    described = describe(listed)["paths"]
    parts = []
    for group, members in groupby(
        sorted(listed, key=lambda one: _ORDER.index(one.group)),
        key=lambda one: one.group,
    ):
        parts.append(f"<h2>{escape(group.value)}</h2>")
        parts += [
            _operation(one, described[one.path][one.method.lower()]) for one in members
        ]
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Energy Logger: REST API</title>
<link rel="stylesheet" href="docs.css">
</head>
<body>
<h1>Energy Logger: REST API</h1>
<p>The same as the <a href="openapi.json">OpenAPI description</a>. What is marked
<span class="key">key</span> needs the API key, in the header <code>X-API-Key</code>
or as <code>Authorization: Bearer</code>; <code>energy-logger key show</code> prints it
on the server's machine.</p>
{"".join(parts)}
</body>
</html>
"""


def _operation(operation: Operation, described: Mapping[str, Any]) -> str:
    key = ""
    if operation.access is Access.KEY:
        key = ' <span class="key">key</span>'
    return f"""<details>
<summary><span class="method">{operation.method}</span>
<code>{escape(operation.path)}</code>{key} {escape(operation.summary)}</summary>
{_parameters(described["parameters"])}{_body(described)}{_answers(described)}
</details>
"""


def _parameters(parameters: Sequence[Mapping[str, Any]]) -> str:
    if not parameters:
        return "<p>It takes no parameters.</p>"
    rows = "".join(
        f"<tr><td><code>{escape(one['name'])}</code></td>"
        f"<td>{escape(_in_words(one['schema']))}</td>"
        f"<td>{escape(one['description'])}</td></tr>"
        for one in parameters
    )
    return (
        "<table><thead><tr><th>parameter</th><th>value</th><th>meaning</th></tr>"
        f"</thead><tbody>{rows}</tbody></table>"
    )


def _in_words(schema: Mapping[str, Any]) -> str:
    choices = schema.get("anyOf")
    if choices:
        return " or ".join(dict.fromkeys(_in_words(one) for one in choices))
    words = str(schema.get("format", schema.get("type", "anything")))
    if schema.get("type") == "array":
        words = f"list of {_in_words(schema.get('items', {}))}"
    values = [str(value) for value in schema.get("enum", ())]
    if len(values) > _MANY:
        words = f"such as {values[0]}"
    elif values:
        words = ", ".join(values)
    if "minimum" in schema:
        words += f" from {schema['minimum']} to {schema['maximum']}"
    if "default" in schema:
        words += f" ({schema['default']} unless given)"
    return words


def _body(described: Mapping[str, Any]) -> str:
    body = described.get("requestBody")
    if body is None:
        return ""
    return f"<p>Body:</p>{_fields(next(iter(body['content'].values()))['schema'])}"


def _answers(described: Mapping[str, Any]) -> str:
    parts = []
    for status, answer in described["responses"].items():
        contents = answer.get("content", {})
        kinds = ", ".join(f"<code>{escape(one)}</code>" for one in contents)
        parts.append(
            f"<p>{escape(status)}: {escape(answer['description'])} ({kinds})</p>"
        )
        parts += [_fields(content["schema"]) for content in contents.values()]
    return "".join(parts)


def _fields(schema: Mapping[str, Any]) -> str:
    rows = "".join(
        f"<tr><td><code>{escape(path)}</code></td><td>{escape(_in_words(one))}</td>"
        f"<td>{escape(one.get('description', ''))}</td></tr>"
        for path, one in _paths(schema, "")
    )
    return f"<table><tbody>{rows}</tbody></table>" if rows else ""


def _paths(
    schema: Mapping[str, Any], path: str
) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Give every field inside a schema by its place, such as ``data[].load_kw``."""
    for name, one in schema.get("properties", {}).items():
        place = f"{path}.{name}" if path else name
        yield place, one
        yield from _paths(one, place)
    for choice in schema.get("anyOf", ()):
        yield from _paths(choice, path)
    if "items" in schema:
        yield from _paths(schema["items"], f"{path}[]")
