"""What a status says of runs and rows: read once a second, and after every commit."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from energy_logger_server.domain.collecting.runs import Outcome, RunRecord
from energy_logger_server.domain.health import StoreState, health_of, success_percent
from energy_logger_server.store import Store
from energy_logger_server.store.db.reader import Reader
from energy_logger_server.store.runs.read import (
    last_success_at,
    newest_run,
    outcome_counts_since,
    outcomes_since,
)
from energy_logger_server.store.runs.status import KamoCounts, StoreFigures
from energy_logger_server.web.datasets import fields as wire
from energy_logger_server.web.datasets.run_fields import run_fields
from energy_logger_server.web.http.kept_answers import Mark

from .answers import DatabaseAnswer, DayAnswer, StoredAnswer, WeekAnswer
from .totals import Totals
from .units import mebibytes

_DAY = timedelta(hours=24)
_WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class _Unlogged:
    """What is known of runs from memory alone, as the log could not be written.

    Attributes:
        lost_of_day: Runs of the last 24 hours that could not even be begun.
        lost_of_week: Likewise of the last seven days.
        ended: How those ended whose end could not be written.
        state: Whether the store works.
    """

    lost_of_day: int
    lost_of_week: int
    ended: tuple[Outcome, ...]
    state: StoreState


@dataclass(frozen=True, slots=True)
class _Runs:
    """What the run log holds.

    Attributes:
        newest: The newest run.
        success_at: End of the last successful one.
        of_day: How those of the last 24 hours ended, the newest first.
        of_week: How many of the last seven days ended how.
    """

    newest: RunRecord | None
    success_at: datetime | None
    of_day: Sequence[Outcome]
    of_week: Mapping[Outcome, int]


class StatusReader:
    """Makes the part of a status that follows from the store, and keeps it.

    Args:
        store: Read only.
        totals: Counts its rows.
        mark: Of what is stored and of the second, see ``kept_answers``.
    """

    def __init__(self, store: Store, totals: Totals, mark: Callable[[], Mark]) -> None:
        self._store = store
        self._totals = totals
        self._mark = mark
        self._last: tuple[tuple[Mark, _Unlogged], StoredAnswer] | None = None

    async def read(self, now: datetime) -> StoredAnswer:
        """Return that part at an instant.

        Raises:
            StoreUnavailable: If the database does not answer.
        """
        mark, unlogged = self._mark(), self._unlogged(now)
        if self._last is not None and self._last[0] == (mark, unlogged):
            return self._last[1]
        figures, counts = await self._totals.count(now)
        runs = await self._store.read(_runs, now)
        newest = runs.newest
        answer: StoredAnswer = {
            **_day(runs.of_day, unlogged),
            **_week(runs.of_week, unlogged),
            "last_import": None
            if newest is None
            else run_fields(self._store.as_ended(newest)),
            "last_successful_import": wire.utc_text(runs.success_at),
            "database_stats": _database(figures, counts),
        }
        self._last = (mark, unlogged), answer
        return answer

    def _unlogged(self, now: datetime) -> _Unlogged:
        store = self._store
        return _Unlogged(
            lost_of_day=store.lost_runs(now - _DAY),
            lost_of_week=store.lost_runs(now - _WEEK),
            ended=store.unwritten_outcomes(),
            state=store.state,
        )


def _runs(connection: Reader, now: datetime) -> _Runs:
    return _Runs(
        newest=newest_run(connection),
        success_at=last_success_at(connection),
        of_day=outcomes_since(connection, now - _DAY),
        of_week=outcome_counts_since(connection, now - _WEEK),
    )


def _day(newest_first: Sequence[Outcome], unlogged: _Unlogged) -> DayAnswer:
    lost = unlogged.lost_of_day
    logged = [one for one in reversed(newest_first) if one is not Outcome.RUNNING]
    ended = [Outcome.FAILED] * lost + [*unlogged.ended, *logged]
    numbers: Counter[Outcome] = Counter(ended)
    return {
        "status": health_of(ended, unlogged.state),
        "imports_last_24h": len(newest_first) + lost,
        "success_rate_24h": success_percent(numbers),
        "outcomes_24h": {
            "success": numbers[Outcome.SUCCESS],
            "partial": numbers[Outcome.PARTIAL],
            "failed": numbers[Outcome.FAILED],
            "interrupted": numbers[Outcome.INTERRUPTED],
        },
    }


def _week(logged: Mapping[Outcome, int], unlogged: _Unlogged) -> WeekAnswer:
    ended = Counter(logged) + Counter(unlogged.ended)
    ended[Outcome.FAILED] += unlogged.lost_of_week
    del ended[Outcome.RUNNING]
    return {
        "imports_last_7d": sum(logged.values()) + unlogged.lost_of_week,
        "success_rate_7d": success_percent(ended),
    }


def _database(figures: StoreFigures, counts: KamoCounts) -> DatabaseAnswer:
    return {
        "total_load_records": counts.load_hours,
        "total_substation_records": counts.readings,
        "total_cooperatives": figures.areas,
        "total_substations": figures.substations,
        "total_sites": figures.sites,
        "total_price_records": figures.prices,
        "total_usage_records": figures.usage,
        "database_size_mb": mebibytes(figures.size_bytes),
        "oldest_record": wire.utc_text(figures.oldest_at),
        "newest_record": wire.utc_text(figures.newest_at),
    }
