"""Lists that the predecessor's paths give, of one site or of several."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from energy_logger_server.api.amber_models import Interval
from energy_logger_server.api.nem import nem_date_at, nem_day_start
from energy_logger_server.store.amber.costs import newest_usage_date
from energy_logger_server.store.amber.forecast import forecast
from energy_logger_server.store.amber.prices import (
    IntervalSpan,
    newest_prices,
    newest_usage,
)
from energy_logger_server.store.db.reader import Reader

from .answers import ForecastRow, PriceRow, UsageRow
from .rows import forecast_row, historical_row, usage_row

OLDEST_FORECAST = timedelta(hours=2)
"""Age at which a forecast is not shown any more."""

# of a month in the shortest intervals, on more channels than a house has
_ALL = 1_000_000
_DAY = timedelta(days=1)


def historical(
    connection: Reader, site_ids: Iterable[str], now: datetime
) -> list[PriceRow]:
    """Return today's prices of intervals that are over."""
    midnight = int(nem_day_start(nem_date_at(now)).timestamp())
    return _in_order(
        (price, historical_row(site_id, price))
        for site_id in site_ids
        for price in newest_prices(
            connection,
            IntervalSpan(site_id, midnight, int(now.timestamp()) + 1, limit=_ALL),
        ).intervals
        if price.ends_at <= now
    )


def expected(
    connection: Reader, site_ids: Iterable[str], now: datetime, ahead: timedelta
) -> list[ForecastRow]:
    """Return what each site's own newest forecast says of the hours to come."""
    until = now + ahead
    span = int(now.timestamp()), int(until.timestamp())
    rows = []
    for site_id in site_ids:
        found = forecast(connection, site_id, span)
        generated_at = found.generated_at
        if generated_at is None or now - generated_at > OLDEST_FORECAST:
            continue
        rows += [
            (one.price, forecast_row(site_id, one.price, generated_at))
            for one in found.prices
            if now < one.price.ends_at <= until
        ]
    return _in_order(rows)


def usage_of_newest_days(
    connection: Reader, site_ids: Iterable[str], days: int
) -> list[UsageRow]:
    """Return the usage of each site's own newest days."""
    rows = []
    for site_id in site_ids:
        newest = newest_usage_date(connection, site_id)
        if newest is None:
            continue
        first = nem_day_start(newest - (days - 1) * _DAY)
        end = nem_day_start(newest) + _DAY
        span = IntervalSpan(
            site_id, int(first.timestamp()), int(end.timestamp()), limit=_ALL
        )
        rows += [
            (usage, usage_row(site_id, usage))
            for usage in newest_usage(connection, span).intervals
        ]
    return _in_order(rows)


def _in_order[Row](rows: Iterable[tuple[Interval, Row]]) -> list[Row]:
    """Return rows by the ends of their intervals; equal ones stay as they are."""
    return [row for _one, row in sorted(rows, key=lambda pair: pair[0].ends_at)]
