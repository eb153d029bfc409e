"""The description says what there is, who may ask, and what comes back."""

import json
import os
import re
import subprocess
import sys
from typing import Any

import jsonschema_rs
import pytest

from energy_logger_server.web.app import operations
from energy_logger_server.web.http.openapi import describe
from energy_logger_server.web.http.operation import Access, Operation
from energy_logger_server.web.http.rows import JSON
from tests.server.web.conftest import Api

PUBLIC = (
    "/api/coincidence/",
    "/api/cooperatives",
    "/api/determinants/",
    "/api/docs",
    "/api/docs.css",
    "/api/forecasts/corrected/load/",
    "/api/forecasts/scores/load/",
    "/api/health",
    "/api/info",
    "/api/load/",
    "/api/next-import",
    "/api/openapi.json",
    "/api/ready",
    "/api/series/load/",
    "/api/series/substations/",
    "/api/statistics/load/",
    "/api/statistics/substations/",
    "/api/status",
    "/api/substations/",
    "/mirror/kamo/",
)
"""The design's list of what everybody may ask; all else needs the key."""

SIGN_IN = "/api/session"


_DESCRIBE = """
import json
from energy_logger_server.web.app import operations
from energy_logger_server.web.http.openapi import describe
print(json.dumps(describe(operations())))
"""


def by_name(one: Operation) -> str:
    return f"{one.method} {one.path}"


@pytest.mark.parametrize("one", operations(), ids=by_name)
def test_only_what_names_no_household_is_public(one: Operation):
    is_public = one.method == "GET" and one.path.startswith(PUBLIC)
    is_public |= one.path == SIGN_IN

    assert (one.access is Access.PUBLIC) == is_public


@pytest.mark.parametrize("one", operations(), ids=by_name)
async def test_what_needs_the_key_is_refused_without(api: Api, one: Operation):
    if one.access is Access.PUBLIC:
        return

    path = one.path.replace("{", "").replace("}", "")
    status, error = await api.error(path, method=one.method, key=None)

    assert (status, error["code"]) == (401, "missing_api_key")


@pytest.mark.parametrize("one", operations(), ids=by_name)
def test_every_json_answer_has_a_schema(one: Operation):
    assert (JSON in one.answer.media_types) == (one.answer.schema is not None)


def test_no_two_operations_share_a_method_and_path():
    names = [by_name(one) for one in operations()]

    assert len(names) == len(set(names))


async def test_every_route_is_described(api: Api):
    described = (await api.get("/api/openapi.json", key=None))["paths"]
    app: Any = api.client.app
    served = {
        # further slashes lead to the same operation
        (route.method.lower(), re.sub(r"\{_\d+\}", "", route.resource.canonical))
        for route in app.router.routes()
        if route.method != "HEAD"
    }

    named = {(method, path) for path, one in described.items() for method in one}
    assert served - named == {
        ("get", path)
        for path in (
            # documentation as the predecessor had it, and the pages
            *("/docs", "/redoc", "/openapi.json"),
            *("/", "/assets/{name}", "/{name}", "/index.html"),
            *("/inspector", "/tables", "/backups", "/history", "/settings"),
        )
    }
    assert named <= served


def schemas(node: Any) -> list[dict[str, Any]]:
    """Return every schema inside a description."""
    if isinstance(node, list):
        return [found for one in node for found in schemas(one)]
    if not isinstance(node, dict):
        return []
    here = [node["schema"]] if isinstance(node.get("schema"), dict) else []
    return here + [found for one in node.values() for found in schemas(one)]


def test_every_schema_is_a_valid_one():
    described = describe(operations())

    found = schemas(described)

    assert len(found) > 100
    for schema in found:
        jsonschema_rs.meta.validate(
            {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
        )


async def test_the_description_names_its_server_relative_to_itself(api: Api):
    described = await api.get("/api/openapi.json", key=None)

    assert described["servers"] == [{"url": "../", "description": "This server"}]


async def test_the_page_shows_every_operation_and_only_relative_links(api: Api):
    answer = await api.ask("/api/docs", key=None)
    text = await answer.text()

    assert answer.content_type == "text/html"
    for one in operations():
        assert f"<code>{one.path}</code>" in text
    assert 'href="/' not in text
    assert "<script" not in text
    style = await api.ask("/api/docs.css", key=None)
    assert style.content_type == "text/css"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("/docs", "api/docs"),
        ("/redoc", "api/docs"),
        ("/openapi.json", "api/openapi.json"),
    ],
)
async def test_the_predecessors_addresses_lead_there(api: Api, old: str, new: str):
    moved = await api.ask(old, key=None, allow_redirects=False)
    assert (moved.status, moved.headers["Location"]) == (308, new)

    found = await api.ask(old, key=None)
    assert (found.status, found.url.path) == (200, f"/{new}")


def test_every_process_gives_the_same_description():
    environment = {
        **os.environ,  # noqa: TID251 - for a process of its own
        "PYTHONPATH": os.pathsep.join(sys.path),
        # the order of sets follows from it, and is another one in most processes
        "PYTHONHASHSEED": "3",
    }

    described = subprocess.run(
        [sys.executable, "-c", _DESCRIBE],
        env=environment,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
        timeout=60,
    ).stdout

    assert described.strip() == json.dumps(describe(operations()))
