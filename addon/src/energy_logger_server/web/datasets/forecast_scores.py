"""Scores of forecasts, as answers and commands tell them."""

from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import TypedDict

import voluptuous as vol

from energy_logger_server.domain.forecasts.corrected import CorrectedForecast
from energy_logger_server.domain.forecasts.correction import Way
from energy_logger_server.domain.forecasts.report import (
    CorrectionLine,
    ScoreLine,
    ScoreOrder,
    ScoreReport,
)
from energy_logger_server.web.http.answer_types import Date, Time
from energy_logger_server.web.http.checks import Flag, WholeNumber

from .fields import AreaAnswer, maybe_rounded, rounded

MOST_DAYS = 365
DEFAULT_DAYS = 60
PRICE_UNIT, LOAD_UNIT = "c/kWh", "kW"

_DIGITS = 4

SCORES_QUERY = {
    vol.Optional(
        "days",
        default=str(DEFAULT_DAYS),
        description="How many local dates that are over to score; today is added.",
    ): WholeNumber(1, MOST_DAYS),
    vol.Optional(
        "by_hour",
        default="false",
        description="Whether each local hour of the day has scores of its own.",
    ): Flag(),
}
"""What ``score_order`` goes by, to be spread into a schema."""


class ScoreAnswer(TypedDict):
    """How good one forecast was at one horizon; all null that nothing is known of."""

    channel: str | None
    """Of a site; null of an area."""
    forecast: str
    """`spot`, `predicted`, `low` or `high`; of an area the label of the line."""
    horizon_minutes: int
    """How long before its interval began the forecast counted."""
    hour: int | None
    """Local hour in which the intervals begin, 0 to 23; null for all of them."""
    count: int
    """Intervals that were judged."""
    days: int
    """Local dates that they lie on."""
    is_small: bool
    """Whether that is fewer than 14 days: the score says little."""
    mae: float | None
    """Mean absolute error, in `unit` like the others."""
    bias: float | None
    """Mean of forecast less what came: above 0 too much was forecast."""
    level: float | None
    """Assumed share of values at or below it; null of what is no part of a band."""
    pinball: float | None
    """Mean pinball loss at that level."""
    share_at_or_below: float | None
    """Share of what came that was not above the forecast, 0 to 1."""
    persistence_count: int
    """Intervals for which persistence is known as well."""
    persistence_mae: float | None
    """Mean absolute error of persistence over these."""
    skill: float | None
    """1 less the forecast's error by that of persistence, over these: 1 is perfect, 0
    as good as persistence, below 0 worse."""
    without_actual: int
    """Forecasts left out: nothing settled is known of their intervals."""
    minutes_without_forecast: int
    """For how long a value is known and no such forecast was kept."""


class CorrectionAnswer(TypedDict):
    """Whether one forecast is corrected by its running error at one horizon."""

    channel: str | None
    """Of a site; null of an area."""
    forecast: str
    horizon_minutes: int
    is_on: bool
    """Whether the corrected forecast was better over the last 60 days."""
    way: Way | None
    """The better one: errors of all hours, or of the same hour of the day; null while
    too few days can be judged, like the following ones."""
    count: int
    """Intervals it was judged on."""
    days: int
    """Local dates that they lie on."""
    mae: float | None
    """Of the forecast on these, in `unit`."""
    corrected_mae: float | None
    """Of the corrected forecast, each with what was known when the forecast counted."""
    gain: float | None
    """Share of the error that correction takes away; below 0 it adds."""


class CorrectedAnswer(TypedDict):
    """A forecast of an interval to come."""

    channel: str | None
    """Of a site; null of an area."""
    forecast: str
    """`spot` or `predicted`; of an area the label of the line."""
    starts_at: Time
    ends_at: Time
    """Of an hour of load: an hour after the instant of its label."""
    horizon_minutes: int
    """The nearest one: its running error counts."""
    value: float
    """What is forecast, in `unit`."""
    corrected: float | None
    """The same less the running error; null where that was not better."""


class _CorrectedAnswer(TypedDict):
    """Forecasts of the next 24 hours."""

    unit: str
    """Of every value."""
    data: list[CorrectedAnswer]
    """In ascending order, then by channel and forecast."""


class CorrectedPricesAnswer(_CorrectedAnswer):
    """Forecasts of a site's prices."""

    site_id: str


