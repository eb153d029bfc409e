"""One shape for every error, and nothing of the inside in it."""

import logging
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import make_mocked_request

from energy_logger_server.errors import ConfigurationError, StoreUnavailable
from energy_logger_server.web.http.errors import answer_errors
from energy_logger_server.web.http.reply import json_reply
from tests.server.web.answers import areas
from tests.server.web.conftest import Api


@pytest.mark.parametrize(
    "path", ["/nothing", "/api", "/api/nothing", "/api/load/current"]
)
async def test_an_unknown_path_is_answered_in_the_shape_of_errors(api: Api, path: str):
    status, error = await api.error(path)

    assert status == 404
    assert error == {
        "code": "not_found",
        "message": "there is nothing at this path",
    }


async def test_a_wrong_method_is_answered_with_the_right_ones(api: Api):
    answer = await api.ask("/api/import/trigger")

    assert (answer.status, answer.headers["Allow"]) == (405, "POST")
    assert await answer.json() == {
        "error": {
            "code": "method_not_allowed",
            "message": "this path takes only POST",
        }
    }


async def test_another_error_of_http_keeps_its_number():
    async def refuse(_request: web.Request) -> web.Response:
        raise web.HTTPUnsupportedMediaType

    answer = await answer_errors(make_mocked_request("POST", "/"), refuse)

    assert isinstance(answer, web.Response)
    assert answer.status == 415
    assert str(answer.text) == (
        '{"error":{"code":"http_415","message":"Unsupported Media Type"}}'
    )


async def test_what_json_cannot_say_is_a_defect_not_a_guess():
    with pytest.raises(TypeError):
        json_reply({"value": object()})


async def test_what_is_no_error_of_http_passes():
    async def move(_request: web.Request) -> web.Response:
        raise web.HTTPFound("/elsewhere")

    with pytest.raises(web.HTTPFound):
        await answer_errors(make_mocked_request("GET", "/"), move)


async def test_a_database_that_does_not_answer_is_a_503(
    api: Api, monkeypatch: pytest.MonkeyPatch
):
    async def fail(*_query: Any) -> None:
        raise StoreUnavailable("/secret/place: disk I/O error")

    monkeypatch.setattr(api.store, "read", fail)

    answer = await api.ask("/api/load/current/1")

    error = (await answer.json())["error"]
    assert (answer.status, error["code"]) == (503, "store_unavailable")
    assert answer.headers["Retry-After"] == "5"
    assert error["message"] == "the database does not answer: try again"


async def test_a_key_that_cannot_be_read_is_a_503(
    api: Api, caplog: pytest.LogCaptureFixture
):
    api.break_key(ConfigurationError(["/data/api_key does not contain a key"]))

    status, error = await api.error("/api/sites")

    assert (status, error["code"]) == (503, "configuration")
    assert "/data" not in error["message"]
    assert "/data/api_key does not contain a key" in caplog.text


async def test_a_defect_is_logged_and_not_shown(
    api: Api, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    async def fail(*_query: Any) -> None:
        raise ZeroDivisionError("very inside")

    await api.collector.run(areas())
    monkeypatch.setattr(api.store, "read", fail)

    answer = await api.ask("/api/load/current/%0Aforged")

    assert answer.status == 500
    assert (await answer.json())["error"] == {
        "code": "internal",
        "message": "this is a defect of the server: its log says more",
    }
    [record] = [r for r in caplog.records if r.levelno == logging.ERROR]
    assert record.getMessage() == "GET /api/load/current/%0Aforged failed"
    assert "very inside" in caplog.text


async def test_answers_are_not_to_be_kept(api: Api):
    answer = await api.ask("/api/health")

    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.content_type == "application/json"


async def test_head_is_answered_without_a_body(api: Api):
    answer = await api.ask("/api/health", method="HEAD")

    assert (answer.status, await answer.text()) == (200, "")


@pytest.mark.parametrize("name", ["%FF", "%ED%A0%80", "%00", "%F0%9F%98%80", "%7F"])
@pytest.mark.parametrize(
    "path",
    [
        "/api/load/current/{}",
        "/api/substations/stats/1/{}",
        "/api/substations/history/1?substation={}",
        "/api/prices/current/{}",
        "/api/load/history/1?start={}",
        "/api/load/history/1?{}=1",
    ],
)
async def test_odd_bytes_in_a_request_are_no_defect(api: Api, path: str, name: str):
    await api.collector.run(areas())

    status, _error = await api.error(path.format(name))

    assert status in (400, 404)
