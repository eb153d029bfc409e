"""What the store has already where a predecessor's rows would go."""

from typing import NamedTuple

from energy_logger_server.domain.collecting.ledger import Kind
from energy_logger_server.store.db.query import Query
from energy_logger_server.store.db.reader import Reader


class Span(NamedTuple):
    """Start and end of an interval, epoch seconds."""

    start_at: int
    end_at: int


_HOURS = Query(
    "SELECT area_id, at FROM load WHERE at >= :first AND at < :end", ("first", "end")
)
_MINUTES = Query(
    "SELECT area_id, hour * 60 + minute FROM substation_fetch"
    " WHERE hour >= :first AND hour < :end",
    ("first", "end"),
)
_INTERVALS = {
    kind: Query(
        "SELECT t.end_at - t.duration_minutes * 60 AS start_at, t.end_at"
        f" FROM {table} t JOIN series s ON s.id = t.series_id"
        f" WHERE s.kind = '{kind}' AND s.owner = :owner AND s.channel = :channel"
        " AND t.end_at > :start AND t.end_at - t.duration_minutes * 60 < :end"
        # keeps the read on the key: no interval is longer than a day
        " AND t.end_at < :end + 86400 ORDER BY t.end_at",
        ("owner", "channel", "start", "end"),
        row=Span,
    )
    for kind, table in ((Kind.PRICE, "price"), (Kind.USAGE, "usage"))
}


def stored_hours(reader: Reader, first_at: int, end_at: int) -> set[tuple[int, int]]:
    """Return area and instant (epoch seconds) of the loads from first to before end."""
    return {(int(area), int(at)) for area, at in _HOURS.all(reader, first_at, end_at)}


def stored_minutes(reader: Reader, first_at: int, end_at: int) -> set[tuple[int, int]]:
    """Return area and minute (epoch seconds // 60) of the fetches of substations."""
    found = _MINUTES.all(reader, first_at // 3600, -(-end_at // 3600))
    return {(int(area), int(minute)) for area, minute in found}


def stored_intervals(
    reader: Reader, kind: Kind, owner: str, channel: str, within: Span
) -> list[Span]:
    """Return the settled intervals of a series that overlap a span, in order."""
    return _INTERVALS[kind].all(reader, owner, channel, *within)
