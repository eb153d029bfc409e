"""Rollups of settled intervals: hours are counted from rows, NEM days from hours.

An interval counts where it begins; an hour never spans two NEM dates.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from energy_logger_server.api.amber_models import Quality
from energy_logger_server.api.channels import directed_energy
from energy_logger_server.domain.collecting.ledger import Kind
from energy_logger_server.store.codec.interval_blocks import IntervalBlock
from energy_logger_server.store.codec.intervals import IntervalRow, start_of
from energy_logger_server.store.ledger.write_transaction import WriteTransaction

from .interval_kinds import IntervalKind
from .interval_statements import Days


@dataclass(frozen=True, slots=True)
class Counted:
    """What is counted of the intervals of a series, in the order of their starts.

    Attributes:
        starts: True starts, epoch seconds.
        minutes: Lengths.
        first: Prices, or energies with upstream's sign.
        second: Spot prices, or costs.
        attributes: Numbers of their texts.
    """

    starts: Sequence[int]
    minutes: Sequence[int]
    first: Sequence[int]
    second: Sequence[int | None]
    attributes: Sequence[int]


def counted_of_block(block: IntervalBlock[Any], starts: Sequence[int]) -> Counted:
    """Return what is counted of a block whose intervals begin at ``starts``."""
    first, second, *_others, attributes = block.varying
    minutes = [block.duration_minutes] * len(starts)
    return Counted(starts, minutes, first, second, attributes)


def counted_of_rows[Row: IntervalRow](
    kind: IntervalKind[Row], rows: Sequence[Row]
) -> Counted:
    """Return what is counted of rows of a series, at least one."""
    ordered = sorted(rows, key=start_of)
    first, second = zip(*map(kind.amounts, ordered), strict=True)
    return Counted(
        [start_of(row) for row in ordered],
        [row.duration_minutes for row in ordered],
        first,
        second,
        [row.attributes_id for row in ordered],
    )


def roll_up(
    context: WriteTransaction, kind: IntervalKind[Any], days: Days, counted: Counted
) -> None:
    """Count the hours and the days of a span anew.

    Args:
        context: The transaction.
        kind: Price or usage.
        days: Whose, and which.
        counted: Of all rows that begin in these days.
    """
    hours, sums = zip(*_hours(context, kind, counted), strict=True)
    kind.statements.upsert_hours.run(
        context.connection,
        (days[0], context.run_id, context.change_id),
        (hours, *zip(*sums, strict=True)),
    )
    kind.statements.count_days.run(context.connection, context.run_id, *days)


def _hours(
    context: WriteTransaction, kind: IntervalKind[Any], counted: Counted
) -> Iterator[tuple[int, tuple[int, ...]]]:
    estimated = {
        number
        for number in {*counted.attributes}
        if context.caches.attributes.key_of(number).quality == Quality.ESTIMATED
    }
    estimated_minutes = [0] * len(counted.minutes)
    if estimated:
        estimated_minutes = [
            minutes if number in estimated else 0
            for minutes, number in zip(counted.minutes, counted.attributes, strict=True)
        ]
    first = counted.first
    if kind.kind is Kind.USAGE:
        first = _directed_energies(context, counted)
    columns = (counted.minutes, first, counted.second, estimated_minutes)
    begin = 0
    for hour, of_hour in groupby([start // 3600 for start in counted.starts]):
        end = begin + len(list(of_hour))
        yield hour, kind.hour_sums(*(column[begin:end] for column in columns))
        begin = end


def _directed_energies(context: WriteTransaction, counted: Counted) -> Sequence[int]:
    """Return energies that are positive in the channel's normal direction."""
    if min(counted.first) >= 0:
        return counted.first
    key_of = context.caches.attributes.key_of
    return [
        directed_energy(energy, key_of(number).channel_type)
        for energy, number in zip(counted.first, counted.attributes, strict=True)
    ]
