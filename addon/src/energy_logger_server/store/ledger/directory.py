"""Sites and areas: what exists upstream. What is gone stays, marked so.

What a list lacks is only taken as gone after several lists over days have lacked it.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from energy_logger_server.api.absence import Absence, is_gone, record_listing
from energy_logger_server.api.amber_models import Site
from energy_logger_server.api.exact_json import JsonObject
from energy_logger_server.api.kamo_models import Area
from energy_logger_server.api.models import Answer
from energy_logger_server.store.codec.instants import epoch_s
from energy_logger_server.store.codec.json_text import dumps
from energy_logger_server.store.codec.sites import (
    AreaColumns,
    ChannelColumns,
    SiteColumns,
    decode_site,
    encode_area,
    encode_site,
)
from energy_logger_server.store.db.query import (
    Query,
    columns_of,
    fields_of,
    insert_into,
)
from energy_logger_server.store.schema.amber import SITE, SITE_CHANNEL
from energy_logger_server.store.schema.kamo import AREA

from .planning import missing_of
from .revisions import Reason, Revised, record_revisions
from .write_transaction import WriteTransaction

SITE_KIND = "site"
"""Kind of the revisions that hold a site as it was."""


class _Entry(NamedTuple):
    """A row of ``site`` or ``area``, but for what was sent of it."""

    id: int
    position: int
    changed_at: int
    is_gone: bool
    missing_since: int | None
    missing_readings: int

    @property
    def is_missing(self) -> bool:
        """Whether upstream's last list lacked it."""
        return bool(self.is_gone) or self.missing_since is not None


_MISSING = ("is_gone", "missing_since", "missing_readings")
_LISTED = (False, None, 0)
"""Values of ``_MISSING`` for what is in the list."""

_ENTRY_LENGTH = len(fields_of(_Entry))


def _update(table: str, columns: Sequence[str]) -> Query[tuple[Any, ...]]:
    """Return an update of a row; its number comes behind the columns' values."""
    values = ", ".join(f"{name} = :{name}" for name in columns)
    return Query(f"UPDATE {table} SET {values} WHERE id = :row", (*columns, "row"))


_SITES = Query(f"SELECT {columns_of(_Entry)}, {columns_of(SiteColumns)} FROM site")
_SITE_ORDER = (*fields_of(SiteColumns), "position", *_MISSING, "changed_at")
_INSERT_SITE = insert_into(SITE, (*_SITE_ORDER, "first_seen_at"), returning="id")
_UPDATE_SITE = _update("site", _SITE_ORDER)
_SITE_MISSING = _update("site", _MISSING)

_CHANNELS = Query(
    f"SELECT {columns_of(ChannelColumns)} FROM site_channel WHERE site_row = :site"
    " ORDER BY position",
    ("site",),
    row=ChannelColumns,
)
_DELETE_CHANNELS = Query("DELETE FROM site_channel WHERE site_row = :site", ("site",))
_INSERT_CHANNELS = insert_into(
    SITE_CHANNEL, ("site_row", "position", *fields_of(ChannelColumns))
)

_AREAS = Query(
    f"SELECT {columns_of(_Entry)}, is_aggregate, {columns_of(AreaColumns)} FROM area"
)
_AREA_ORDER = (
    *fields_of(AreaColumns),
    "position",
    "is_aggregate",
    *_MISSING,
    "changed_at",
)
_INSERT_AREA = insert_into(AREA, (*_AREA_ORDER, "first_seen_at"))
_UPDATE_AREA = _update("area", _AREA_ORDER)
_AREA_MISSING = _update("area", _MISSING)


