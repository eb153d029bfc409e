"""What upstream sent, given back as equal JSON."""

from sqlalchemy import select
from sqlalchemy.engine import Connection

from energy_logger_server.api.central import instants_of_labels
from energy_logger_server.api.exact_json import JsonObject, JsonValue
from energy_logger_server.store.codec.envelopes import fill_grid, fill_table
from energy_logger_server.store.codec.kamo import decode_load, decode_reading
from energy_logger_server.store.codec.sites import decode_area, decode_site
from energy_logger_server.store.db.query import Query
from energy_logger_server.store.schema.amber import SITE, SITE_CHANNEL
from energy_logger_server.store.schema.bookkeeping import ENVELOPE
from energy_logger_server.store.schema.kamo import AREA

from .grid_hours import GridHours

_MINUTE_MS = 60_000

_MEASURED = Query(
    "SELECT at, load_e1, extra FROM load"
    " WHERE at >= :first AND at <= :last AND area_id = :area",
    ("first", "last", "area"),
)
_EXPECTED = Query(
    "SELECT s.channel, f.at, f.load_e1, f.extra FROM load_forecast f"
    " JOIN series s ON s.id = f.series_id"
    " WHERE f.at >= :first AND f.at <= :last AND s.owner = :area",
    ("first", "last", "area"),
)
# the envelope's rows are those of the last answer, whatever minute its clock told
_FETCHED = Query(
    "SELECT fetched_at_ms FROM last_fetch"
    " WHERE endpoint = 'substations' AND owner = :area",
    ("area",),
)
_READINGS = Query(
    "SELECT s.name, r.load_e1, r.reactive_e1, r.power_factor_e4, r.flags, r.extra"
    " FROM substation_reading r JOIN substation s ON s.item = r.item"
    " WHERE r.hour = :hour AND r.minute = :minute AND s.area_id = :area",
    ("hour", "minute", "area"),
)


def original_sites(connection: Connection) -> list[JsonObject]:
    """Return the sites of the account, in upstream's order."""
    answer = []
    for site in connection.execute(
        select(SITE)
        .where(SITE.c.is_gone.is_(False))
        .order_by(SITE.c.position, SITE.c.id)
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


def original_areas(connection: Connection) -> list[JsonObject]:
    """Return KAMO's list of areas, in upstream's order."""
    found = connection.execute(
        select(AREA)
        .where(AREA.c.is_gone.is_(False))
        .order_by(AREA.c.position, AREA.c.id)
    )
    return [
        decode_area((row.id, row.name, row.abbreviation, row.selected, row.extra))
        for row in found
    ]


def original_area_grid(
    connection: Connection, area_id: int, since: int | None = None
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
            row[0]: decode_load(row[1], row[2])
            for row in _MEASURED.all(connection, first, last, area_id)
        },
        expected={
            (row[0], row[1]): decode_load(row[2], row[3])
            for row in _EXPECTED.all(connection, first, last, str(area_id))
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


def original_substation_table(
    connection: Connection, area_id: int
) -> JsonObject | None:
    """Return the last answer of an area's substations; None when there never was."""
    envelope = _envelope(connection, "arealoadtable", area_id)
    fetched = _FETCHED.first(connection, str(area_id))
    if envelope is None or fetched is None:
        return None
    rows = {
        row[0]: decode_reading(row[0], (row[1], row[2], row[3], row[4], row[5]))
        for row in _READINGS.all(
            connection, *divmod(fetched[0] // _MINUTE_MS, 60), area_id
        )
    }
    return fill_table(envelope, rows)


def _envelope(connection: Connection, endpoint: str, area_id: int) -> str | None:
    text: str | None = connection.execute(
        select(ENVELOPE.c.envelope).where(
            ENVELOPE.c.endpoint == endpoint, ENVELOPE.c.owner == str(area_id)
        )
    ).scalar_one_or_none()
    return text
