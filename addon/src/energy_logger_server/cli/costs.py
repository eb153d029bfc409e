"""``energy-logger costs``: what each day cost, register by register."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import click

from energy_logger_server.api.nem import NEM_TIME
from energy_logger_server.clock import SystemClock
from energy_logger_server.config.load import load_settings
from energy_logger_server.domain.costs.costs import (
    CostDay,
    Dates,
    Money,
    PeriodCost,
    RegisterCost,
    added_up,
    aud,
    days_between,
    kwh,
)
from energy_logger_server.store.amber.costs import cost_days, newest_usage_date
from energy_logger_server.store.amber.prices import sites
from energy_logger_server.store.db.reader import Reader
from energy_logger_server.web.datasets.columns import all_fields_of
from energy_logger_server.web.datasets.costs import REGISTER, money
from energy_logger_server.web.datasets.fields import Fields
from energy_logger_server.web.datasets.nem_dates import MOST_DAYS, last_days

from .output import Column, json_option, print_json, print_table
from .reading import stored
from .running import run_until_stopped

DEFAULT_DAYS = 7

days_option = click.option(
    "--days",
    type=click.IntRange(1, MOST_DAYS),
    default=DEFAULT_DAYS,
    show_default=True,
    help="How many NEM dates that are over; today is added to them.",
)

COST_COLUMNS = (
    Column("NEM date"),
    Column("channel"),
    Column("import kWh", 3),
    Column("export kWh", 3),
    Column("cost AUD", 2),
    Column("credit AUD", 2),
    Column("net AUD", 2),
    Column("complete"),
)


@dataclass(frozen=True, slots=True)
class SiteCosts:
    """Costs of a site.

    Attributes:
        site_id: Whose.
        dates: First and last NEM date that was asked for.
        days: Those with usage, ascending; at least one.
    """

    site_id: str
    dates: Dates
    days: Sequence[CostDay]

    @property
    def total(self) -> PeriodCost:
        """What they come to together."""
        return added_up(self.dates[0], self.days, days_between(self.dates))


@click.command()
@days_option
@json_option
def costs(days: int, *, as_json: bool) -> None:
    """Show what each day cost at Amber, by channel and in sum.

    A credit is positive when you earn; the net cost is the cost less the credit.
    """
    dates = last_days(days, SystemClock().now())
    found = run_until_stopped(stored(load_settings(), site_costs, dates))
    if found is None:
        return
    if as_json:
        print_json({**span_fields(dates), "sites": [*map(costs_fields, found)]})
        return
    if not found:
        click.echo(f"no usage is stored of {dates_text(dates)}")
    for one in found:
        title = f"Costs of site {one.site_id}, {dates_text(one.dates)}"
        print_table(title, COST_COLUMNS, (*cost_rows(one.days), _total_row(one)))


def site_costs(connection: Reader, dates: Dates) -> tuple[SiteCosts, ...]:
    """Return the costs of each site with usage, those that are gone included."""
    return tuple(
        SiteCosts(listed.site.id, dates, days)
        for listed in sites(connection)
        if (days := cost_days(connection, listed.site.id, dates))
    )


def newest_costs(connection: Reader) -> tuple[SiteCosts, ...]:
    """Return what the newest date with usage cost, for each site that has any."""
    return tuple(
        SiteCosts(site_id, (day, day), cost_days(connection, site_id, (day, day)))
        for site_id in [listed.site.id for listed in sites(connection)]
        if (day := newest_usage_date(connection, site_id))
    )


def dates_text(dates: Dates) -> str:
    """Return first and last date as a title shows them."""
    first, last = dates
    return f"NEM dates {first} to {last}"


def span_fields(dates: Dates) -> Fields:
    """Return first and last date as JSON shows them."""
    first, last = dates
    return {"first_date": first, "last_date": last, "zone": str(NEM_TIME)}


def costs_fields(one: SiteCosts) -> Fields:
    """Return a site's costs under the names that the API gives them."""
    return {
        "site_id": one.site_id,
        "days": [
            {
                "date": day.day,
                "is_complete": day.is_complete,
                **money(Money.of(day.registers)),
                "registers": all_fields_of(REGISTER, day.registers),
            }
            for day in one.days
        ],
        "total": {
            "days": one.total.days,
            "days_complete": one.total.days_complete,
            **money(Money.of(one.total.registers)),
        },
    }


def cost_rows(days: Sequence[CostDay]) -> Iterator[Sequence[object]]:
    """Yield the cells of each day's registers, and of all of them if they are several.

    See ``COST_COLUMNS``.
    """
    for day in days:
        complete = "yes" if day.is_complete else "no"
        for register in sorted(day.registers, key=lambda one: one.identifier):
            channel = f"{register.identifier} {register.channel_type}"
            yield day.day, channel, *_money_cells((register,)), complete
        if len(day.registers) > 1:
            yield day.day, "all", *_money_cells(day.registers), complete


def _total_row(one: SiteCosts) -> Sequence[object]:
    total = one.total
    complete = f"{total.days_complete} of {total.days} days"
    return "total", "all", *_money_cells(total.registers), complete


def _money_cells(registers: Sequence[RegisterCost]) -> Sequence[float | None]:
    sums = Money.of(registers)
    return (
        kwh(sums.import_e3),
        kwh(sums.export_e3),
        aud(sums.import_e4),
        aud(sums.export_e4),
        aud(sums.net_e4),
    )
