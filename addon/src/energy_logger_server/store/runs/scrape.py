"""What a scrape of the metrics reads besides the totals; a few keyed reads."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from energy_logger_server.api.amber_models import Price
from energy_logger_server.domain.collecting.runs import Outcome, Source
from energy_logger_server.store.amber.prices import current_prices
from energy_logger_server.store.db.query import Query
from energy_logger_server.store.db.reader import Reader
from energy_logger_server.store.kamo.load import newest_hour
from energy_logger_server.store.ledger.planning import (
    freshness,
    known_areas,
    known_sites,
)
from energy_logger_server.store.records import Freshness, KnownArea

_DAY = timedelta(hours=24)
_CURRENT_LOAD = timedelta(hours=2)
"""An hour that began longer ago says nothing of the present load."""

# a backfill that uses up every call makes about ten thousand runs a day
_MOST_RUNS_OF_A_DAY = 20_000
_RUN_COUNTS = Query(
    "SELECT source, outcome, count(*) FROM (SELECT source, outcome, started_at_ms"
    " FROM run ORDER BY id DESC LIMIT :runs) lately WHERE started_at_ms > :edge"
    " GROUP BY source, outcome",
    ("runs", "edge"),
)


@dataclass(frozen=True, slots=True)
class AreaLoad:
    """The present load of an area, kW."""

    area: KnownArea
    load_kw: float


@dataclass(frozen=True, slots=True)
class SitePrice:
    """The price of one channel of a site whose interval covers this moment."""

    site_id: str
    price: Price


@dataclass(frozen=True, slots=True, kw_only=True)
class ScrapedStore:
    """The store at one moment, as far as metrics show it.

    Attributes:
        runs: Runs that began in the last 24 hours, by how they ended.
        fetches: When each endpoint last gave a usable answer.
        loads: Of the areas that have a present one.
        prices: By site and channel.
    """

    runs: Mapping[tuple[Source, Outcome], int]
    fetches: tuple[Freshness, ...]
    loads: tuple[AreaLoad, ...]
    prices: tuple[SitePrice, ...]


def scraped(connection: Reader, now: datetime) -> ScrapedStore:
    """Return what metrics show of the store."""
    return ScrapedStore(
        runs=_run_counts(connection, now - _DAY),
        fetches=freshness(connection),
        loads=_loads(connection, now),
        prices=tuple(
            SitePrice(site.site_id, price)
            for site in known_sites(connection)
            for price in current_prices(connection, site.site_id, now)
        ),
    )


def _run_counts(
    connection: Reader, began_after: datetime
) -> Mapping[tuple[Source, Outcome], int]:
    edge_ms = began_after.timestamp() * 1000
    return {
        (Source(source), Outcome(outcome)): number
        for source, outcome, number in _RUN_COUNTS.all(
            connection, _MOST_RUNS_OF_A_DAY, edge_ms
        )
    }


def _loads(connection: Reader, now: datetime) -> tuple[AreaLoad, ...]:
    newest = (
        (area, newest_hour(connection, area.area_id))
        for area in known_areas(connection)
    )
    return tuple(
        AreaLoad(area, hour.load_kw)
        for area, hour in newest
        if hour is not None and now - hour.hour_at < _CURRENT_LOAD
    )
