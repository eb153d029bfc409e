"""One transaction: the parts of a batch, in the order in which they need another."""

from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy.engine import Connection

from energy_logger_server.domain.collecting.batch import (
    AreasRead,
    GridRead,
    Part,
    PricesRead,
    SitesRead,
    SubstationsRead,
    UnreadableAnswer,
    UsageRead,
)
from energy_logger_server.domain.collecting.runs import WriteCounts

from .adopted import apply_adopted
from .amber.write import write_prices, write_usage
from .codec.envelopes import grid_envelope, table_envelope
from .db.query import upsert_into
from .db.wide_insert import WideInsert
from .kamo.write_load import write_grids
from .kamo.write_substations import write_substations
from .ledger.directory import write_areas, write_sites
from .ledger.samples import write_rejected, write_sample
from .ledger.write_transaction import WriteTransaction
from .ledger.writer_caches import WriterCaches
from .runs.write import epoch_ms
from .schema.bookkeeping import ENVELOPE, LAST_FETCH

_UPSERT_ENVELOPE = upsert_into(ENVELOPE)
_UPSERT_FETCHES = WideInsert(LAST_FETCH, ("endpoint",), overwrites=True)


def apply_parts(
    caches: WriterCaches,
    connection: Connection,
    run_id: int,
    parts: Sequence[Part],
    now: datetime,
) -> WriteCounts:
    """Write the parts; return what they brought."""

    def at(fetched_at: datetime) -> WriteTransaction:
        return WriteTransaction.at(connection, caches, run_id, fetched_at)

    counts = apply_adopted(at, parts)
    for part in parts:
        if isinstance(part, (SitesRead, AreasRead)):
            counts += _write_directory(at(part.answer.fetched_at), part)
    for part in parts:
        if isinstance(part, PricesRead):
            context = at(part.answer.fetched_at)
            counts += write_prices(context, part)
            # days of the past say nothing of how fresh the present prices are
            endpoints = ["price"] if part.days else ["price", "current_price"]
            for endpoint in endpoints:
                _record_fetches(context, endpoint, [(part.site_id, context.fetched_at)])
        elif isinstance(part, UsageRead):
            context = at(part.answer.fetched_at)
            counts += write_usage(context, part)
            _record_fetches(context, "usage", [(part.site_id, context.fetched_at)])
        elif isinstance(part, UnreadableAnswer):
            write_sample(at(now), part.source, part.path, part.reason, part.sample)
    counts += _write_grids(at, [part for part in parts if isinstance(part, GridRead)])
    counts += _write_tables(
        at, [part for part in parts if isinstance(part, SubstationsRead)]
    )
    return counts


type _At = Callable[[datetime], WriteTransaction]


def _write_directory(
    context: WriteTransaction, part: SitesRead | AreasRead
) -> WriteCounts:
    if isinstance(part, SitesRead):
        write_sites(context, part.answer)
        _record_fetches(context, "site", [("", context.fetched_at)])
        rejected = write_rejected(context, "amber", "site", part.answer.rejected)
    else:
        write_areas(context, part.answer)
        _record_fetches(context, "area", [("", context.fetched_at)])
        rejected = write_rejected(context, "kamo", "area", part.answer.rejected)
    return WriteCounts(rejected=rejected)


def _write_grids(at: _At, parts: Sequence[GridRead]) -> WriteCounts:
    if not parts:
        return WriteCounts()
    grids = [part.grid for part in parts]
    newest = at(max(grid.fetched_at for grid in grids))
    measured, expected = write_grids(newest, grids)
    rejected = 0
    for grid in grids:
        owner = str(grid.area_id)
        if grid.rejected:
            rejected += write_rejected(
                at(grid.fetched_at), "kamo", f"load/{owner}", grid.rejected
            )
        _write_envelope(newest, "areagrid", owner, grid_envelope(grid))
    _record_fetches(
        newest, "load", [(str(grid.area_id), grid.fetched_at) for grid in grids]
    )
    return WriteCounts(load=measured, forecast=expected, rejected=rejected)


def _write_tables(at: _At, parts: Sequence[SubstationsRead]) -> WriteCounts:
    if not parts:
        return WriteCounts()
    newest = at(max(part.table.fetched_at for part in parts))
    readings = write_substations(newest, parts)
    rejected = 0
    for part in parts:
        table = part.table
        owner = str(table.area_id)
        if table.rejected:
            rejected += write_rejected(
                at(table.fetched_at), "kamo", f"substations/{owner}", table.rejected
            )
        _write_envelope(newest, "arealoadtable", owner, table_envelope(table))
    _record_fetches(
        newest,
        "substations",
        [(str(part.table.area_id), part.table.fetched_at) for part in parts],
    )
    return WriteCounts(substation=readings, rejected=rejected)


def _write_envelope(
    context: WriteTransaction, endpoint: str, owner: str, text: str
) -> None:
    if context.caches.envelopes.changed((endpoint, owner), text):
        _UPSERT_ENVELOPE.run(context.connection, endpoint, owner, text)


def _record_fetches(
    context: WriteTransaction, endpoint: str, fetches: Sequence[tuple[str, datetime]]
) -> None:
    """Note when an endpoint answered about each owner."""
    _UPSERT_FETCHES.run(
        context.connection,
        (endpoint,),
        (
            [owner for owner, _at in fetches],
            [epoch_ms(at) for _owner, at in fetches],
        ),
    )
