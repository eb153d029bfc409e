"""What Home Assistant's recorder keeps of our statistics: read, compared, written.

Reading and comparing happen in the recorder's own threads for reading. What is written
goes through its queue in pieces, each of which is waited for, so that whatever else it
has to write is never far behind.
"""

import asyncio
from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from math import nan
from typing import Literal

from homeassistant.components.recorder.models import (
    StatisticData,
    StatisticMeanType,
    StatisticMetaData,
)
from homeassistant.components.recorder.statistics import (
    StatisticsRow,
    async_add_external_statistics,
    async_update_statistics_metadata,
    get_metadata,
    statistics_during_period,
)
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.recorder import get_instance
from homeassistant.helpers.update_coordinator import UpdateFailed

from custom_components.energy_logger.const import DOMAIN

from .catalogue import Statistic
from .compare import Comparison, SumRow, Tally, compare_means, compare_sums
from .hours import HOUR, Hours, Mean

_ROWS_AT_ONCE = 744
"""Hours of a month: a fraction of a second of the recorder's time."""

_ASK_AGAIN_AFTER_S = 10.0
_MOST_QUESTIONS = 60
"""Ten minutes: a nightly purge can take some."""

_LOOK_BACK = (timedelta(days=2), timedelta(days=60))
_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)

type Row = SumRow | Mean
type _Type = Literal["change", "last_reset", "max", "mean", "min", "state", "sum"]
type Tallies = dict[Statistic, Tally]


@callback
def has_recorder(hass: HomeAssistant) -> bool:
    """Return whether there is anything that keeps statistics."""
    return "recorder" in hass.config.components


