"""Sites and areas: what exists upstream. What is gone stays, marked so.

What a list lacks is only taken as gone after several lists over days have lacked it.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Row, Table, delete, insert, select, update

from energy_logger_server.api.absence import Absence, is_gone, record_listing
from energy_logger_server.api.amber_models import Site
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
from energy_logger_server.store.schema.amber import SITE, SITE_CHANNEL
from energy_logger_server.store.schema.bookkeeping import REVISION
from energy_logger_server.store.schema.kamo import AREA

from .planning import missing_of
from .revisions import Reason
from .write_transaction import WriteTransaction

SITE_KIND = "site"
"""Kind of the revisions that hold a site as it was."""


def write_sites(context: WriteTransaction, answer: Answer[Site]) -> None:
    """Bring the sites up to date; a site as it was goes to the revisions."""
    connection = context.connection
    stored = {row.site_id: row for row in connection.execute(select(SITE))}
    for position, site in enumerate(answer.records):
        columns, channels = encode_site(site)
        row = stored.pop(site.id, None)
        values = {
            **dict(zip(_SITE_COLUMNS, columns, strict=True)),
            "position": position,
            **_LISTED,
        }
        if row is None:
            site_row: int = connection.execute(
                insert(SITE)
                .values(
                    **values,
                    first_seen_at=context.known_at,
                    changed_at=context.known_at,
                )
                .returning(SITE.c.id)
            ).scalar_one()
            _write_channels(context, site_row, channels)
            continue
        old: SiteColumns = tuple(getattr(row, name) for name in _SITE_COLUMNS)
        old_channels = _channels(context, row.id)
        if (old, old_channels) != (columns, channels):
            _revise_site(context, row.id, row.changed_at, (old, old_channels))
            values["changed_at"] = context.known_at
            _write_channels(context, row.id, channels)
        elif not _is_noted_as_missing(row) and row.position == position:
            continue
        connection.execute(update(SITE).where(SITE.c.id == row.id).values(**values))
    if answer.rejected:
        # a site that could not be read is not gone
        return
    _record_missing(context, SITE, stored, [site.id for site in answer.records])


_LISTED = {"is_gone": False, "missing_since": None, "missing_readings": 0}


def _is_noted_as_missing(row: Row[Any]) -> bool:
    return row.is_gone or row.missing_since is not None


def _record_missing(
    context: WriteTransaction,
    table: Table,
    missing: Mapping[Any, Row[Any]],
    listed: Sequence[Any],
) -> None:
    """Note that a list lacked some rows; those missing for long enough are gone.

    Args:
        context: The transaction.
        table: Whose rows.
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
    for key, row in rows.items():
        noted = state.missing[key]
        context.connection.execute(
            update(table)
            .where(table.c.id == row.id)
            .values(
                missing_since=epoch_s(noted.first_at),
                missing_readings=noted.listings,
                is_gone=is_gone(state, key),
            )
        )


_SITE_COLUMNS = (
    "site_id",
    "nmi",
    "network",
    "status",
    "active_from",
    "closed_on",
    "interval_length_minutes",
    "extra",
)


def _channels(context: WriteTransaction, site_row: int) -> tuple[ChannelColumns, ...]:
    found = context.connection.execute(
        select(
            SITE_CHANNEL.c.identifier,
            SITE_CHANNEL.c.type,
            SITE_CHANNEL.c.tariff,
            SITE_CHANNEL.c.extra,
        )
        .where(SITE_CHANNEL.c.site_row == site_row)
        .order_by(SITE_CHANNEL.c.position)
    )
    return tuple(
        (identifier, type_, tariff, extra) for identifier, type_, tariff, extra in found
    )


def _write_channels(
    context: WriteTransaction, site_row: int, channels: tuple[ChannelColumns, ...]
) -> None:
    context.connection.execute(
        delete(SITE_CHANNEL).where(SITE_CHANNEL.c.site_row == site_row)
    )
    if channels:
        context.connection.execute(
            insert(SITE_CHANNEL),
            [
                {
                    "site_row": site_row,
                    "position": position,
                    "identifier": channel[0],
                    "type": channel[1],
                    "tariff": channel[2],
                    "extra": channel[3],
                }
                for position, channel in enumerate(channels)
            ],
        )


def _revise_site(
    context: WriteTransaction,
    site_row: int,
    known_from: int,
    old: tuple[SiteColumns, tuple[ChannelColumns, ...]],
) -> None:
    context.connection.execute(
        insert(REVISION).values(
            kind=SITE_KIND,
            series_id=site_row,
            end_at=0,
            duration_minutes=0,
            known_from=known_from,
            known_until=context.known_at,
            run_id=0,
            replaced_by_run_id=context.run_id,
            reason=Reason.REVISED.value,
            record=dumps(decode_site(*old)),
        )
    )


def write_areas(context: WriteTransaction, answer: Answer[Area]) -> None:
    """Bring the areas up to date."""
    connection = context.connection
    stored = {row.id: row for row in connection.execute(select(AREA))}
    for position, area in enumerate(answer.records):
        columns: AreaColumns = encode_area(area)
        row = stored.pop(area.id, None)
        values = {
            **dict(zip(_AREA_COLUMNS, columns, strict=True)),
            "position": position,
            "is_aggregate": area.is_aggregate,
            **_LISTED,
        }
        if row is None:
            connection.execute(
                insert(AREA).values(
                    **values,
                    first_seen_at=context.known_at,
                    changed_at=context.known_at,
                )
            )
        elif any(getattr(row, name) != value for name, value in values.items()):
            connection.execute(
                update(AREA)
                .where(AREA.c.id == area.id)
                .values(**values, changed_at=context.known_at)
            )
    if answer.rejected:
        return
    _record_missing(context, AREA, stored, [area.id for area in answer.records])


_AREA_COLUMNS = ("id", "name", "abbreviation", "selected", "extra")
