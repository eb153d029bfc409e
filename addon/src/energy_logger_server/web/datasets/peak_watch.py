"""What the peak watch says, as streams and answers show it."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from energy_logger_server.domain.events import PeakNotice
from energy_logger_server.domain.peak_watch.live import Likelihood
from energy_logger_server.domain.peak_watch.watch import NoticeKind

from .fields import central_text, rounded

_PERCENT_DIGITS = 1
_HOUR_S = 3600


def notice_fields(notice: PeakNotice) -> Mapping[str, Any]:
    """Return what a notice tells; an all-clear has no likelihood."""
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


def percent(probability: float | None) -> float | None:
    """Return a probability in per cent; None stays None."""
    if probability is None:
        return None
    return rounded(probability * 100, _PERCENT_DIGITS)


def hour_text(at: int) -> str:
    """Return epoch seconds in Central time."""
    return central_text(datetime.fromtimestamp(at, UTC))