@dataclass(frozen=True, slots=True)
class Span:
    """Hours from a start up to an end, which is not in it; both UTC."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class ComparedPage:
    """What came of comparing the hours of a span.

    Attributes:
        comparisons: By statistic.
        misdescribed: Statistics whose name or unit is another one in the recorder.
    """

    comparisons: Mapping[Statistic, Comparison[SumRow] | Comparison[Mean]]
    misdescribed: frozenset[Statistic]


async def compare_page(
    hass: HomeAssistant,
    hours: Hours,
    span: Span,
    tallies: Tallies,
    *,
    drop_extra: bool,
) -> ComparedPage:
    """Compare the hours of a span with what the recorder has, see ``compare``.

    Args:
        hass: Home Assistant.
        hours: What the source says of the span.
        span: Of the page.
        tallies: Of the pages before it; a statistic that is not among them begins with
            what is recorded before the span. They are moved behind the page.
        drop_extra: As in ``compare_sums``.
    """
    return await get_instance(hass).async_add_executor_job(
        partial(_compare, hass, hours, span, tallies, drop_extra=drop_extra)
    )


async def write_page(hass: HomeAssistant, page: ComparedPage) -> int:
    """Write what differs, and return how many hours that was, once all is committed.

    Raises:
        UpdateFailed: If the recorder did not keep it.
    """
    for statistic in page.misdescribed:
        async_add_external_statistics(hass, metadata_of(statistic), [])
        await _until_written(hass, statistic)
    written = 0
    for statistic, comparison in page.comparisons.items():
        rows = [*comparison.rows.items()]
        for begin in range(0, len(rows), _ROWS_AT_ONCE):
            piece = rows[begin : begin + _ROWS_AT_ONCE]
            async_add_external_statistics(
                hass, metadata_of(statistic), [_data(at, row) for at, row in piece]
            )
            await _until_written(hass, statistic)
            await _check_kept(hass, statistic, *piece[-1])
            written += len(piece)
    return written


async def clear(hass: HomeAssistant, statistics: Collection[Statistic]) -> None:
    """Delete statistics with all their hours, and return once that is committed.

    Raises:
        UpdateFailed: If the recorder never says so.
    """
    get_instance(hass).async_clear_statistics([one.id for one in statistics])
    for statistic in statistics:
        await _until_written(hass, statistic)


async def that_begin_before(
    hass: HomeAssistant, statistics: Collection[Statistic], at: datetime
) -> frozenset[Statistic]:
    """Return those of which an hour before an instant (UTC) is recorded."""
    found = await get_instance(hass).async_add_executor_job(
        _rows, hass, statistics, Span(_BEGINNING, at), {"mean"}
    )
    return frozenset(one for one in statistics if found.get(one.id))


async def _until_written(hass: HomeAssistant, statistic: Statistic) -> None:
    """Wait until the recorder has done all that it was given so far.

    It says when it has changed what describes a statistic, here nothing at all. Its
    own wait for what is in its queue does not wait for what it is just doing. A task
    that it drops because its database fails is never reported: so it is asked again.

    Raises:
        UpdateFailed: If it never answers.
    """
    done = asyncio.Event()

    def on_done() -> None:
        hass.loop.call_soon_threadsafe(done.set)

    for _ in range(_MOST_QUESTIONS):
        async_update_statistics_metadata(hass, statistic.id, on_done=on_done)
        with suppress(TimeoutError):
            async with asyncio.timeout(_ASK_AGAIN_AFTER_S):
                await done.wait()
                return
    raise UpdateFailed(translation_domain=DOMAIN, translation_key="recorder_behind")


async def _check_kept(
    hass: HomeAssistant, statistic: Statistic, at: datetime, row: Row
) -> None:
    """Make sure that an hour is committed: a piece is, as a whole or not at all."""
    kept = await get_instance(hass).async_add_executor_job(
        _read_row, hass, statistic, at
    )
    if kept != row:
        raise UpdateFailed(translation_domain=DOMAIN, translation_key="recorder_behind")


def metadata_of(statistic: Statistic) -> StatisticMetaData:
    """Return how the recorder describes a statistic."""
    return StatisticMetaData(
        mean_type=(
            StatisticMeanType.NONE
            if statistic.has_sum
            else StatisticMeanType.ARITHMETIC
        ),
        has_sum=statistic.has_sum,
        name=statistic.name,
        source=DOMAIN,
        statistic_id=statistic.id,
        unit_class=statistic.unit_class,
        unit_of_measurement=statistic.unit,
    )


def _data(at: datetime, row: Row) -> StatisticData:
    if isinstance(row, SumRow):
        return StatisticData(start=at, state=row.state, sum=row.sum)
    return StatisticData(start=at, mean=row.mean, min=row.least, max=row.greatest)


def _compare(
    hass: HomeAssistant,
    hours: Hours,
    span: Span,
    tallies: Tallies,
    *,
    drop_extra: bool,
) -> ComparedPage:
    sums = _read_sums(hass, hours.amounts, span)
    means = _read_means(hass, hours.means, span)
    found: dict[Statistic, Comparison[SumRow] | Comparison[Mean]] = {}
    for statistic, amounts in hours.amounts.items():
        if statistic not in tallies:
            tallies[statistic] = Tally.behind(_sum_before(hass, statistic, span.start))
        found[statistic] = compare_sums(
            tallies[statistic],
            amounts,
            sums.get(statistic.id, {}),
            drop_extra=drop_extra,
        )
    for statistic, own in hours.means.items():
        found[statistic] = compare_means(own, means.get(statistic.id, {}))
    return ComparedPage(found, _misdescribed(hass, found))


def _misdescribed(
    hass: HomeAssistant, statistics: Iterable[Statistic]
) -> frozenset[Statistic]:
    by_id = {one.id: one for one in statistics}
    recorded = get_metadata(hass, statistic_ids={*by_id})
    return frozenset(
        by_id[id_]
        for id_, (_, kept) in recorded.items()
        if any(kept.get(key) != value for key, value in metadata_of(by_id[id_]).items())
    )


def _read_sums(
    hass: HomeAssistant, statistics: Iterable[Statistic], span: Span
) -> dict[str, dict[datetime, SumRow]]:
    """Return the hours that are recorded, by statistic."""
    return {
        id_: {
            _start(row): SumRow(_number(row.get("state")), _number(row.get("sum")))
            for row in rows
        }
        for id_, rows in _rows(hass, statistics, span, {"state", "sum"}).items()
    }


def _read_means(
    hass: HomeAssistant, statistics: Iterable[Statistic], span: Span
) -> dict[str, dict[datetime, Mean]]:
    """Return the hours that are recorded, by statistic."""
    return {
        id_: {
            _start(row): Mean(
                mean=_number(row.get("mean")),
                least=_number(row.get("min")),
                greatest=_number(row.get("max")),
            )
            for row in rows
        }
        for id_, rows in _rows(hass, statistics, span, {"mean", "min", "max"}).items()
    }


def _read_row(hass: HomeAssistant, statistic: Statistic, at: datetime) -> Row | None:
    span = Span(at, at + HOUR)
    if statistic.has_sum:
        return _read_sums(hass, [statistic], span).get(statistic.id, {}).get(at)
    return _read_means(hass, [statistic], span).get(statistic.id, {}).get(at)


def _sum_before(hass: HomeAssistant, statistic: Statistic, at: datetime) -> float:
    """Return the sum of the last hour before an instant; zero without any."""
    starts = [at - days for days in _LOOK_BACK]
    for start in (*starts, _BEGINNING):
        found = _rows(hass, [statistic], Span(start, at), {"sum"})
        if rows := found.get(statistic.id):
            return _number(rows[-1].get("sum"))
    return 0.0


def _rows(
    hass: HomeAssistant,
    statistics: Iterable[Statistic],
    span: Span,
    types: set[_Type],
) -> dict[str, list[StatisticsRow]]:
    return statistics_during_period(
        hass, span.start, span.end, {one.id for one in statistics}, "hour", None, types
    )


def _start(row: StatisticsRow) -> datetime:
    return datetime.fromtimestamp(row["start"], UTC)


def _number(value: float | None) -> float:
    """Return a number; one that is not there is like no other."""
    return nan if value is None else value
