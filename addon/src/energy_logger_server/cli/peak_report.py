"""What a back-test of the peak watch found, as tables and as JSON."""

from collections.abc import Iterator, Sequence
from datetime import datetime

import click

from energy_logger_server.api.central import CENTRAL
from energy_logger_server.domain.peak_watch.backtest import Tally, tally
from energy_logger_server.domain.peak_watch.history import LoadHistory
from energy_logger_server.domain.peak_watch.report import Report
from energy_logger_server.domain.peak_watch.rule import BillingPeriod
from energy_logger_server.domain.peak_watch.trade_off import Line
from energy_logger_server.web.datasets.backtest_fields import tally_fields
from energy_logger_server.web.datasets.fields import Fields

from .output import Column, print_table

_FEW_PEAKS = 50


def _period_columns(period: BillingPeriod) -> tuple[Column, ...]:
    return (
        Column(period), Column("peak at"), Column("peak kW", 0), Column("caught"),
        Column("days"), Column("announced h"), Column("false alarms"),
        Column("withdrawn h"), Column("trained"),
    )  # fmt: skip


def _trade_off_columns(period: BillingPeriod) -> tuple[Column, ...]:
    return (
        Column("way"), Column("at"), Column("caught"), Column("days"), Column("of"),
        Column(f"hours a {period}", 1), Column(f"worst {period} h"),
        Column("withdrawn h"),
    )  # fmt: skip


def print_report(report: Report) -> None:
    """Print the periods, and all of them together."""
    period = report.order.rule.period
    print_table(f"{period}s".capitalize(), _period_columns(period), _rows(report))
    found = tally(report.judged)
    for sentence in _sentences(report, found):
        click.echo(sentence)


def print_trade_off(lines: Sequence[Line], period: BillingPeriod) -> None:
    """Print what each budget, and each simple rule, catches."""
    rows = [
        (
            line.name,
            name,
            point.caught,
            point.days_caught,
            point.peaks,
            point.mean_hours,
            point.most_hours,
            point.withdrawn_hours,
        )
        for line in lines
        for name, point in line.points
    ]
    print_table("Trade-off", _trade_off_columns(period), rows)


def trade_off_fields(lines: Sequence[Line]) -> list[Fields]:
    """Return the trade-off for programs."""
    return [
        {
            "name": line.name,
            "points": [
                {"name": name, **tally_fields(point)} for name, point in line.points
            ],
        }
        for line in lines
    ]


def _rows(report: Report) -> Iterator[Sequence[object]]:
    for one in report.judged:
        peak = one.peaks[0] if one.peaks else None
        yield (
            f"{one.period.first:%Y-%m}",
            None if peak is None else f"{_begins(report.history, peak):%a %d %H:%M %Z}",
            None if peak is None else report.history.load_kw[peak],
            f"{len(one.caught)} of {len(one.peaks)}",
            one.days_caught,
            len(one.announced),
            one.false_alarms,
            sum(hour.withdrawn_at is not None for hour in one.announced),
            "yes" if one.is_trained else "no",
        )


def _sentences(report: Report, found: Tally) -> Iterator[str]:
    period = report.order.rule.period
    yield (
        f"{found.caught} of {found.peaks} peaks caught,"
        f" {found.mean_hours:.1f} hours announced a {period},"
        f" {found.most_hours} at most"
    )
    if found.days_caught > found.caught:
        yield f"{found.days_caught} of their {found.peaks} days had an announced hour"
    if period is BillingPeriod.SEASON:
        yield f"{_hours_a_year(report, found):.1f} hours announced a year"
    if found.peaks < _FEW_PEAKS:
        yield f"{found.peaks} peaks are few: luck alone makes it several more or less"
    untrained = sum(not one.is_trained for one in report.judged)
    if untrained:
        yield (
            f"{untrained} {period}s untrained: less than a year of history before them"
        )
    shown = report.reliability
    if shown is not None:
        yield (
            f"probabilities: Brier skill {shown.brier_skill:+.2f}, sum"
            f" {shown.period_sum:.2f} a peak: shown"
            f" {'in per cent' if shown.is_shown else 'as words'}"
        )
    saved = report.order.worth.of(found.caught)
    if saved.kw_months is not None:
        money = "" if saved.money is None else f", worth {saved.money:,.2f}"
        yield f"{saved.kw_months:,.0f} kW of peaks saved{money}"


def _hours_a_year(report: Report, found: Tally) -> float:
    """Return announced hours by seasons, as many of them as a year has."""
    seasons = {one.period.first.month for one in report.judged}
    return found.mean_hours * len(seasons)


def _begins(history: LoadHistory, hour: int) -> datetime:
    return datetime.fromtimestamp(history.hour_at(hour), CENTRAL)
