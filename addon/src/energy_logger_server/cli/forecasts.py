"""``energy-logger forecasts``: which one can be trusted, how far ahead."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import click

from energy_logger_server.api.central import CENTRAL
from energy_logger_server.api.nem import NEM_TIME
from energy_logger_server.clock import SystemClock
from energy_logger_server.config.load import load_settings
from energy_logger_server.domain.forecasts.report import (
    CorrectionLine,
    ScoreLine,
    ScoreOrder,
    ScoreReport,
)
from energy_logger_server.errors import ConfigurationError
from energy_logger_server.store.amber.forecast_scores import price_scores
from energy_logger_server.store.amber.prices import sites
from energy_logger_server.store.db.reader import Reader
from energy_logger_server.store.kamo.areas import area_named
from energy_logger_server.store.kamo.forecast_scores import load_scores
from energy_logger_server.store.records import KnownArea
from energy_logger_server.web.datasets.fields import area_fields
from energy_logger_server.web.datasets.forecast_scores import (
    DEFAULT_DAYS,
    LOAD_UNIT,
    MOST_DAYS,
    PRICE_UNIT,
    score_order,
    scores_fields,
)

from .output import Column, json_option, print_json, print_table
from .reading import stored
from .running import run_until_stopped

_MINUTES_AN_HOUR = 60


@dataclass(frozen=True, slots=True)
class _SiteScores:
    site_id: str
    report: ScoreReport


@dataclass(frozen=True, slots=True)
class _AreaScores:
    area: KnownArea
    report: ScoreReport


@click.group()
def forecasts() -> None:
    """Which forecast can be trusted, how far ahead."""


@forecasts.command("scores")
@click.option(
    "--area", help="KAMO's number or abbreviation of an area; none: Amber's prices."
)
@click.option(
    "--days",
    type=click.IntRange(1, MOST_DAYS),
    default=DEFAULT_DAYS,
    show_default=True,
    help="How many local dates that are over; today is added to them.",
)
@click.option("--by-hour", is_flag=True, help="Score each hour of the day by itself.")
@json_option
def scores_command(
    *, area: str | None, days: int, by_hour: bool, as_json: bool
) -> None:
    """Show how far off each forecast that was kept has been.

    Above 0 a bias says that too much was forecast. Skill is the share of persistence's
    error that the forecast avoids: 0 is as good as no forecast, below 0 worse.
    """
    if area is None:
        _show_prices(days, is_by_hour=by_hour, as_json=as_json)
    else:
        _show_load(area, days, is_by_hour=by_hour, as_json=as_json)


def _show_prices(days: int, *, is_by_hour: bool, as_json: bool) -> None:
    order = score_order(SystemClock().now(), days, NEM_TIME, is_by_hour=is_by_hour)
    found = run_until_stopped(stored(load_settings(), _site_scores, order))
    if found is None:
        return
    if as_json:
        listed = [
            {
                "site_id": one.site_id,
                **scores_fields(one.report, order, NEM_TIME, PRICE_UNIT),
            }
            for one in found
        ]
        print_json({"sites": listed})
        return
    if not found:
        click.echo("no site is stored yet")
    for one in found:
        _print(f"Forecasts of site {one.site_id}", one.report, order, PRICE_UNIT)


def _show_load(area: str, days: int, *, is_by_hour: bool, as_json: bool) -> None:
    order = score_order(SystemClock().now(), days, CENTRAL, is_by_hour=is_by_hour)
    found = run_until_stopped(stored(load_settings(), _area_scores, area, order))
    if found is None:
        return
    if as_json:
        fields = scores_fields(found.report, order, CENTRAL, LOAD_UNIT)
        print_json({**area_fields(found.area), **fields})
    else:
        _print(f"Forecasts of {found.area.name}", found.report, order, LOAD_UNIT)


def _site_scores(connection: Reader, order: ScoreOrder) -> tuple[_SiteScores, ...]:
    return tuple(
        _SiteScores(one.site.id, price_scores(connection, one.site.id, order))
        for one in sites(connection)
    )


def _area_scores(connection: Reader, name: str, order: ScoreOrder) -> _AreaScores:
    area = area_named(connection, name)
    if area is None:
        raise ConfigurationError([f"there is no area {name!r}: see the table areas"])
    return _AreaScores(area, load_scores(connection, area.area_id, order))


def _print(title: str, report: ScoreReport, order: ScoreOrder, unit: str) -> None:
    digits = 1 if unit == LOAD_UNIT else 2
    columns = [
        Column("channel"),
        Column("forecast"),
        Column("ahead"),
        Column("count"),
        Column("days"),
        Column(f"error {unit}", digits),
        Column(f"bias {unit}", digits),
        Column(f"pinball {unit}", digits),
        Column("skill", 2),
        Column("corrected"),
    ]
    if order.is_by_hour:
        columns.insert(3, Column("hour"))
    print_table(
        title,
        columns,
        _rows(report, order),
        nothing="none was kept of these days",
    )


def _rows(report: ScoreReport, order: ScoreOrder) -> Iterable[list[object]]:
    corrections: Mapping[tuple[str, str, int], CorrectionLine] = {
        (one.channel, one.forecast, one.horizon_minutes): one
        for one in report.corrections
    }
    for line in report.scores:
        key = line.channel, line.forecast, line.horizon_minutes
        row = _cells(line, corrections.get(key))
        if order.is_by_hour:
            row.insert(3, line.hour)
        yield row


def _cells(line: ScoreLine, correction: CorrectionLine | None) -> list[object]:
    score = line.score
    return [
        line.channel,
        line.forecast,
        ahead_text(line.horizon_minutes),
        score.count,
        f"{score.days} (few)" if score.is_small else score.days,
        score.mae,
        score.bias,
        score.pinball,
        score.skill,
        correction_text(correction),
    ]


def ahead_text(minutes: int) -> str:
    """Return a horizon as a table tells it, such as ``30 min`` or ``12 h``."""
    if minutes % _MINUTES_AN_HOUR:
        return f"{minutes} min"
    return f"{minutes // _MINUTES_AN_HOUR} h"


def correction_text(line: CorrectionLine | None) -> str:
    """Return whether a forecast is corrected; nothing of what never is."""
    if line is None:
        return ""
    if line.correction is None:
        return "too few days"
    if not line.correction.is_on:
        return "no better"
    return f"{line.correction.gain:.1%} better"
