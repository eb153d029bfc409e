"""Events to publish, and hearing them over ``/api/events``."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from datetime import timedelta
from typing import TYPE_CHECKING

from aiohttp.test_utils import TestServer

from energy_logger_server.domain.collecting.backfill_progress import (
    BackfillProgress,
    BackfillState,
)
from energy_logger_server.domain.collecting.runs import (
    Failure,
    KindCounts,
    Outcome,
    RunEnd,
    RunRecord,
    Source,
    Trigger,
    WriteCounts,
)
from energy_logger_server.domain.events import (
    BackfillStep,
    RunFinished,
)
from energy_logger_server.web.events.routes import STREAMS
from energy_logger_simulator.kamo.recording import RECORDED_AT
from tests.server.web.listener import Listener

if TYPE_CHECKING:
    from tests.server.web.conftest import Api

EVENTS = "/api/events"

type Listen = Callable[..., AbstractAsyncContextManager[Listener]]
"""Opens a stream with the key; takes a query, and headers as keywords."""


def run(number: int, message: str = "no answer in 30 s") -> RunFinished:
    """Return the end of a run of which one series failed."""
    end = RunEnd(
        finished_at=RECORDED_AT + timedelta(seconds=2),
        outcome=Outcome.PARTIAL,
        series_total=4,
        failures=(Failure("load/7", "unreachable", message),),
        counts=WriteCounts(load=KindCounts(2, 1, 9)),
    )
    return RunFinished(
        RunRecord(number, Source.KAMO, Trigger.TICK, 5, RECORDED_AT, end)
    )


def step() -> BackfillStep:
    """Return a moment of backfill."""
    return BackfillStep(
        BackfillProgress(
            state=BackfillState.RUNNING,
            started_at=RECORDED_AT,
            at=RECORDED_AT + timedelta(minutes=2),
            windows_done=5,
            windows_total=20,
            rows=840,
            time_left=timedelta(minutes=6),
        )
    )


def streams(api: "Api") -> int:
    """Return how many streams the server has."""
    assert isinstance(api.client.server, TestServer)
    return api.client.server.app[STREAMS].count
