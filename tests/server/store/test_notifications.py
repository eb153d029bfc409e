"""What is remembered of messages, and runs that fail in a row, on both databases."""

import logging
from datetime import timedelta

import orjson
import pytest

from energy_logger_server.domain.collecting.runs import Outcome, RunEnd, Source, Trigger
from energy_logger_server.domain.notifications.alerts import (
    Alert,
    AlertCode,
    FailedRuns,
)
from energy_logger_server.domain.notifications.disk_space import StoreGrowth, StoreSize
from energy_logger_server.domain.notifications.plan import (
    NotificationState,
    ServiceState,
)
from energy_logger_server.domain.notifications.unsent import UnsentChange
from energy_logger_server.store import Store
from energy_logger_server.store.notifications.memory import kept_notifications
from energy_logger_server.store.runs.read import failed_in_a_row
from tests.server.store.material import NOON, FixedClock

ALERT = Alert(AlertCode.SOURCE_FAILING, "kamo", "Nothing came — 🦉.", NOON)
STATE = NotificationState(
    (ALERT,),
    {
        "email-1": ServiceState(
            (UnsentChange(ALERT, NOON, NOON, is_begun=True), UnsentChange(ALERT, NOON)),
            NOON,
            3,
            NOON,
            NOON,
            "it is gone",
        ),
        "json-2": ServiceState(),
    },
    StoreGrowth(StoreSize(NOON, 1), StoreSize(NOON, 2)),
)


async def test_everything_is_remembered_as_it_was_said(store: Store):
    assert await store.read(kept_notifications) == NotificationState()
    for state in (NotificationState(), STATE):
        await store.keep_notifications(state)

        assert await store.read(kept_notifications) == state


@pytest.mark.parametrize("text", ["no JSON", "{}", '{"alerts": [{"code": "new"}]}'])
async def test_what_another_version_remembered_is_begun_anew(
    store: Store,
    text: str,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
):
    caplog.set_level(logging.WARNING)
    monkeypatch.setattr(orjson, "dumps", lambda _state: text.encode())
    await store.keep_notifications(STATE)

    assert await store.read(kept_notifications) == NotificationState()
    assert "is not known any more" in caplog.text


async def run(
    store: Store,
    outcome: Outcome,
    *,
    source: Source = Source.KAMO,
    trigger: Trigger = Trigger.TICK,
) -> None:
    run_id = await store.begin_run(source, trigger, 5)
    await store.write(run_id, (), end=RunEnd(NOON, outcome, 1))


async def test_runs_that_fail_in_a_row_are_counted_up_to_the_last_that_got_something(
    store: Store, clock: FixedClock
):
    counted = [await store.read(failed_in_a_row, Source.KAMO)]
    for outcome in (
        Outcome.FAILED,
        Outcome.PARTIAL,
        Outcome.FAILED,
        Outcome.INTERRUPTED,
        Outcome.FAILED,
    ):
        await run(store, outcome)
        clock.at += timedelta(minutes=5)
        counted.append(await store.read(failed_in_a_row, Source.KAMO))

    assert [one.count for one in counted] == [0, 1, 0, 1, 1, 2]
    assert counted[-1].since == NOON + timedelta(minutes=10)


async def test_other_sources_and_backfill_say_nothing_of_a_source(store: Store):
    await run(store, Outcome.FAILED)
    await run(store, Outcome.SUCCESS, trigger=Trigger.BACKFILL)
    await run(store, Outcome.FAILED, trigger=Trigger.BACKFILL)
    await run(store, Outcome.SUCCESS, source=Source.AMBER)

    assert (await store.read(failed_in_a_row, Source.KAMO)).count == 1
    assert await store.read(failed_in_a_row, Source.AMBER) == FailedRuns()
