"""``energy-logger peaks``: what the peak watch would have announced."""

from pathlib import Path

import click

from energy_logger_server.config.load import load_settings
from energy_logger_server.domain.peak_watch.history import LoadHistory
from energy_logger_server.domain.peak_watch.numbers_text import parse_numbers
from energy_logger_server.domain.peak_watch.past import FittedOn, Past
from energy_logger_server.domain.peak_watch.report import (
    BacktestOrder,
    Worth,
    report_on,
)
from energy_logger_server.domain.peak_watch.rule import BillingPeriod, PeakRule
from energy_logger_server.domain.peak_watch.trade_off import trade_off
from energy_logger_server.errors import ConfigurationError, PlaceUnusable
from energy_logger_server.store.db.reader import Reader
from energy_logger_server.store.kamo.areas import area_named
from energy_logger_server.store.kamo.load_hours import load_history
from energy_logger_server.web.datasets.backtest_fields import report_fields

from .load_file import load_from
from .output import json_option, print_json
from .peak_picture import picture
from .peak_report import print_report, print_trade_off, trade_off_fields
from .reading import stored
from .running import run_until_stopped


@click.group()
def peaks() -> None:
    """The hours that set the bill, announced in time."""


@peaks.command("backtest")
@click.option("--area", help="KAMO's number or abbreviation of an area.")
@click.option(
    "--lead",
    "lead_hours",
    type=click.IntRange(1, 12),
    default=2,
    show_default=True,
    help="Hours from an announcement to the hour's beginning, at the least.",
)
@click.option(
    "--budget",
    "most_hours",
    type=click.IntRange(1, 200),
    help="Hours announced in a month or season, at the most; none: no bound.",
)
@click.option(
    "--mean",
    "mean_hours",
    type=click.FloatRange(0.5, 200),
    help="The same on average; none: as the budget, or 13.",
)
@click.option(
    "--period",
    type=click.Choice([one.value for one in BillingPeriod]),
    default=BillingPeriod.MONTH.value,
    callback=lambda _context, _option, value: BillingPeriod(value),
    show_default=True,
    help="Over what the peak is sought: each month, or those that follow each other.",
)
@click.option(
    "--months",
    default="1-12",
    callback=lambda _context, _option, value: _months(value),
    show_default=True,
    help="Months that are billed, such as 6-9,12-3.",
)
@click.option(
    "--peaks",
    "peak_days",
    type=click.IntRange(1, 31),
    default=1,
    show_default=True,
    help="Days of a month or season that are billed, each with its highest hour.",
)
@click.option(
    "--fit",
    "fitted_on",
    type=click.Choice([one.value for one in FittedOn]),
    default=FittedOn.PAST.value,
    callback=lambda _context, _option, value: FittedOn(value),
    show_default=True,
    help="What each month is judged by: months before it, or other years.",
)
@click.option(
    "--from",
    "file",
    type=click.Path(path_type=Path),
    help="Read this CSV instead of the store.",
)
@click.option("--own-forecast", is_flag=True, help="Leave the file's forecast out.")
@click.option(
    "--shed-kw",
    type=click.FloatRange(0),
    help="Load that is shed in an announced hour, kW.",
)
@click.option("--price", type=click.FloatRange(0), help="Of a kW of the month's peak.")
@click.option("--trade-off", "is_trade_off", is_flag=True, help="Try many budgets.")
@click.option(
    "--picture",
    "picture_file",
    type=click.Path(path_type=Path),
    help="Draw the trade-off into this SVG file.",
)
@json_option
def backtest_command(  # noqa: PLR0913 - an option each
    *,
    area: str | None,
    lead_hours: int,
    most_hours: int | None,
    mean_hours: float | None,
    period: BillingPeriod,
    months: frozenset[int],
    peak_days: int,
    fitted_on: FittedOn,
    file: Path | None,
    own_forecast: bool,
    shed_kw: float | None,
    price: float | None,
    is_trade_off: bool,
    picture_file: Path | None,
    as_json: bool,
) -> None:
    """Show which hours the peak watch would have announced, and what came of it.

    Nothing is announced from what was not known by then. The history is that of the
    store, or a file with the columns hour_ending_utc, demand_mw and, if there are any,
    screening and forecast_mw.
    """
    if picture_file is not None:
        _check_place(picture_file)
    history = _history(area, file, uses_forecast=not own_forecast)
    if history is None:
        return
    rule = PeakRule(months=months, peaks=peak_days, period=period)
    worth = Worth(shed_kw, price)
    order = BacktestOrder(rule, lead_hours, most_hours, mean_hours, fitted_on, worth)
    past = Past.of(history, rule, lead_hours)
    if not past.periods:
        raise ConfigurationError([order.too_little])
    if is_trade_off or picture_file is not None:
        lines = [*trade_off(past, fitted_on)]
        if picture_file is not None:
            picture_file.write_text(
                picture("Peaks caught, by announced hours", lines, period)
            )
        if as_json:
            print_json(trade_off_fields(lines))
        else:
            print_trade_off(lines, period)
        return
    report = report_on(past, order)
    if as_json:
        print_json(report_fields(report))
    else:
        print_report(report)


def _months(text: str) -> frozenset[int]:
    try:
        return parse_numbers(text, 1, 12).chosen
    except ValueError as err:
        raise click.BadParameter("must be months such as 6-9,12-3") from err


def _history(
    area: str | None, file: Path | None, *, uses_forecast: bool
) -> LoadHistory | None:
    """Return the history that is asked for; None if a signal stopped the reading."""
    if file is not None:
        history = load_from(file)
        if uses_forecast:
            return history
        return LoadHistory(history.first_hour, history.load_kw)
    if area is None:
        raise ConfigurationError(["say whose history: by --area, or by --from"])
    return run_until_stopped(stored(load_settings(), _stored_history, area))


def _stored_history(connection: Reader, name: str) -> LoadHistory:
    area = area_named(connection, name)
    if area is None:
        raise ConfigurationError([f"there is no area {name!r}: see the table areas"])
    history = load_history(connection, area.area_id)
    if history is None:
        raise ConfigurationError([f"no load of {area.name} is stored yet"])
    return history


def _check_place(picture_file: Path) -> None:
    """Fail now, and not after a minute of reckoning, if a file cannot be written."""
    try:
        picture_file.touch()
    except OSError as err:
        raise PlaceUnusable(
            "cannot draw into", picture_file, err, setting="--picture"
        ) from err