def write_sites(context: WriteTransaction, answer: Answer[Site]) -> None:
    """Bring the sites up to date; a site as it was goes to the revisions."""
    connection = context.connection
    stored: dict[str, tuple[_Entry, SiteColumns]] = {}
    for row in _SITES.all(connection):
        old = SiteColumns._make(row[_ENTRY_LENGTH:])
        stored[old.site_id] = _Entry._make(row[:_ENTRY_LENGTH]), old
    for position, site in enumerate(answer.records):
        columns, channels = encode_site(site)
        changed_at = context.known_at
        found = stored.pop(site.id, None)
        if found is None:
            values = (*columns, position, *_LISTED, changed_at, changed_at)
            site_row: int = _INSERT_SITE.value(connection, *values)
            _write_channels(context, site_row, channels)
            continue
        entry, old = found
        old_channels = tuple(_CHANNELS.all(connection, entry.id))
        if (old, old_channels) != (columns, channels):
            _revise_site(context, entry, decode_site(old, old_channels))
            _write_channels(context, entry.id, channels)
        elif entry.is_missing or entry.position != position:
            changed_at = entry.changed_at
        else:
            continue
        _UPDATE_SITE.run(connection, *columns, position, *_LISTED, changed_at, entry.id)
    if answer.rejected:
        # a site that could not be read is not gone
        return
    missing = {site_id: entry for site_id, (entry, _columns) in stored.items()}
    listed = [site.id for site in answer.records]
    _record_missing(context, _SITE_MISSING, missing, listed)


def _record_missing[Key: (int, str)](
    context: WriteTransaction,
    update: Query[tuple[Any, ...]],
    missing: Mapping[Key, _Entry],
    listed: Sequence[Key],
) -> None:
    """Note that a list lacked some rows; those missing for long enough are gone.

    Args:
        context: The transaction.
        update: Writes ``_MISSING``.
        missing: Rows by the keys that the list lacks.
        listed: The keys that it has; an empty list is not believed.
    """
    if not listed:
        return
    rows = {key: row for key, row in missing.items() if not row.is_gone}
    before = {
        key: noted
        for key, row in rows.items()
        if (noted := missing_of(row.missing_since, row.missing_readings)) is not None
    }
    state = record_listing(Absence(frozenset(rows), before), listed, context.fetched_at)
    update.run_many(
        context.connection,
        [
            (
                is_gone(state, key),
                epoch_s(state.missing[key].first_at),
                state.missing[key].listings,
                row.id,
            )
            for key, row in rows.items()
        ],
    )


def _write_channels(
    context: WriteTransaction, site_row: int, channels: tuple[ChannelColumns, ...]
) -> None:
    _DELETE_CHANNELS.run(context.connection, site_row)
    _INSERT_CHANNELS.run_many(
        context.connection,
        [(site_row, position, *channel) for position, channel in enumerate(channels)],
    )


def _revise_site(context: WriteTransaction, entry: _Entry, record: JsonObject) -> None:
    """Keep a site as it was; nobody notes which run had brought it."""
    revised = Revised(
        series_id=entry.id,
        end_at=0,
        duration_minutes=0,
        known_from=entry.changed_at,
        run_id=0,
        reason=Reason.REVISED,
        record=dumps(record),
    )
    record_revisions(context, SITE_KIND, [revised])


def write_areas(context: WriteTransaction, answer: Answer[Area]) -> None:
    """Bring the areas up to date."""
    connection = context.connection
    stored: dict[int, tuple[_Entry, tuple[Any, ...]]] = {}
    for row in _AREAS.all(connection):
        entry = _Entry._make(row[:_ENTRY_LENGTH])
        stored[entry.id] = entry, row[_ENTRY_LENGTH:]
    for position, area in enumerate(answer.records):
        columns = encode_area(area)
        now = context.known_at
        values = (*columns, position, area.is_aggregate, *_LISTED, now)
        found = stored.pop(area.id, None)
        if found is None:
            _INSERT_AREA.run(connection, *values, now)
            continue
        entry, old = found
        is_same = (entry.position, *old) == (position, area.is_aggregate, *columns)
        if entry.is_missing or not is_same:
            _UPDATE_AREA.run(connection, *values, area.id)
    if answer.rejected:
        return
    missing = {area_id: entry for area_id, (entry, _columns) in stored.items()}
    listed = [area.id for area in answer.records]
    _record_missing(context, _AREA_MISSING, missing, listed)
