"""What a request asks, checked as the API checks it."""

import re
from collections.abc import Mapping
from datetime import date

import orjson

from energy_logger_simulator.replies import JSON_TYPE

MAX_INTERVALS = 2048
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_COUNT = re.compile(r"\d{1,9}", re.ASCII)
_DAYS_APART = 7


class RefusedError(Exception):
    """The request gets an error instead of records.

    Attributes:
        status: HTTP status.
        body: What is sent.
        content_type: Of the body.
        headers: To be sent besides.
    """

    def __init__(
        self,
        status: int,
        message: str,
        *,
        is_text: bool = False,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.headers = headers or {}
        self.status = status
        self.body = message.encode() if is_text else orjson.dumps({"message": message})
        self.content_type = "text/plain; charset=utf-8" if is_text else JSON_TYPE


def asked_days(
    query: Mapping[str, str], today: date | None, *, strict_seven: bool
) -> tuple[date, date]:
    """Return the NEM dates asked for, both included.

    Args:
        query: The request's parameters.
        today: Stands for a date that is missing; None where both are required.
        strict_seven: Refuse eight days, which the real API lets pass.

    Raises:
        RefusedError: 400 for what is no date or reversed, 422 for too long a range.
    """
    start = _asked_date(query, "startDate", today)
    end = _asked_date(query, "endDate", today)
    if start > end:
        raise RefusedError(400, "startDate must not be after endDate")
    apart = (end - start).days
    if apart > _DAYS_APART or (strict_seven and apart == _DAYS_APART):
        raise RefusedError(
            422, "Range requested is too large. Maximum 7 days.", is_text=True
        )
    return start, end


def asked_counts(query: Mapping[str, str]) -> tuple[int, int]:
    """Return how many intervals before and after the present one are asked for.

    Raises:
        RefusedError: 400 for what is no count, 422 for too many.
    """
    before = _asked_count(query, "previous")
    after = _asked_count(query, "next")
    if before + after > MAX_INTERVALS:
        raise RefusedError(
            422,
            f"Number of intervals requested is too large. Maximum {MAX_INTERVALS}.",
            is_text=True,
        )
    return before, after


def asked_resolution(query: Mapping[str, str]) -> int | None:
    """Return 5, 30 or, when none is asked for, None.

    Raises:
        RefusedError: 400 for any other.
    """
    match query.get("resolution"):
        case None:
            return None
        case "5":
            return 5
        case "30":
            return 30
        case _:
            raise RefusedError(400, "resolution must be 5 or 30")


def _asked_date(query: Mapping[str, str], name: str, default: date | None) -> date:
    text = query.get(name)
    if text is None:
        if default is None:
            raise RefusedError(400, f"{name} is required")
        return default
    problem = f"{name} must be a date, YYYY-MM-DD"
    if _DATE.fullmatch(text) is None:
        raise RefusedError(400, problem)
    try:
        return date.fromisoformat(text)
    except ValueError as err:
        raise RefusedError(400, problem) from err


def _asked_count(query: Mapping[str, str], name: str) -> int:
    text = query.get(name, "0")
    if _COUNT.fullmatch(text) is None:
        raise RefusedError(400, f"{name} must be a number, not negative")
    return int(text)
