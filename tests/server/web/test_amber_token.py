"""``/api/amber/try``: a token is tried, and neither kept nor told."""

import logging
from datetime import timedelta
from typing import Any

import pytest

from energy_logger_server.api.amber_parse import parse_sites
from energy_logger_server.api.errors import (
    SourceRateLimited,
    SourceRefused,
    SourceUnreachable,
    SourceUnreadable,
)
from energy_logger_server.config.secret import Secret
from energy_logger_server.store.settings.read import saved_settings
from energy_logger_server.web.routes.amber_token import token_operations
from energy_logger_simulator.kamo.recording import RECORDED_AT
from tests.server.store.material import SITE_ID, site
from tests.server.web.conftest import Api
from tests.server.web.shapes import require_shape

TRY = "/api/amber/try"
TOKEN = "psk_0123456789abcdef"  # noqa: S105 - of nobody


async def attempt(api: Api, token: object = TOKEN) -> tuple[int, Any, Any]:
    """Try a token; return status, headers and JSON."""
    answer = await api.ask(TRY, method="POST", json={"token": token})
    return answer.status, answer.headers, await answer.json()


async def test_a_token_that_amber_accepts_shows_its_sites(api: Api):
    api.collecting.sites, _rejected = parse_sites([site()])

    status, _, answer = await attempt(api)

    assert status == 200
    require_shape(answer, token_operations()[0].answer.schema)
    assert answer == {
        "sites": [
            {
                "id": SITE_ID,
                "nmi": "9000000001",
                "network": "Ausgrid",
                "status": "active",
                "active_from": "2025-01-01",
                "channels": [
                    {"identifier": "E1", "type": "general"},
                    {"identifier": "B1", "type": "feedIn"},
                ],
            }
        ]
    }


@pytest.mark.parametrize("pasted", [TOKEN, f' "{TOKEN}" ', f"Bearer {TOKEN}"])
async def test_what_was_pasted_around_a_token_is_not_sent(api: Api, pasted: str):
    await attempt(api, pasted)

    assert api.collecting.tokens == [Secret(TOKEN)]


async def test_a_token_that_amber_refuses_is_blamed(api: Api):
    api.collecting.sites = SourceRefused("amber", "/sites", "refused", status=403)

    status, _, answer = await attempt(api)

    error = answer["error"]
    assert (status, error["code"], error["parameter"]) == (
        422,
        "token_refused",
        "token",
    )
    assert "app.amber.com.au" in error["message"]


@pytest.mark.parametrize(
    ("failure", "code", "retry_after"),
    [
        (
            SourceRateLimited(
                "amber", "/sites", retry_at=RECORDED_AT + timedelta(seconds=90.5)
            ),
            "amber_rate_limited",
            "91",
        ),
        (
            SourceUnreachable("amber", "/sites", "no answer in 30 s"),
            "amber_unreachable",
            "5",
        ),
        (
            SourceUnreadable("amber", "/sites", "no list", sample="<html>"),
            "amber_unreadable",
            "5",
        ),
    ],
)
async def test_what_amber_does_not_tell_is_no_refusal(
    api: Api, failure: Exception, code: str, retry_after: str
):
    api.collecting.sites = failure

    status, headers, answer = await attempt(api)

    assert (status, answer["error"]["code"]) == (503, code)
    assert headers["Retry-After"] == retry_after


async def test_a_token_that_is_tried_is_neither_kept_nor_told(
    api: Api, caplog: pytest.LogCaptureFixture
):
    caplog.set_level(logging.DEBUG)
    heard = []
    for outcome in ((), SourceRefused("amber", "/sites", "refused", status=403)):
        api.collecting.sites = outcome
        status, headers, answer = await attempt(api)
        heard.append(f"{status} {headers} {answer}")

    assert await api.store.read(saved_settings) == {}
    assert TOKEN not in "".join([*heard, caplog.text])


@pytest.mark.parametrize("body", [{}, {"token": 5}, {"token": "x", "more": 1}])
async def test_a_body_of_another_shape_is_refused(api: Api, body: Any):
    answer = await api.ask(TRY, method="POST", json=body)

    assert answer.status == 400
    assert api.collecting.tokens == []
