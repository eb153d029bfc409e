"""Substation readings, and the fetch that brought them."""

from collections.abc import Iterable, Sequence

from energy_logger_server.domain.batch import SubstationsRead
from energy_logger_server.domain.runs import KindCounts
from energy_logger_server.store.codec.kamo import encode_reading
from energy_logger_server.store.schema.kamo import FETCH, READING

from .context import WriteContext
from .kamo_load import epoch_s
from .slot_ledger import note_fetches
from .substation_rollups import close_hour

type ReadingRow = tuple[int, int, int, int, int, int, int, str | None]
"""hour, item, minute, load_e1, reactive_e1, power_factor_e4, flags, extra."""


def write_substations(
    context: WriteContext, reads: Sequence[SubstationsRead]
) -> KindCounts:
    """Store the readings of the areas that were read; close the hours that are over.

    A minute that an area has already (two runs within it) is read anew: its rows are
    replaced; any other minute is only added.
    """
    fetched = _fetched_minutes(context, reads)
    counts = KindCounts()
    fresh: list[ReadingRow] = []
    heads: list[tuple[int, ...]] = []
    hours: set[int] = set()
    for read in reads:
        area_id = read.table.area_id
        hour, minute = divmod(epoch_s(read.table.read_at) // 60, 60)
        rows = _rows(context, read, hour, minute)
        head = (hour, area_id, minute, context.run_id, len(rows))
        hours.add(hour)
        if (hour, area_id, minute) not in fetched:
            heads.append(head)
            fresh += rows
            continue
        replaced = _replace(context, rows)
        counts += replaced
        if replaced.new or replaced.changed:
            # rows that are as they were still come from the run that brought them
            heads.append(head)
    context.books.write_new(context.connection, context.known_at)
    context.statements.insert(READING).run_many(context.connection, fresh)
    context.statements.upsert(FETCH).run_many(context.connection, heads)
    for hour in _hours_that_are_over(context, hours):
        close_hour(context, hour)
    note_fetches(context, reads)
    return counts + KindCounts(new=len(fresh))


def _rows(
    context: WriteContext, read: SubstationsRead, hour: int, minute: int
) -> list[ReadingRow]:
    number_of, area_id = context.books.substations.number_of, read.table.area_id
    return [
        (hour, number_of((area_id, reading.name)), minute, *encode_reading(reading))
        for reading in read.table.readings
    ]


def _fetched_minutes(
    context: WriteContext, reads: Sequence[SubstationsRead]
) -> set[tuple[int, ...]]:
    hours = sorted({epoch_s(read.table.read_at) // 3600 for read in reads})
    if not hours:
        return set()
    found = context.statements.sql(
        "SELECT hour, area_id, minute FROM substation_fetch"
        " WHERE hour >= :first AND hour <= :last",
        ("first", "last"),
    ).rows(context.connection, (hours[0], hours[-1]))
    return set(found)


def _hours_that_are_over(context: WriteContext, read: set[int]) -> set[int]:
    """Return the hours to count: the newest one gives way, or was missed.

    The newest hour is open. A clock that was set back writes into an hour that is
    closed: that one is counted again.
    """
    found = context.statements.sql(
        "SELECT max(fetched_at_ms) FROM last_fetch WHERE endpoint = 'substations'", ()
    ).rows(context.connection)
    before = found[0][0]
    hours = read if before is None else {*read, before // 3_600_000}
    newest = max(hours, default=0)
    return {hour for hour in hours if hour < newest}


def _replace(context: WriteContext, rows: Iterable[ReadingRow]) -> KindCounts:
    new: list[ReadingRow] = []
    changed: list[ReadingRow] = []
    unchanged = 0
    for row in rows:
        found = context.statements.sql(
            "SELECT load_e1, reactive_e1, power_factor_e4, flags, extra"
            " FROM substation_reading"
            " WHERE hour = :hour AND item = :item AND minute = :minute",
            ("hour", "item", "minute"),
        ).rows(context.connection, row[:3])
        if not found:
            new.append(row)
        elif found[0] != row[3:]:
            changed.append(row)
        else:
            unchanged += 1
    context.books.write_new(context.connection, context.known_at)
    context.statements.insert(READING).run_many(context.connection, new)
    context.statements.upsert(READING).run_many(context.connection, changed)
    return KindCounts(new=len(new), changed=len(changed), unchanged=unchanged)
