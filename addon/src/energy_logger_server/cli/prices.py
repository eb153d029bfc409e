"""``energy-logger prices``: how Amber's prices were."""

from dataclasses import dataclass
from datetime import timedelta

import click

from energy_logger_server.api.nem import nem_day_start
from energy_logger_server.clock import SystemClock
from energy_logger_server.config.load import load_settings
from energy_logger_server.domain.costs.costs import Dates
from energy_logger_server.store.amber.prices import sites
from energy_logger_server.store.amber.stats import PriceSummary, price_summaries
from energy_logger_server.store.db.reader import Reader
from energy_logger_server.web.datasets.nem_dates import last_days
from energy_logger_server.web.datasets.prices import price_summary

from .costs import dates_text, days_option, span_fields
from .output import Column, json_option, print_json, print_table
from .reading import stored
from .running import run_until_stopped

_COLUMNS = (
    Column("channel"),
    Column("intervals"),
    Column("lowest c/kWh", 2),
    Column("highest c/kWh", 2),
    Column("mean c/kWh", 2),
    Column("mean spot c/kWh", 2),
    Column("renewables %", 1),
    Column("spikes"),
)


@dataclass(frozen=True, slots=True)
class _SitePrices:
    """Figures of a site's channels, at least one."""

    site_id: str
    channels: tuple[PriceSummary, ...]


@click.command()
@days_option
@json_option
def prices(days: int, *, as_json: bool) -> None:
    """Show the lowest, highest and mean price of Amber's channels.

    Only settled prices count, with upstream's signs: a negative one of feedIn is what
    you earn. Each minute counts alike in a mean.
    """
    dates = last_days(days, SystemClock().now())
    found = run_until_stopped(stored(load_settings(), _site_prices, dates))
    if found is None:
        return
    if as_json:
        listed = [
            {"site_id": one.site_id, "channels": [*map(price_summary, one.channels)]}
            for one in found
        ]
        print_json({**span_fields(dates), "sites": listed})
        return
    if not found:
        click.echo(f"no settled prices are stored of {dates_text(dates)}")
    for one in found:
        title = f"Prices of site {one.site_id}, {dates_text(dates)}"
        print_table(title, _COLUMNS, map(_cells, one.channels))


def _site_prices(connection: Reader, dates: Dates) -> tuple[_SitePrices, ...]:
    """Return the figures of each site with prices, those that are gone included."""
    first, last = dates
    span = (
        int(nem_day_start(first).timestamp()),
        int(nem_day_start(last + timedelta(days=1)).timestamp()),
    )
    return tuple(
        _SitePrices(listed.site.id, channels)
        for listed in sites(connection)
        if (channels := price_summaries(connection, listed.site.id, span))
    )


def _cells(one: PriceSummary) -> tuple[object, ...]:
    return (
        one.channel_type,
        one.intervals,
        one.min_cents_per_kwh,
        one.max_cents_per_kwh,
        one.mean_cents_per_kwh,
        one.mean_spot_cents_per_kwh,
        one.mean_renewables_percent,
        one.spike_intervals,
    )
