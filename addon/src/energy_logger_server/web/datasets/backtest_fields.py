"""Back-tests of the peak watch, as the API and the command line show them."""

from datetime import UTC, datetime
from typing import TypedDict

from energy_logger_server.domain.peak_watch.backtest import JudgedPeriod, Tally, tally
from energy_logger_server.domain.peak_watch.backtest_job import BacktestJob
from energy_logger_server.domain.peak_watch.history import LoadHistory
from energy_logger_server.domain.peak_watch.past import FittedOn
from energy_logger_server.domain.peak_watch.report import BacktestStage, Report
from energy_logger_server.domain.peak_watch.rule import BillingPeriod
from energy_logger_server.domain.peak_watch.watch import AnnouncedHour
from energy_logger_server.web.http.answer_types import Time

from .fields import AreaAnswer, central_text, utc_text


class TallyAnswer(TypedDict):
    """Judged months or seasons together."""

    periods: int
    """Months or seasons."""
    peaks: int
    """Hours that set the bill."""
    caught: int
    """Those of them that were announced in time, and not withdrawn."""
    days_caught: int
    """Their days of which any hour was."""
    hours_per_period: float
    """Announced, on average."""
    most_hours_in_a_period: int
    """Announced."""
    false_alarms: int
    """Announced hours that did not set the bill."""
    withdrawn_hours: int
    """Announced hours that were withdrawn again."""


class PeakAnswer(TypedDict):
    """An hour that set the bill."""

    begins_at: Time
    load_kw: float | None


class BacktestHourAnswer(TypedDict):
    """An hour that would have been announced."""

    begins_at: Time
    announced_at: Time
    """The hour in which that would have been said."""
    withdrawn_at: Time | None
    """The hour in which it would have been withdrawn; null if it stood."""
    probability: float | None
    """That it is a peak, 0 to 1, as it was announced; null while untrained."""
    is_peak: bool
    """Whether it set the bill."""


class JudgedPeriodAnswer(TypedDict):
    """A month or season."""

    first_date: str
    is_trained: bool
    """Whether there was a year of history to go by; else a threshold decided."""
    peaks: list[PeakAnswer]
    """The highest first."""
    announced: list[BacktestHourAnswer]
    """Ascending."""


class BacktestAnswer(TallyAnswer):
    """What a back-test found."""

    period: BillingPeriod
    brier_skill: float | None
    """Of the probabilities of days against saying the same of each; null while
    untrained."""
    probability_sum_per_peak: float | None
    """1 if probabilities are neither too high nor too low."""
    is_probability_shown: bool
    """Whether they are honest enough for per cents."""
    saved_kw_months: float | None
    """Billed kW that were saved over all; null without `shed_kw`."""
    saved_money: float | None
    """Their price; null without `price`."""
    judged: list[JudgedPeriodAnswer]
    """Ascending."""


class BacktestStateAnswer(AreaAnswer):
    """How far a back-test is."""

    lead_hours: int
    fit: FittedOn
    started_at: Time
    stage: BacktestStage | None
    """What is being done; null before the first step."""
    percent: float
    """Of the stage."""
    is_running: bool
    ended_at: Time | None
    error: str | None
    """Why it found nothing."""


def report_fields(report: Report) -> BacktestAnswer:
    """Return what a back-test found; times have Central time's offset."""
    found = tally(report.judged)
    saved = report.order.worth.of(found.caught)
    shown = report.reliability
    return {
        "period": report.order.rule.period,
        **tally_fields(found),
        "brier_skill": None if shown is None else shown.brier_skill,
        "probability_sum_per_peak": None if shown is None else shown.period_sum,
        "is_probability_shown": shown is not None and shown.is_shown,
        "saved_kw_months": saved.kw_months,
        "saved_money": saved.money,
        "judged": [_period_fields(report.history, one) for one in report.judged],
    }


def tally_fields(found: Tally) -> TallyAnswer:
    """Return judged periods together."""
    return {
        "periods": found.periods,
        "peaks": found.peaks,
        "caught": found.caught,
        "days_caught": found.days_caught,
        "hours_per_period": found.mean_hours,
        "most_hours_in_a_period": found.most_hours,
        "false_alarms": found.false_alarms,
        "withdrawn_hours": found.withdrawn_hours,
    }


def backtest_state_fields(job: BacktestJob) -> BacktestStateAnswer:
    """Return how far a back-test is."""
    return {
        "area_id": job.area_id,
        "area_name": job.area_name,
        "lead_hours": job.order.lead_hours,
        "fit": job.order.fitted_on,
        "started_at": utc_text(job.started_at),
        "stage": job.stage,
        "percent": round(100 * job.share, 1),
        "is_running": job.is_running,
        "ended_at": utc_text(job.ended_at),
        "error": job.error,
    }


def _period_fields(history: LoadHistory, one: JudgedPeriod) -> JudgedPeriodAnswer:
    return {
        "first_date": one.period.first.isoformat(),
        "is_trained": one.is_trained,
        "peaks": [
            {"begins_at": _begins(history, hour), "load_kw": history.load_kw[hour]}
            for hour in one.peaks
        ],
        "announced": [_hour_fields(history, hour, one) for hour in one.announced],
    }


def _hour_fields(
    history: LoadHistory, hour: AnnouncedHour, one: JudgedPeriod
) -> BacktestHourAnswer:
    withdrawn = hour.withdrawn_at
    return {
        "begins_at": _begins(history, hour.hour),
        "announced_at": _begins(history, hour.said_at),
        "withdrawn_at": None if withdrawn is None else _begins(history, withdrawn),
        "probability": hour.probability,
        "is_peak": hour.hour in one.peaks,
    }


def _begins(history: LoadHistory, hour: int) -> str:
    return central_text(datetime.fromtimestamp(history.hour_at(hour), UTC))
