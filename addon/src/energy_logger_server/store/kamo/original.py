"""What upstream sent, given back as equal JSON."""

from typing import NamedTuple

from energy_logger_server.api.central import instants_of_labels
from energy_logger_server.api.exact_json import JsonObject, JsonValue
from energy_logger_server.store.codec.envelopes import fill_grid, fill_table
from energy_logger_server.store.codec.kamo import decode_load
from energy_logger_server.store.codec.sites import (
    AreaColumns,
    ChannelColumns,
    SiteColumns,
    decode_area,
    decode_site,
)
from energy_logger_server.store.db.query import Query, columns_of
from energy_logger_server.store.db.reader import Reader, bounded

from .grid_hours import GridHours
from .readings import READING_SQL, StoredReading, decode_reading

_MINUTE_MS = 60_000


class _Load(NamedTuple):
    at: int
    load_e1: int
    extra: str | None


class _Forecast(NamedTuple):
    channel: str
    at: int
    load_e1: int
    extra: str | None


_SITES = Query(
    f"SELECT id, {columns_of(SiteColumns)} FROM site WHERE NOT is_gone"
    " ORDER BY position, id"
)
_CHANNELS = Query(
    f"SELECT {columns_of(ChannelColumns)} FROM site_channel WHERE site_row = :site"
    " ORDER BY position",
    ("site",),
    row=ChannelColumns,
)
_AREAS = Query(
    f"SELECT {columns_of(AreaColumns)} FROM area WHERE NOT is_gone"
    " ORDER BY position, id",
    row=AreaColumns,
)
_MEASURED = Query(
    f"SELECT {columns_of(_Load)} FROM load"
    " WHERE at >= :first AND at <= :last AND area_id = :area",
    ("first", "last", "area"),
    row=_Load,
)
_EXPECTED = Query(
    f"SELECT {columns_of(_Forecast)} FROM load_forecast f"
    " JOIN series s ON s.id = f.series_id"
    " WHERE f.at >= :first AND f.at <= :last AND s.owner = :area",
    ("first", "last", "area"),
    row=_Forecast,
)
# the envelope's rows are those of the last answer, whatever minute its clock showed
_FETCHED = Query(
    "SELECT fetched_at_ms FROM last_fetch"
    " WHERE endpoint = 'substations' AND owner = :area",
    ("area",),
)
_READINGS = Query(
    f"SELECT {READING_SQL}"
    " FROM substation_reading r JOIN substation p ON p.id = r.substation_id"
    " WHERE r.hour = :hour AND r.minute = :minute AND p.area_id = :area",
    ("hour", "minute", "area"),
    row=StoredReading,
)
_ENVELOPE = Query(
    "SELECT envelope FROM answer_envelope WHERE endpoint = :endpoint"
    " AND owner = :owner",
    ("endpoint", "owner"),
)


@bounded
def original_sites(connection: Reader) -> list[JsonObject]:
    """Return the sites of the account, in upstream's order."""
    return [
        decode_site(SiteColumns._make(columns), _CHANNELS.all(connection, site_row))
        for site_row, *columns in _SITES.all(connection)
    ]


@bounded
def original_areas(connection: Reader) -> list[JsonObject]:
    """Return KAMO's list of areas, in upstream's order."""
    return [decode_area(_area(columns)) for columns in _AREAS.all(connection)]


def _area(stored: AreaColumns) -> AreaColumns:
    # SQLite knows no booleans
    selected = None if stored.selected is None else bool(stored.selected)
    return stored._replace(selected=selected)


def original_area_grid(
    connection: Reader, area_id: int, since: int | None = None
) -> JsonObject | None:
    """Return the last answer of an area's grid; None when there never was one.

    Args:
        connection: A reader's.
        area_id: Whose.
        since: Epoch seconds: stored hours from then on to which the answer does not
            reach back are put before it. It never gets shorter than it was.
    """
    envelope = _envelope(connection, "areagrid", area_id)
    if envelope is None:
        return None
    instants = _instants(envelope)
    known = [at for at in instants if at is not None]
    head, last = min(known, default=0), max(known, default=0)
    first = min(head, since) if known and since is not None else head
    hours = GridHours(
        measured={
            at: decode_load(load_e1, extra)
            for at, load_e1, extra in _MEASURED.all(connection, first, last, area_id)
        },
        expected={
            (channel, at): decode_load(load_e1, extra)
            for channel, at, load_e1, extra in _EXPECTED.all(
                connection, first, last, str(area_id)
            )
        },
    )

    def number_at(label: str, position: int) -> JsonValue:
        at = instants[position]
        return None if at is None else hours.number(label, at)

    return hours.put_before(fill_grid(envelope, number_at), head)


def _instants(envelope: str) -> list[int | None]:
    """Return the epoch seconds that the labels of a grid name."""
    labels = fill_grid(envelope, lambda _label, _position: None).get("lineChartLabels")
    texts = [
        label if isinstance(label, str) else ""
        for label in (labels if isinstance(labels, list) else [])
    ]
    return [
        None if at is None else int(at.timestamp()) for at in instants_of_labels(texts)
    ]


@bounded
def original_substation_table(connection: Reader, area_id: int) -> JsonObject | None:
    """Return the last answer of an area's substations; None when there never was."""
    envelope = _envelope(connection, "arealoadtable", area_id)
    fetched_at_ms: int | None = _FETCHED.value(connection, str(area_id))
    if envelope is None or fetched_at_ms is None:
        return None
    hour, minute = divmod(fetched_at_ms // _MINUTE_MS, 60)
    rows = {
        row.name: decode_reading(row.name, row.columns)
        for row in _READINGS.all(connection, hour, minute, area_id)
    }
    return fill_table(envelope, rows)


def _envelope(connection: Reader, endpoint: str, area_id: int) -> str | None:
    text: str | None = _ENVELOPE.value(connection, endpoint, str(area_id))
    return text
