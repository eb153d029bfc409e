"""What upstream sent, given back as equal JSON."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Table, select
from sqlalchemy.engine import Connection

from energy_logger_server.api.central import instants_of_labels
from energy_logger_server.api.exact_json import JsonObject, JsonValue
from energy_logger_server.domain.ledger import Kind
from energy_logger_server.store.codec.envelopes import fill_grid, fill_table
from energy_logger_server.store.codec.intervals import decode_price, decode_usage
from energy_logger_server.store.codec.kamo import decode_load, decode_reading
from energy_logger_server.store.codec.sites import decode_area, decode_site
from energy_logger_server.store.schema.amber import (
    PRICE,
    PRICE_OUTLOOK,
    SITE,
    SITE_CHANNEL,
    USAGE,
)
from energy_logger_server.store.schema.bookkeeping import ENVELOPE, SERIES
from energy_logger_server.store.schema.kamo import (
    AREA,
    FETCH,
    LOAD,
    LOAD_FORECAST,
    READING,
    SUBSTATION,
)

from .attribute_texts import attribute_keys


def sites_as_sent(connection: Connection) -> list[JsonObject]:
    """Return the sites of the account, in upstream's order."""
    answer = []
    for site in connection.execute(
        select(SITE).where(SITE.c.is_gone.is_(False)).order_by(SITE.c.position)
    ):
        channels = [
            (row.identifier, row.type, row.tariff, row.extra)
            for row in connection.execute(
                select(SITE_CHANNEL)
                .where(SITE_CHANNEL.c.site_row == site.id)
                .order_by(SITE_CHANNEL.c.position)
            )
        ]
        columns = (
            site.site_id,
            site.nmi,
            site.network,
            site.status,
            site.active_from,
            site.closed_on,
            site.interval_length_minutes,
            site.extra,
        )
        answer.append(decode_site(columns, channels))
    return answer


def prices_as_sent(
    connection: Connection, site_id: str, first_end: int, last_end: int
) -> list[JsonObject]:
    """Return a site's prices of any life whose end lies in a range.

    One block for each channel, each in the order of time.

    Args:
        connection: A reader's.
        site_id: Whose.
        first_end: Epoch seconds, inclusive.
        last_end: Epoch seconds, inclusive.
    """
    texts = attribute_keys(connection)
    answer: list[JsonObject] = []
    for series_id, _channel in _series(connection, Kind.PRICE, site_id):
        rows = [
            *_rows(connection, PRICE, series_id, first_end, last_end),
            *_rows(connection, PRICE_OUTLOOK, series_id, first_end, last_end),
        ]
        rows.sort(key=lambda row: (row[1], row[2]))
        answer += [decode_price(row, texts[row[6]]) for row in rows]
    return answer


def usage_as_sent(
    connection: Connection, site_id: str, first_end: int, last_end: int
) -> list[JsonObject]:
    """Return a site's usage likewise."""
    texts = attribute_keys(connection)
    answer: list[JsonObject] = []
    for series_id, channel in _series(connection, Kind.USAGE, site_id):
        answer += [
            decode_usage(row, texts[row[8]], channel)
            for row in _rows(connection, USAGE, series_id, first_end, last_end)
        ]
    return answer


def areas_as_sent(connection: Connection) -> list[JsonObject]:
    """Return KAMO's list of areas, in upstream's order."""
    found = connection.execute(
        select(AREA).where(AREA.c.is_gone.is_(False)).order_by(AREA.c.position)
    )
    return [
        decode_area((row.id, row.name, row.abbreviation, row.selected, row.extra))
        for row in found
    ]


def area_grid_as_sent(connection: Connection, area_id: int) -> JsonObject | None:
    """Return the last answer of an area's grid; None when there never was one."""
    envelope = _envelope(connection, "areagrid", area_id)
    if envelope is None:
        return None
    labels = fill_grid(envelope, lambda _label, _position: None).get("lineChartLabels")
    instants = [
        None if at is None else int(at.timestamp())
        for at in instants_of_labels(
            [
                label if isinstance(label, str) else ""
                for label in (labels if isinstance(labels, list) else [])
            ]
        )
    ]
    known = [at for at in instants if at is not None]
    span = (min(known, default=0), max(known, default=0))
    measured = {
        row.at: decode_load(row.load_e1, row.extra)
        for row in connection.execute(
            select(LOAD).where(
                LOAD.c.at >= span[0], LOAD.c.at <= span[1], LOAD.c.area_id == area_id
            )
        )
    }
    expected = {
        (row.channel, row.at): decode_load(row.load_e1, row.extra)
        for row in connection.execute(
            select(LOAD_FORECAST, SERIES.c.channel)
            .join(SERIES, SERIES.c.id == LOAD_FORECAST.c.series_id)
            .where(
                LOAD_FORECAST.c.at >= span[0],
                LOAD_FORECAST.c.at <= span[1],
                SERIES.c.owner == str(area_id),
            )
        )
    }

    def number_at(label: str, position: int) -> JsonValue:
        at = instants[position]
        if at is None:
            return None
        found = expected.get((label, at))
        return measured[at] if found is None else found

    return fill_grid(envelope, number_at)


def substation_table_as_sent(connection: Connection, area_id: int) -> JsonObject | None:
    """Return the last answer of an area's substations; None when there never was."""
    envelope = _envelope(connection, "arealoadtable", area_id)
    head = connection.execute(
        select(FETCH.c.hour, FETCH.c.minute)
        .where(FETCH.c.area_id == area_id)
        .order_by(FETCH.c.hour.desc(), FETCH.c.minute.desc())
        .limit(1)
    ).first()
    if envelope is None or head is None:
        return None
    found = connection.execute(
        select(READING, SUBSTATION.c.name)
        .join(SUBSTATION, SUBSTATION.c.item == READING.c.item)
        .where(
            READING.c.hour == head.hour,
            READING.c.minute == head.minute,
            SUBSTATION.c.area_id == area_id,
        )
    )
    rows = {
        row.name: decode_reading(
            row.name,
            (
                row.load_e1,
                row.reactive_e1,
                row.power_factor_e4,
                row.flags,
                row.extra,
            ),
        )
        for row in found
    }
    return fill_table(envelope, rows)


def _series(
    connection: Connection, kind: Kind, owner: str
) -> Sequence[tuple[int, str]]:
    found = connection.execute(
        select(SERIES.c.id, SERIES.c.channel)
        .where(SERIES.c.kind == kind.value, SERIES.c.owner == owner)
        .order_by(SERIES.c.id)
    )
    return [(row.id, row.channel) for row in found]


def _rows(
    connection: Connection, table: Table, series_id: int, first_end: int, last_end: int
) -> list[Any]:
    return [
        tuple(row)
        for row in connection.execute(
            select(table)
            .where(
                table.c.series_id == series_id,
                table.c.end_at >= first_end,
                table.c.end_at <= last_end,
            )
            .order_by(table.c.end_at, table.c.duration_minutes)
        )
    ]


def _envelope(connection: Connection, endpoint: str, area_id: int) -> str | None:
    text: str | None = connection.execute(
        select(ENVELOPE.c.envelope).where(
            ENVELOPE.c.endpoint == endpoint, ENVELOPE.c.owner == str(area_id)
        )
    ).scalar_one_or_none()
    return text
