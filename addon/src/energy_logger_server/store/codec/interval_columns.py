"""What price and usage intervals have in common, column by column."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from energy_logger_server.api.amber_models import Interval
from energy_logger_server.api.nem import MINUTES_PER_DAY, day_number

from .attributes import AttributeKey, attribute_key
from .columns import Columns, exact_floats, exact_scaled, is_all
from .interval_times import times_of_day
from .scale import E5

TARIFF = "tariffInformation"
"""The one field that records of a usual block may all have or all lack."""

TIMES = ("date", "startTime", "endTime", "nemTime")

type _Texts = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class IntervalColumns[Record: Interval]:
    """Columns of whole days of intervals, each value given back as it was sent.

    Attributes:
        days: NEM days that they fill, ascending, as since 1970-01-01.
        duration_minutes: Of every interval.
        price_e5: Scaled prices.
        spot_e5: Scaled spot prices.
        renewables: Per cent.
        texts: The texts of each interval; equal ones are the same JSON.
        examples: One record for each different combination of texts.
    """

    days: tuple[int, ...]
    duration_minutes: int
    price_e5: Sequence[int]
    spot_e5: Sequence[int]
    renewables: Sequence[float]
    texts: Sequence[_Texts]
    examples: Mapping[_Texts, Record]

    def attributes(self, number_of: Callable[[AttributeKey], int]) -> Sequence[int]:
        """Return the number of each interval's texts."""
        numbers = {
            texts: number_of(attribute_key(example))
            for texts, example in self.examples.items()
        }
        return [numbers[texts] for texts in self.texts]


def interval_columns[Record: Interval](
    records: Sequence[Record], columns: Columns, text_fields: Sequence[str]
) -> IntervalColumns[Record] | None:
    """Return the columns of the records; None where anything is odd.

    Args:
        records: As parsed, at least one.
        columns: Of the JSON objects, the fields of every interval among them.
        text_fields: Fields that hold texts.
    """
    days = _days(columns)
    texts = _texts(columns, text_fields)
    price_e5 = exact_scaled(columns["perKwh"], E5)
    spot_e5 = exact_scaled(columns["spotPerKwh"], E5)
    renewables = exact_floats(columns["renewables"])
    if not (days and texts and price_e5 and spot_e5 and renewables):
        return None
    return IntervalColumns(
        days,
        records[0].duration_minutes,
        price_e5,
        spot_e5,
        renewables,
        texts,
        dict(zip(texts, records, strict=True)),
    )


def _days(columns: Columns) -> tuple[int, ...] | None:
    """Return the NEM days that the intervals fill, ascending, as since 1970-01-01."""
    durations, dates = columns["duration"], columns["date"]
    duration = durations[0]
    if not is_all(durations, int) or {*durations} != {duration}:
        return None
    if MINUTES_PER_DAY % duration or not is_all(dates, str):
        return None
    each = MINUTES_PER_DAY // duration
    days: list[int] = []
    for first in range(0, len(dates), each):
        try:
            day = day_number(date.fromisoformat(dates[first]))
            times = times_of_day(day, duration)
        except ValueError:
            # no date, or the first or the last that there is
            return None
        sent = (columns[name][first : first + each] for name in TIMES)
        if tuple(zip(*sent, strict=True)) != times:
            return None
        days.append(day)
    return tuple(days) if days == sorted({*days}) else None


def _texts(columns: Columns, names: Sequence[str]) -> Sequence[_Texts] | None:
    listed = [columns[name] for name in names]
    if not all(is_all(column, str) for column in listed):
        return None
    tariffs = columns.get(TARIFF)
    if tariffs is not None:
        # the order of a tariff's fields is part of what is stored of it
        if not is_all(tariffs, dict) or len({*map(tuple, tariffs)}) != 1:
            return None
        fields = [[tariff[name] for tariff in tariffs] for name in tariffs[0]]
        if not all(map(_is_one_kind, fields)):
            return None
        listed += fields
    return list(zip(*listed, strict=True))


def _is_one_kind(column: Sequence[object]) -> bool:
    return any(is_all(column, kind) for kind in (str, bool, int))
