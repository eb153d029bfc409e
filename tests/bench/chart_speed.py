"""How soon a chart of many rows is there: values in columns, made and encoded."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from random import Random
from statistics import median
from time import perf_counter

from energy_logger_server.api.channels import ChannelType
from energy_logger_server.domain.collecting.runs import Outcome, RunEnd, Source, Trigger
from energy_logger_server.store import Store
from energy_logger_server.store.charts.drawing import ChartWanted
from energy_logger_server.store.charts.prices import price_chart
from energy_logger_server.store.db.reader import Reader
from energy_logger_server.web.http.reply import json_body
from energy_logger_server.web.routes.series.answers import series_answer

from .amber_store import read_prices
from .amber_weeks import CHANNELS, INTERVALS, SITE_ID, WEEK, week_of_prices
from .figure import Figure, at_most
from .stepping_clock import SteppingClock

_FIRST = date(2025, 10, 1)
_AFTERWARDS = datetime(2026, 11, 1, tzinfo=UTC)
_POINTS = 1000
_TURNS = 15
_GOAL_MS = 100
_EVER = (0, 2**40)


async def measure(folder: Path, weeks: int) -> Sequence[Figure]:
    """Draw one channel of some weeks of five-minute prices; return the figure."""
    store = await Store.open(
        f"sqlite:///{folder / 'charts.db'}", SteppingClock(_AFTERWARDS)
    )
    random = Random(5)
    for number in range(weeks):
        first = _FIRST + number * WEEK
        part = read_prices(week_of_prices(first, random), first)
        run_id = await store.begin_run(Source.AMBER, Trigger.BACKFILL, 5)
        end = RunEnd(_AFTERWARDS, Outcome.SUCCESS, len(CHANNELS))
        await store.write(run_id, [part], end=end)
    took_ms, body = [], b""
    for _turn in range(_TURNS):
        start = perf_counter()
        body = await store.read(_draw)
        took_ms.append((perf_counter() - start) * 1000)
    await store.close()
    detail = (
        f"{INTERVALS * weeks:,} prices of a channel as at most {_POINTS:,} points,"
        f" {len(body) / 1000:.0f} kB of JSON, the median of {_TURNS} turns"
    )
    return [
        at_most(
            "a chart of a channel's prices, from the store to JSON",
            median(took_ms),
            (_GOAL_MS, "ms"),
            detail,
        )
    ]


def _draw(connection: Reader) -> bytes:
    wanted = ChartWanted(*_EVER, _POINTS)
    channel = ChannelType.GENERAL.value
    return json_body(series_answer(price_chart(connection, SITE_ID, channel, wanted)))
