"""What our own server answers about its peak watch, as records; pure.

Fields are those of ``/api/peaks/watch`` (docs/rest-api.md).
"""

from dataclasses import dataclass
from datetime import datetime

from .exact_json import JsonObject, JsonValue
from .fields import (
    FieldError,
    flag_or_none,
    number_or_none,
    required_text,
    text_or_none,
)
from .server_fields import required_count, required_object, required_time

PEAK_WATCH = "/api/peaks/watch"


@dataclass(frozen=True, slots=True)
class AnnouncedHour:
    """An hour that was announced as a likely peak.

    Attributes:
        starts_at: Its beginning, UTC.
        ends_at: Its end, UTC.
        is_withdrawn: Whether it was withdrawn before it began.
        likelihood: ``unlikely``, ``possible``, ``likely``, or a text not known yet.
        probability_percent: As it was announced; None unless that is honest.
    """

    starts_at: datetime
    ends_at: datetime
    is_withdrawn: bool
    likelihood: str
    probability_percent: float | None


@dataclass(frozen=True, slots=True)
class PeakWatch:
    """The watch of one area.

    Attributes:
        area_id: KAMO's number of the area.
        area_name: Its name.
        area_abbreviation: Likewise.
        is_open: Whether an announced hour stands that is not over.
        is_trained: Whether there is a year of history to go by.
        hours_left: That may be announced this month.
        announced: Hours of this month, and of the next that are announced already.
        likelihood: Of the month's peak within the lead, as in ``AnnouncedHour``; None
            while nothing is ahead: the watch has not looked, or has no load.
        probability_percent: Likewise; None unless that is honest.
        peak_kw: Highest load of the month so far; None without any.
        peak_at: When that was, UTC.
        headroom_kw: How much more load it takes to reach it; None if not known.
    """

    area_id: int
    area_name: str
    area_abbreviation: str
    is_open: bool
    is_trained: bool
    hours_left: int
    announced: tuple[AnnouncedHour, ...]
    likelihood: str | None
    probability_percent: float | None
    peak_kw: float | None
    peak_at: datetime | None
    headroom_kw: float | None

    @property
    def standing(self) -> tuple[AnnouncedHour, ...]:
        """Announced hours that were not withdrawn, ascending."""
        return tuple(one for one in self.announced if not one.is_withdrawn)


def read_peak_watch(answer: JsonValue) -> PeakWatch:
    """Return an answer as a record.

    Raises:
        FieldError: If it lacks what a watch cannot do without.
    """
    row = required_object(answer)
    announced = row.get("announced")
    if not isinstance(announced, list):
        raise FieldError("announced is not a list")
    outlook = {} if row.get("outlook") is None else required_object(row["outlook"])
    return PeakWatch(
        area_id=required_count(row, "area_id"),
        area_name=required_text(row, "area_name"),
        area_abbreviation=required_text(row, "area_abbreviation"),
        is_open=flag_or_none(row.get("is_open")) is True,
        is_trained=flag_or_none(row.get("is_trained")) is True,
        hours_left=required_count(row, "hours_left"),
        announced=tuple(_hour(required_object(one)) for one in announced),
        likelihood=text_or_none(outlook.get("likelihood")),
        probability_percent=number_or_none(outlook.get("probability_percent")),
        peak_kw=number_or_none(row.get("peak_kw")),
        peak_at=None if row.get("peak_at") is None else required_time(row, "peak_at"),
        headroom_kw=number_or_none(row.get("headroom_kw")),
    )


def _hour(row: JsonObject) -> AnnouncedHour:
    return AnnouncedHour(
        starts_at=required_time(row, "starts_at"),
        ends_at=required_time(row, "ends_at"),
        is_withdrawn=row.get("withdrawn_at") is not None,
        likelihood=required_text(row, "likelihood"),
        probability_percent=number_or_none(row.get("probability_percent")),
    )
