"""Backfilling Amber into the store beside plain inserts of the same rows."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from statistics import median
from time import perf_counter
from typing import Any

from energy_logger_server.api.amber_parse import parse_prices, parse_usage
from energy_logger_server.api.exact_json import JsonValue, loads
from energy_logger_server.api.models import Answer
from energy_logger_server.domain.collecting.batch import Part, PricesRead, UsageRead
from energy_logger_server.domain.collecting.runs import Outcome, RunEnd, Source, Trigger
from energy_logger_server.store import Store
from energy_logger_server.store.codec.json_text import dumps
from energy_logger_server.store.schema.amber import PRICE, USAGE

from .amber_weeks import (
    CHANNELS,
    INTERVALS,
    SITE_ID,
    WEEK,
    plain_price,
    plain_usage,
    week_of_prices,
    week_of_usage,
)
from .figure import Figure, at_least
from .plain_sqlite import PlainTable
from .stepping_clock import SteppingClock

_FIRST = date(2026, 10, 1)
_AFTERWARDS = datetime(2026, 11, 1, tzinfo=UTC)
_GOAL_PERCENT = 25
_KEY = ("series_id", "end_at", "duration_minutes")
_LAST_DAY = WEEK - timedelta(days=1)


@dataclass(frozen=True, slots=True)
class _Kind:
    name: str
    week: Callable[[date, Random], list[JsonValue]]
    read: Callable[[list[JsonValue], date], Part]
    plain: Callable[[Any], tuple[Any, ...]]
    columns: Sequence[str]


async def measure(folder: Path, weeks: int) -> Sequence[Figure]:
    """Backfill weeks of prices, then of usage, the newest first; return the figures."""
    return [await _measure(folder, kind, weeks) for kind in (_PRICES, _USAGE)]


async def _measure(folder: Path, kind: _Kind, weeks: int) -> Figure:
    """Put each week into the store and twice into plain tables, in turn."""
    clock, random = SteppingClock(_AFTERWARDS), Random(5)
    store = await Store.open(f"sqlite:///{folder / kind.name}.db", clock)
    ready = PlainTable(folder / f"{kind.name}-ready.db", kind.columns, _KEY)
    converted = PlainTable(folder / f"{kind.name}-converted.db", kind.columns, _KEY)
    ours, plainly, with_conversion = [], [], []
    first = _FIRST
    for _week in range(weeks):
        # through JSON text, as an answer comes
        objects = loads(dumps(kind.week(first, random)))
        assert isinstance(objects, list)
        part = kind.read(objects, first)
        rows = [kind.plain(raw) for raw in objects]
        plainly.append(ready.insert(rows))
        start = perf_counter()
        converted.insert([kind.plain(raw) for raw in objects])
        with_conversion.append(perf_counter() - start)
        start = perf_counter()
        run_id = await store.begin_run(Source.AMBER, Trigger.BACKFILL, 5)
        end = RunEnd(clock.at, Outcome.SUCCESS, len(CHANNELS))
        await store.write(run_id, [part], end=end)
        ours.append(perf_counter() - start)
        first -= WEEK
    await store.close()
    ready.close()
    converted.close()
    each = INTERVALS * len(CHANNELS)
    share = 100 * median(map(float.__truediv__, plainly, ours))
    share_converted = 100 * median(map(float.__truediv__, with_conversion, ours))
    name = (
        f"rate of backfilling Amber's {kind.name} with ledger, rollups and revisions,"
        " to inserting its rows plainly"
    )
    detail = (
        f"{each / median(ours):,.0f} rows/s to {each / median(plainly):,.0f} rows/s"
        f" of rows that lie ready; {share_converted:.0f} % of the"
        f" {each / median(with_conversion):,.0f} rows/s that are made of the same JSON"
        f" objects first; {weeks} alternating weeks of {each:,} rows"
    )
    return at_least(name, share, (_GOAL_PERCENT, "%"), detail)


def read_prices(objects: list[JsonValue], first: date) -> Part:
    """Return the answer of a week of prices that begins on a date."""
    records, rejected = parse_prices(objects)
    answer = Answer(records, rejected, _AFTERWARDS)
    return PricesRead(SITE_ID, answer, (first, first + _LAST_DAY))


def read_usage(objects: list[JsonValue], first: date) -> Part:
    """Return the answer of a week of usage that begins on a date."""
    records, rejected = parse_usage(objects)
    answer = Answer(records, rejected, _AFTERWARDS)
    return UsageRead(SITE_ID, answer, (first, first + _LAST_DAY))


_PRICES = _Kind("prices", week_of_prices, read_prices, plain_price, PRICE.c.keys())
_USAGE = _Kind("usage", week_of_usage, read_usage, plain_usage, USAGE.c.keys())
