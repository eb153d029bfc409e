"""How much there is, and since when: from rollups and keys, never by counting rows."""

from dataclasses import dataclass
from datetime import UTC, datetime

from energy_logger_server.domain.load.central_days import central_day_bounds
from energy_logger_server.store.db.query import Query
from energy_logger_server.store.db.reader import Reader, bounded

_INSTANCE = Query("SELECT value FROM store_meta WHERE name = 'instance_id'")
_SCHEMA = Query("SELECT version_num FROM alembic_version")
_DIRECTORY = Query(
    "SELECT (SELECT count(*) FROM area WHERE NOT is_gone),"
    " (SELECT count(*) FROM site WHERE NOT is_gone),"
    " (SELECT count(*) FROM substation)"
)
_PAST_KAMO = Query(
    "SELECT (SELECT sum(hours) FROM load_day WHERE day < :day),"
    " (SELECT sum(readings) FROM substation_day WHERE day < :day)",
    ("day",),
)
# the newest hour has no rollup of its readings yet
_RECENT_KAMO = Query(
    "SELECT (SELECT sum(hours) FROM load_day WHERE day >= :day),"
    " (SELECT sum(readings) FROM substation_fetch WHERE hour >= :hour)",
    ("day", "hour"),
)
_AMBER_ROWS = Query(
    "SELECT (SELECT sum(intervals) FROM price_day),"
    " (SELECT sum(intervals) FROM usage_day)"
)
_KAMO_EDGES = Query(
    """
SELECT (SELECT min(at) FROM load), (SELECT max(at) FROM load),
  (SELECT hour * 3600 + minute * 60 FROM substation_fetch
    WHERE hour = (SELECT min(hour) FROM substation_fetch) ORDER BY minute LIMIT 1),
  (SELECT hour * 3600 + minute * 60 FROM substation_fetch
    WHERE hour = (SELECT max(hour) FROM substation_fetch)
    ORDER BY minute DESC LIMIT 1)
"""
)
_AMBER_EDGES = Query(
    """
SELECT (SELECT min(end_at) FROM price p WHERE p.series_id = s.id),
  (SELECT max(end_at) FROM price p WHERE p.series_id = s.id),
  (SELECT min(end_at) FROM usage u WHERE u.series_id = s.id),
  (SELECT max(end_at) FROM usage u WHERE u.series_id = s.id)
FROM series s WHERE s.kind IN ('price', 'usage')
"""
)
_SQLITE_BYTES = Query(
    "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size"
)
_POSTGRES_BYTES = Query("SELECT pg_database_size(current_database())")


@dataclass(frozen=True, slots=True)
class KamoCounts:
    """Rows of KAMO over some Central days.

    Attributes:
        load_hours: Hours with a measured load, over all areas.
        readings: Readings of substations.
    """

    load_hours: int
    readings: int

    def __add__(self, other: "KamoCounts") -> "KamoCounts":
        """Return the sum of both."""
        return KamoCounts(
            self.load_hours + other.load_hours, self.readings + other.readings
        )


@dataclass(frozen=True, slots=True)
class StoreFigures:
    """How much a store holds.

    Attributes:
        areas: KAMO's areas, without those that are gone.
        sites: Amber's sites, likewise.
        substations: KAMO's substations, all that ever were.
        prices: Intervals with a settled price, over all channels.
        usage: Intervals with usage, over all registers.
        size_bytes: What the database takes on disk.
        oldest_at: Instant (UTC) of the oldest settled value; None without any.
        newest_at: Instant (UTC) of the newest.
    """

    areas: int
    sites: int
    substations: int
    prices: int
    usage: int
    size_bytes: int
    oldest_at: datetime | None
    newest_at: datetime | None


@bounded
def instance_id(connection: Reader) -> str:
    """Return the store's own random name."""
    return str(_INSTANCE.value(connection))


def schema_version(connection: Reader) -> str | None:
    """Return the schema that the database has now; None if it lost it."""
    version: str | None = _SCHEMA.value(connection)
    return version


def past_kamo_counts(connection: Reader, day: int) -> KamoCounts:
    """Return how many rows KAMO has of the Central days before one.

    Args:
        connection: A reader's.
        day: Days since 1970-01-01; at most the day of the newest reading.
    """
    return KamoCounts(*(int(sum_ or 0) for sum_ in _PAST_KAMO.one(connection, day)))


def recent_kamo_counts(connection: Reader, day: int) -> KamoCounts:
    """Return how many rows KAMO has from a Central day on."""
    first_hour = central_day_bounds(day)[0] // 3600
    sums = _RECENT_KAMO.one(connection, day, first_hour)
    return KamoCounts(*(int(sum_ or 0) for sum_ in sums))


def figures(connection: Reader) -> StoreFigures:
    """Return how much the store holds."""
    areas, sites, substations = _DIRECTORY.one(connection)
    prices, usage = _AMBER_ROWS.one(connection)
    oldest_at, newest_at = edges(connection)
    return StoreFigures(
        areas=areas,
        sites=sites,
        substations=substations,
        prices=int(prices or 0),
        usage=int(usage or 0),
        size_bytes=database_bytes(connection),
        oldest_at=oldest_at,
        newest_at=newest_at,
    )


def database_bytes(connection: Reader) -> int:
    """Return what the database takes on disk."""
    is_postgres = connection.dialect.name == "postgresql"
    return int((_POSTGRES_BYTES if is_postgres else _SQLITE_BYTES).value(connection))


def edges(connection: Reader) -> tuple[datetime | None, datetime | None]:
    """Return the instants (UTC) of the oldest and of the newest settled value."""
    instants = [
        instant
        for row in (_KAMO_EDGES.one(connection), *_AMBER_EDGES.all(connection))
        for instant in row
        if instant is not None
    ]
    if not instants:
        return None, None
    return _instant(min(instants)), _instant(max(instants))


def _instant(epoch_s: int) -> datetime:
    return datetime.fromtimestamp(epoch_s, UTC)