class CorrectedLoadAnswer(AreaAnswer, _CorrectedAnswer):
    """Forecasts of an area's load."""


class _ScoresAnswer(TypedDict):
    """How good forecasts were."""

    unit: str
    """Of every error."""
    first_date: Date
    """First local date that is scored."""
    last_date: Date
    """Today, so far."""
    zone: str
    """Whose dates and hours count."""
    data: list[ScoreAnswer]
    """By channel, forecast, horizon and hour."""
    corrections: list[CorrectionAnswer]
    """By channel, forecast and horizon; the ends of a band are not corrected."""


class PriceScoresAnswer(_ScoresAnswer):
    """How good the forecasts of a site's prices were."""

    site_id: str


class LoadScoresAnswer(AreaAnswer, _ScoresAnswer):
    """How good the forecasts of an area's load were."""


def score_order(
    now: datetime, days: int, zone: tzinfo, *, is_by_hour: bool
) -> ScoreOrder:
    """Return what to score: so many local dates that are over, and today."""
    first = first_date(now, days, zone)
    midnight = datetime(first.year, first.month, first.day, tzinfo=zone)
    return ScoreOrder(int(midnight.timestamp()), int(now.timestamp()), is_by_hour)


def first_date(now: datetime, days: int, zone: tzinfo) -> date:
    """Return the local date so many days before today."""
    return now.astimezone(zone).date() - timedelta(days=days)


def scores_fields(
    report: ScoreReport, order: ScoreOrder, zone: tzinfo, unit: str
) -> _ScoresAnswer:
    """Return scores under the names that answers give them."""
    since, now = (
        datetime.fromtimestamp(instant, UTC).astimezone(zone)
        for instant in (order.since, order.now)
    )
    return {
        "unit": unit,
        "first_date": since.date().isoformat(),
        "last_date": now.date().isoformat(),
        "zone": str(zone),
        "data": [*map(score_fields, report.scores)],
        "corrections": [*map(correction_fields, report.corrections)],
    }


def score_fields(line: ScoreLine) -> ScoreAnswer:
    """Return a score."""
    score = line.score
    return {
        "channel": line.channel or None,
        "forecast": line.forecast,
        "horizon_minutes": line.horizon_minutes,
        "hour": line.hour,
        "count": score.count,
        "days": score.days,
        "is_small": score.is_small,
        "mae": maybe_rounded(score.mae, _DIGITS),
        "bias": maybe_rounded(score.bias, _DIGITS),
        "level": line.level,
        "pinball": maybe_rounded(score.pinball, _DIGITS),
        "share_at_or_below": maybe_rounded(score.share_at_or_below, _DIGITS),
        "persistence_count": score.persistence_count,
        "persistence_mae": maybe_rounded(score.persistence_mae, _DIGITS),
        "skill": maybe_rounded(score.skill, _DIGITS),
        "without_actual": line.without_actual,
        "minutes_without_forecast": line.minutes_without_forecast,
    }


def correction_fields(line: CorrectionLine) -> CorrectionAnswer:
    """Return whether a forecast is corrected."""
    one = line.correction
    return {
        "channel": line.channel or None,
        "forecast": line.forecast,
        "horizon_minutes": line.horizon_minutes,
        "is_on": one is not None and one.is_on,
        "way": None if one is None else one.way,
        "count": 0 if one is None else one.count,
        "days": 0 if one is None else one.days,
        "mae": None if one is None else rounded(one.mae, _DIGITS),
        "corrected_mae": None if one is None else rounded(one.corrected_mae, _DIGITS),
        "gain": None if one is None else rounded(one.gain, _DIGITS),
    }


def corrected_fields(one: CorrectedForecast, zone: tzinfo) -> CorrectedAnswer:
    """Return a forecast of an interval to come; times are those of a zone."""
    expected = one.expected
    return {
        "channel": expected.channel or None,
        "forecast": expected.forecast,
        "starts_at": _text(expected.start_at, zone),
        "ends_at": _text(expected.end_at, zone),
        "horizon_minutes": one.horizon_minutes,
        "value": expected.value,
        "corrected": maybe_rounded(one.corrected, _DIGITS),
    }


def _text(instant: int, zone: tzinfo) -> str:
    return datetime.fromtimestamp(instant, UTC).astimezone(zone).isoformat()
