"""Rows of many intervals at once: the short way for a backfill.

Whole days of one channel's intervals that are all written as recorded answers write
them need no look at each: times and numbers are checked column by column, and of the
few different combinations of texts one example goes the long way (``encode_price``,
``encode_usage``). Whatever is odd gives None, and the caller takes the long way for
all; both ways give the same rows.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import repeat
from typing import Any

from energy_logger_server.api.amber_models import Interval, Price, Usage
from energy_logger_server.api.nem import MINUTES_PER_DAY, nem_midnight

from .attributes import AttributeKey, attribute_key
from .columns import Columns, columns_of, exact_scaled
from .interval_columns import TARIFF, TIMES, interval_columns
from .intervals import IntervalRow, PriceRow, UsageRow, encode_price, encode_usage
from .scale import E3, E4

type RowOrigin = tuple[int, int, int]
"""series_id, run_id, known_at."""

type _NumberOf = Callable[[AttributeKey], int]

_PRICE_TEXTS = ("type", "channelType", "spikeStatus", "descriptor")
_USAGE_TEXTS = (*_PRICE_TEXTS, "channelIdentifier", "quality")
_NUMBERS = ("duration", "perKwh", "renewables", "spotPerKwh")
_PRICE_FIELDS = (*_PRICE_TEXTS, *TIMES, *_NUMBERS)
_USAGE_FIELDS = (*_USAGE_TEXTS, *TIMES, *_NUMBERS, "kwh", "cost")
_NOWHERE = (0, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class IntervalBlock[Row: IntervalRow]:
    """Rows of whole NEM days of one series, by columns in table order.

    Attributes:
        series_id: Of every row.
        days: The days, ascending, as since 1970-01-01.
        duration_minutes: Length of every interval.
        varying: The columns after that, a value for each row.
        same: The last columns, one value for all rows.
        make: Makes a row of its values.
    """

    series_id: int
    days: Sequence[int]
    duration_minutes: int
    varying: tuple[Sequence[Any], ...]
    same: tuple[Any, ...]
    make: Callable[[Iterable[Any]], Row]

    def starts_and_ends(self) -> tuple[list[int], list[int]]:
        """Return true start and end of each interval, epoch seconds."""
        day_s, length_s = MINUTES_PER_DAY * 60, self.duration_minutes * 60
        starts: list[int] = []
        for day in self.days:
            midnight = nem_midnight(day)
            starts += range(midnight, midnight + day_s, length_s)
        return starts, [start + length_s for start in starts]

    def rows(self) -> list[Row]:
        """Return the rows of the table."""
        values = zip(
            repeat(self.series_id),
            self.starts_and_ends()[1],
            repeat(self.duration_minutes),
            *self.varying,
            *map(repeat, self.same),
            strict=False,
        )
        return list(map(self.make, values))


def price_block(
    prices: Sequence[Price], origin: RowOrigin, number_of: _NumberOf
) -> IntervalBlock[PriceRow] | None:
    """Return actual prices of one channel as a block; None where one is odd.

    Args:
        prices: As parsed, at least one.
        origin: What the rows share.
        number_of: Gives the number of a combination of texts.
    """
    columns = _columns(prices, _PRICE_FIELDS)
    if columns is None or {*columns["type"]} != {"ActualInterval"}:
        return None
    found = interval_columns(prices, columns, _PRICE_TEXTS)
    if found is None:
        return None
    for price in found.examples.values():
        if encode_price(price, attribute_key(price), _NOWHERE).extra is not None:
            return None
    return IntervalBlock(
        origin[0],
        found.days,
        found.duration_minutes,
        (
            found.price_e5,
            found.spot_e5,
            found.renewables,
            found.attributes(number_of),
        ),
        (*(None,) * 5, *origin[1:], None),
        PriceRow._make,
    )


def usage_block(
    usages: Sequence[Usage], origin: RowOrigin, number_of: _NumberOf
) -> IntervalBlock[UsageRow] | None:
    """Return usage of one register as a block; None where one is odd.

    Args:
        usages: As parsed, at least one.
        origin: What the rows share.
        number_of: Gives the number of a combination of texts.
    """
    columns = _columns(usages, _USAGE_FIELDS)
    if columns is None:
        return None
    energy = exact_scaled(columns["kwh"], E3)
    cost = exact_scaled(columns["cost"], E4)
    found = interval_columns(usages, columns, _USAGE_TEXTS)
    if energy is None or cost is None or found is None:
        return None
    for usage in found.examples.values():
        key, channel = attribute_key(usage), usage.channel_identifier
        if encode_usage(usage, key, channel, _NOWHERE).extra is not None:
            return None
    return IntervalBlock(
        origin[0],
        found.days,
        found.duration_minutes,
        (
            energy,
            cost,
            found.price_e5,
            found.spot_e5,
            found.renewables,
            found.attributes(number_of),
        ),
        (*origin[1:], None),
        UsageRow._make,
    )


def _columns(records: Sequence[Interval], names: Sequence[str]) -> Columns | None:
    has_tariff = TARIFF in records[0].raw
    return columns_of(
        [record.raw for record in records], (*names, TARIFF) if has_tariff else names
    )
