"""What collectors must know to plan: sites, areas, ledger, freshness."""

from collections.abc import Sequence
from datetime import UTC, date, datetime

from sqlalchemy import and_, select
from sqlalchemy.engine import Connection

from energy_logger_server.api.absence import Missing
from energy_logger_server.api.amber_models import SiteStatus
from energy_logger_server.api.nem import date_of_day_number, day_number
from energy_logger_server.domain.ledger import DayState, Kind, LedgerDay, SeriesKey
from energy_logger_server.store.records import Freshness, KnownArea, KnownSite
from energy_logger_server.store.schema.amber import SITE, SITE_CHANNEL
from energy_logger_server.store.schema.bookkeeping import LAST_FETCH, LEDGER, SERIES
from energy_logger_server.store.schema.kamo import AREA


def known_sites(connection: Connection) -> tuple[KnownSite, ...]:
    """Return the sites that the account still has, in upstream's order."""
    channels: dict[int, list[tuple[str, str]]] = {}
    for row in connection.execute(
        select(SITE_CHANNEL).order_by(SITE_CHANNEL.c.position)
    ):
        channels.setdefault(row.site_row, []).append((row.identifier, row.type))
    sites = connection.execute(
        select(SITE)
        .where(SITE.c.is_gone.is_(False))
        .order_by(SITE.c.position, SITE.c.id)
    )
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
        for row in sites
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


def known_areas(connection: Connection) -> tuple[KnownArea, ...]:
    """Return the areas that KAMO still lists, in upstream's order."""
    areas = connection.execute(
        select(AREA)
        .where(AREA.c.is_gone.is_(False))
        .order_by(AREA.c.position, AREA.c.id)
    )
    return tuple(
        KnownArea(
            row.id,
            row.name,
            row.abbreviation,
            row.is_aggregate,
            missing_of(row.missing_since, row.missing_readings),
        )
        for row in areas
    )


def ledger_days(
    connection: Connection,
    *,
    kind: Kind | None = None,
    owner: str | None = None,
    first: date | None = None,
    last: date | None = None,
) -> tuple[LedgerDay, ...]:
    """Return ledger lines by day and series, both ends inclusive."""
    conditions = [
        *([SERIES.c.kind == kind.value] if kind else []),
        *([SERIES.c.owner == owner] if owner is not None else []),
        *([LEDGER.c.day >= day_number(first)] if first else []),
        *([LEDGER.c.day <= day_number(last)] if last else []),
    ]
    found = connection.execute(
        select(
            LEDGER,
            SERIES.c.kind,
            SERIES.c.owner,
            SERIES.c.channel,
        )
        .join(SERIES, SERIES.c.id == LEDGER.c.series_id)
        .where(and_(True, *conditions))
        .order_by(LEDGER.c.day, LEDGER.c.series_id)
    )
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
            recheck=row.recheck,
        )
        for row in found
    )


def ledger_counts(connection: Connection) -> Sequence[tuple[str, str, str, int]]:
    """Return kind, owner, state and number of days, for an overview."""
    found = connection.exec_driver_sql(
        "SELECT s.kind, s.owner, l.state, count(*) FROM day_ledger l"
        " JOIN series s ON s.id = l.series_id GROUP BY s.kind, s.owner, l.state"
        " ORDER BY s.kind, s.owner, l.state"
    )
    return [(row[0], row[1], row[2], int(row[3])) for row in found]


def freshness(connection: Connection) -> tuple[Freshness, ...]:
    """Return when each endpoint last gave a usable answer."""
    return tuple(
        Freshness(
            row.endpoint,
            row.owner,
            datetime.fromtimestamp(row.fetched_at_ms / 1000, UTC),
        )
        for row in connection.execute(
            select(LAST_FETCH).order_by(LAST_FETCH.c.endpoint, LAST_FETCH.c.owner)
        )
    )
