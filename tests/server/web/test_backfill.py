"""``/api/backfill``: what it tells of a pass, and the orders it takes."""

from dataclasses import replace
from datetime import timedelta

import pytest

from energy_logger_server.domain.collecting.backfill_progress import (
    BackfillProgress,
    BackfillState,
    BackfillStatus,
    WaitingFor,
)
from energy_logger_server.web.datasets.backfill_fields import BackfillAnswer
from energy_logger_simulator.kamo.recording import RECORDED_AT
from tests.server.web.conftest import Api
from tests.server.web.shapes import require_shape

WAITING = BackfillStatus(
    progress=BackfillProgress(
        state=BackfillState.WAITING,
        started_at=RECORDED_AT - timedelta(minutes=4),
        at=RECORDED_AT,
        windows_done=10,
        windows_total=30,
        windows_failed=1,
        rows=6048,
        waiting_until=RECORDED_AT + timedelta(seconds=90),
        waiting_for=WaitingFor.RATE_LIMIT,
        time_left=timedelta(minutes=8),
    ),
    is_running=True,
)


async def test_a_pass_is_reported_with_its_pace_and_what_it_waits_for(api: Api):
    api.collecting.backfill.stands = WAITING

    answer = await api.get("/api/backfill")

    require_shape(answer, BackfillAnswer)
    assert answer == {
        "state": "waiting",
        "is_running": True,
        "is_paused": False,
        "is_queued": False,
        "started_at": "2026-01-04T09:05:00+00:00",
        "updated_at": "2026-01-04T09:09:00+00:00",
        "windows_done": 10,
        "windows_total": 30,
        "windows_failed": 1,
        "percent": 33.3,
        "rows": 6048,
        "windows_per_minute": 2.5,
        "waiting_until": "2026-01-04T09:10:30+00:00",
        "waiting_for": "rate_limit",
        "time_left_seconds": 480,
        "next_daily_pass_at": None,
        "key_refused_since": None,
        "error": None,
    }


async def test_the_time_left_shrinks_while_nothing_new_is_noted(api: Api):
    api.collecting.backfill.stands = WAITING
    api.clock.set(RECORDED_AT + timedelta(seconds=80))

    assert (await api.get("/api/backfill"))["time_left_seconds"] == 400


async def test_the_time_left_never_goes_below_nothing(api: Api):
    api.collecting.backfill.stands = WAITING
    api.clock.set(RECORDED_AT + timedelta(hours=1))

    assert (await api.get("/api/backfill"))["time_left_seconds"] == 0


@pytest.mark.parametrize(
    ("state", "left"),
    [
        pytest.param(BackfillState.PAUSED, timedelta(minutes=8), id="paused"),
        pytest.param(BackfillState.RUNNING, None, id="just begun"),
    ],
)
async def test_nobody_can_tell_the_time_left_of_some_passes(
    api: Api, state: BackfillState, left: timedelta | None
):
    progress = replace(WAITING.progress, state=state, time_left=left)
    api.collecting.backfill.stands = replace(WAITING, progress=progress)

    assert (await api.get("/api/backfill"))["time_left_seconds"] is None


async def test_a_refused_key_and_a_failed_pass_are_reported(api: Api):
    api.collecting.backfill.stands = BackfillStatus(
        progress=BackfillProgress(
            state=BackfillState.FAILED, error="amber /sites: the key is refused"
        ),
        key_refused_since=RECORDED_AT,
    )

    answer = await api.get("/api/backfill")

    assert answer["state"] == "failed"
    assert answer["error"] == "amber /sites: the key is refused"
    assert answer["key_refused_since"] == "2026-01-04T09:09:00+00:00"


async def test_the_next_daily_pass_is_reported(api: Api):
    api.collecting.backfill.stands = BackfillStatus(next_daily_pass_at=RECORDED_AT)

    answer = await api.get("/api/backfill")

    assert (answer["state"], answer["next_daily_pass_at"]) == (
        "idle",
        "2026-01-04T09:09:00+00:00",
    )


async def test_a_start_answers_at_once_with_the_pass_that_runs(api: Api):
    answer = await api.ask("/api/backfill/start", method="POST")

    assert answer.status == 202
    assert (await answer.json())["is_running"] is True
    assert api.collecting.backfill.asked == ["start"]


async def test_a_second_pass_is_refused_while_one_is_under_way(api: Api):
    api.collecting.backfill.stands = WAITING

    status, error = await api.error("/api/backfill/start", method="POST")

    assert (status, error["code"]) == (409, "run_in_progress")
    assert "/api/backfill" in error["message"]
    assert api.collecting.backfill.asked == []


async def test_a_start_beside_a_paused_pass_says_what_to_do(api: Api):
    api.collecting.backfill.stands = replace(WAITING, is_paused=True)

    status, error = await api.error("/api/backfill/start", method="POST")

    assert (status, error["code"]) == (409, "run_in_progress")
    assert "resume it" in error["message"]


async def test_a_pause_holds_until_it_is_lifted(api: Api):
    paused = await api.get("/api/backfill/pause", method="POST")
    again = await api.get("/api/backfill/pause", method="POST")
    resumed = await api.get("/api/backfill/resume", method="POST")

    flags = [one["is_paused"] for one in (paused, again, resumed)]
    assert flags == [True, True, False]


async def test_a_pass_that_is_under_way_is_asked_to_end(api: Api):
    api.collecting.backfill.stands = WAITING

    answer = await api.ask("/api/backfill/cancel", method="POST")

    assert answer.status == 202
    assert api.collecting.backfill.asked == ["cancel"]


async def test_without_a_pass_there_is_nothing_to_cancel(api: Api):
    status, error = await api.error("/api/backfill/cancel", method="POST")

    assert (status, error["code"]) == (409, "not_running")


@pytest.mark.parametrize("has_backfill", [False])
async def test_a_server_without_an_amber_token_says_so(api: Api):
    answer = await api.get("/api/backfill")

    require_shape(answer, BackfillAnswer)
    assert answer.pop("state") == "not_set_up"
    flags = {name for name, value in answer.items() if value is False}
    assert flags == {"is_running", "is_paused", "is_queued"}
    assert {answer[name] for name in answer.keys() - flags} == {None}


@pytest.mark.parametrize("has_backfill", [False])
@pytest.mark.parametrize("order", ["start", "pause", "resume", "cancel"])
async def test_a_server_without_an_amber_token_takes_no_orders(api: Api, order: str):
    status, error = await api.error(f"/api/backfill/{order}", method="POST")

    assert (status, error["code"]) == (409, "not_set_up")
    assert "AMBER_API_KEY" in error["message"]


@pytest.mark.parametrize("order", ["start", "pause", "resume", "cancel"])
async def test_orders_need_the_key(api: Api, order: str):
    status, _error = await api.error(f"/api/backfill/{order}", method="POST", key=None)

    assert status == 401
    assert api.collecting.backfill.asked == []
    assert (await api.error("/api/backfill", key=None))[0] == 401
