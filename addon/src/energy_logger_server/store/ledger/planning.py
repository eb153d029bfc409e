"""What collectors must know to plan: sites, areas, ledger, freshness."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from functools import cache
from typing import NamedTuple

from energy_logger_server.api.absence import Missing
from energy_logger_server.api.amber_models import SiteStatus
from energy_logger_server.api.nem import date_of_day_number, day_number
from energy_logger_server.domain.collecting.ledger import (
    DayState,
    Kind,
    LedgerDay,
    SeriesKey,
)
from energy_logger_server.store.db.query import Query, columns_of
from energy_logger_server.store.db.reader import Reader, bounded
from energy_logger_server.store.records import Freshness, KnownArea, KnownSite


class _Channel(NamedTuple):
    site_row: int
    identifier: str
    type: str


class _Site(NamedTuple):
    id: int
    site_id: str
    status: str
    active_from: str | None
    closed_on: str | None
    interval_length_minutes: int | None
    missing_since: int | None
    missing_readings: int


class _Area(NamedTuple):
    id: int
    name: str
    abbreviation: str
    is_aggregate: bool
    missing_since: int | None
    missing_readings: int


class _Day(NamedTuple):
    kind: str
    owner: str
    channel: str
    day: int
    state: str
    expected_minutes: int
    present_minutes: int
    estimated_minutes: int
    attempts: int
    checked_at: int
    cause: str | None
    recheck: bool


class _Fetch(NamedTuple):
    endpoint: str
    owner: str
    fetched_at_ms: int


class LedgerCount(NamedTuple):
    """How many days of an owner's data are in a state."""

    kind: str
    owner: str
    state: str
    days: int


_CHANNELS = Query(
    f"SELECT {columns_of(_Channel)} FROM site_channel ORDER BY position", row=_Channel
)
_SITES = Query(
    f"SELECT {columns_of(_Site)} FROM site WHERE NOT is_gone ORDER BY position, id",
    row=_Site,
)
_AREAS = Query(
    f"SELECT {columns_of(_Area)} FROM area WHERE NOT is_gone ORDER BY position, id",
    row=_Area,
)
_FETCHES = Query(
    f"SELECT {columns_of(_Fetch)} FROM last_fetch ORDER BY endpoint, owner", row=_Fetch
)
_COUNTS = Query(
    "SELECT s.kind, s.owner, l.state, count(*) AS days FROM day_ledger l"
    " JOIN series s ON s.id = l.series_id GROUP BY s.kind, s.owner, l.state"
    " ORDER BY s.kind, s.owner, l.state",
    row=LedgerCount,
)


@cache
def _days_query(conditions: tuple[str, ...]) -> Query[_Day]:
    where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
    return Query(
        f"SELECT {columns_of(_Day)} FROM day_ledger l"
        f" JOIN series s ON s.id = l.series_id{where} ORDER BY l.day, l.series_id",
        [condition.rpartition(":")[2] for condition in conditions],
        row=_Day,
    )


@bounded
def known_sites(connection: Reader) -> tuple[KnownSite, ...]:
    """Return the sites that the account still has, in upstream's order."""
    channels: dict[int, list[tuple[str, str]]] = {}
    for row in _CHANNELS.all(connection):
        channels.setdefault(row.site_row, []).append((row.identifier, row.type))
    return tuple(
        KnownSite(
            site_id=row.site_id,
            status=row.status,
            is_active=_is_active(row.status, row.closed_on),
            active_from=_date(row.active_from),
            closed_on=_date(row.closed_on),
            interval_length_minutes=row.interval_length_minutes,
            price_channels=tuple(
                dict.fromkeys(kind for _name, kind in channels.get(row.id, []))
            ),
            usage_channels=tuple(name for name, _kind in channels.get(row.id, [])),
            missing=missing_of(row.missing_since, row.missing_readings),
        )
        for row in _SITES.all(connection)
    )


def _is_active(status: str, closed_on: str | None) -> bool:
    """Return whether a site is active; one of an unheard-of status is if not closed.

    Asking in vain is said and costs little; prices not asked for are lost.
    """
    if status in tuple(SiteStatus):
        return status == SiteStatus.ACTIVE
    return closed_on is None


def missing_of(since: int | None, readings: int) -> Missing | None:
    """Return how long a list has lacked an entry, from its row's columns."""
    if since is None:
        return None
    first_at = datetime.fromtimestamp(since, UTC)
    # when the last one was is not kept: that it was not before the first is enough
    return Missing(readings, first_at, first_at)


def _date(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


@bounded
def known_areas(connection: Reader) -> tuple[KnownArea, ...]:
    """Return the areas that KAMO still lists, in upstream's order."""
    return tuple(
        KnownArea(
            row.id,
            row.name,
            row.abbreviation,
            bool(row.is_aggregate),
            missing_of(row.missing_since, row.missing_readings),
        )
        for row in _AREAS.all(connection)
    )


def ledger_days(
    connection: Reader,
    *,
    kind: Kind | None = None,
    owner: str | None = None,
    first: date | None = None,
    last: date | None = None,
) -> tuple[LedgerDay, ...]:
    """Return ledger lines by day and series, both ends inclusive."""
    asked = {
        "s.kind = :kind": None if kind is None else kind.value,
        "s.owner = :owner": owner,
        "l.day >= :first": None if first is None else day_number(first),
        "l.day <= :last": None if last is None else day_number(last),
    }
    conditions = {text: value for text, value in asked.items() if value is not None}
    found = _days_query(tuple(conditions)).all(connection, *conditions.values())
    return tuple(
        LedgerDay(
            series=SeriesKey(Kind(row.kind), row.owner, row.channel),
            day=date_of_day_number(row.day),
            state=DayState(row.state),
            expected_minutes=row.expected_minutes,
            present_minutes=row.present_minutes,
            estimated_minutes=row.estimated_minutes,
            attempts=row.attempts,
            checked_at=datetime.fromtimestamp(row.checked_at, UTC),
            cause=row.cause,
            recheck=bool(row.recheck),
        )
        for row in found
    )


def ledger_counts(connection: Reader) -> Sequence[LedgerCount]:
    """Return how many days are in which state, for an overview."""
    return _COUNTS.all(connection)


@bounded
def freshness(connection: Reader) -> tuple[Freshness, ...]:
    """Return when each endpoint last gave a usable answer."""
    return tuple(
        Freshness(
            row.endpoint,
            row.owner,
            datetime.fromtimestamp(row.fetched_at_ms / 1000, UTC),
        )
        for row in _FETCHES.all(connection)
    )
