"""What the peak watch says, as streams and answers show it."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, TypedDict

from energy_logger_server.domain.events import PeakCheck, PeakNotice
from energy_logger_server.domain.peak_watch.likelihood import Likelihood
from energy_logger_server.domain.peak_watch.outlook import Outlook
from energy_logger_server.domain.peak_watch.watch import AnnouncedHour, NoticeKind
from energy_logger_server.web.http.answer_types import Time

from .fields import central_text, rounded

_PERCENT_DIGITS = 1
_HOUR_S = 3600


def notice_fields(notice: PeakNotice) -> Mapping[str, Any]:
    """Return the fields of a notice; an all-clear has no likelihood."""
    is_all_clear = notice.notice is NoticeKind.ALL_CLEAR
    word = None if is_all_clear else Likelihood.of(notice.probability).value
    return {
        "area_id": notice.area_id,
        "area_name": notice.area_name,
        "notice": notice.notice.value,
        "starts_at": hour_text(notice.hour_at),
        "ends_at": hour_text(notice.hour_at + _HOUR_S),
        "likelihood": word,
        "probability_percent": percent(
            notice.probability if notice.is_probability_shown else None
        ),
    }


def look_fields(look: PeakCheck) -> Mapping[str, Any]:
    """Return the fields of a check by the watch."""
    return {
        "area_id": look.area_id,
        "area_name": look.area_name,
        "looked_in": hour_text(look.outlook.hours[0].hour * _HOUR_S),
        **risk_fields(look.outlook),
    }


class RiskAnswer(TypedDict):
    """How likely the month's peak is near."""

    likelihood: Likelihood
    """That the month's peak is in the hour that runs or begins within the lead;
    `possible` if nobody knows."""
    probability_percent: float | None
    """Likewise; null unless probabilities have been honest so far."""


def risk_fields(outlook: Outlook) -> RiskAnswer:
    """Return how likely the month's peak is near."""
    is_shown = outlook.is_probability_shown
    return {
        "likelihood": outlook.likelihood,
        "probability_percent": percent(outlook.probability if is_shown else None),
    }


class AnnouncementAnswer(TypedDict):
    """An hour that was announced."""

    starts_at: Time
    ends_at: Time
    announced_at: Time
    """The hour in which that was said."""
    withdrawn_at: Time | None
    """The hour in which it was withdrawn; null if it stands."""
    likelihood: Likelihood
    """That it is the month's peak, as it was announced; `possible` if nobody knows."""
    probability_percent: float | None
    """Likewise; null unless probabilities have been honest so far."""


def announcement_fields(one: AnnouncedHour, *, is_shown: bool) -> AnnouncementAnswer:
    """Return an announced hour.

    Args:
        one: The hour.
        is_shown: Whether its probability may be shown in per cent.
    """
    withdrawn = one.withdrawn_at
    return {
        "starts_at": hour_text(one.hour * _HOUR_S),
        "ends_at": hour_text((one.hour + 1) * _HOUR_S),
        "announced_at": hour_text(one.said_at * _HOUR_S),
        "withdrawn_at": None if withdrawn is None else hour_text(withdrawn * _HOUR_S),
        "likelihood": Likelihood.of(one.probability),
        "probability_percent": percent(one.probability if is_shown else None),
    }


def percent(probability: float | None) -> float | None:
    """Return a probability in per cent; None stays None."""
    if probability is None:
        return None
    return rounded(probability * 100, _PERCENT_DIGITS)


def hour_text(at: int) -> str:
    """Return epoch seconds in Central time."""
    return central_text(datetime.fromtimestamp(at, UTC))
