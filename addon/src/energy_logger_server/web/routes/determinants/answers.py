"""What is answered about determinants, as JSON and as rows."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Annotated, NamedTuple, TypedDict

from energy_logger_server.domain.determinants.bill import (
    Bill,
    Rates,
    one_kilowatt_less,
)
from energy_logger_server.domain.determinants.peak_days import SeasonDays
from energy_logger_server.domain.determinants.standing import (
    DeterminantsSoFar,
    SystemPeakOfMonth,
)
from energy_logger_server.domain.determinants.substation_peaks import (
    MonthOfSubstation,
)
from energy_logger_server.domain.determinants.year import BillingYear
from energy_logger_server.domain.load.peaks import DayPeak
from energy_logger_server.store.codec.scale import E1
from energy_logger_server.store.records import KnownArea
from energy_logger_server.web.datasets.fields import (
    KW_DIGITS,
    AreaAnswer,
    Fields,
    area_fields,
    central_text,
    rounded,
)
from energy_logger_server.web.http.answer_types import Date, Doc, Time

COLUMNS = ("determinant", "name", "period", "at", "kw", "counts", "note")
"""Of the rows."""

_WORTH_DIGITS = 6
_MONEY_DIGITS = 2

type Kilowatts = Annotated[float, Doc("kW.")]


class DayAnswer(TypedDict):
    """A day among a season's highest."""

    season: str
    """`summer` or `winter`."""
    date: Date
    peak_at: Time
    """Of equal hours the first."""
    peak_kw: Kilowatts
    is_billed: bool
    """False of the next one out."""
    above_next_kw: float | None
    """How far a billed day is above the next one out, kW; null without one."""


class SeasonAnswer(TypedDict):
    """A season's days."""

    season: str
    """`summer` or `winter`."""
    to_enter_kw: float | None
    """Load above which another day enters, kW; null while any day does."""
    days: list[DayAnswer]
    """The highest first; the last may be the next one out."""


class SubstationMonthAnswer(TypedDict):
    """A substation's own peak of a month."""

    substation_name: str
    month: str
    """Such as 2026-01."""
    peak_kw: Kilowatts
    peak_at: Time
    """Of equal minutes the first."""
    is_at_least: bool
    """Whether readings are missing, so that it may have been higher."""
    suspect_kw: float | None
    """A spike, kW: it is the peak only with count_suspects, or if the owner said so;
    null without one, and once he said that it counts."""
    suspect_at: Time | None
    """When it was; null without one."""
    note: str | None
    """What the owner said of the month's highest day; null if nothing."""


class BillAnswer(TypedDict):
    """Figures of a year."""

    peak_kw: Kilowatts
    base_kw: Kilowatts
    billed_kw: Kilowatts
    money: float | None
    """By the rates that were given; null without both."""


class SystemMonthAnswer(TypedDict):
    """A month, as a bill by the system's monthly peak sees it."""

    month: str
    """Such as 2026-01."""
    system_peak_at: Time
    """Of equal hours the first."""
    system_peak_kw: Kilowatts
    coincident_kw: float | None
    """Load of this area in that hour, kW; null when not known."""
    above_next_kw: float | None
    """How far the system's day is above its next highest, kW; null without one."""


class DeterminantsAnswer(AreaAnswer):
    """What stands of a billing year."""

    first_date: Date
    end_date: Date
    """The date behind its last."""
    seasons: list[SeasonAnswer]
    substations: list[SubstationMonthAnswer]
    so_far: BillAnswer | None
    """If nothing more came; null while a season has no day, or without substations."""
    projected: BillAnswer | None
    """If what is to come is as in the year before; null while that is not known."""
    projected_months: int
    """Months in the projected base; with less than 12 it is too low."""
    day_kw_less: float
    """What 1 kW less in a billed day's highest hour changes the billed kW by."""
    substation_kw_less: float
    """What 1 kW less in a substation's monthly peak changes the billed kW by."""
    system_months: list[SystemMonthAnswer]


class Found(NamedTuple):
    """What the store has of a billing year.

    Attributes:
        standing: Of the year.
        system: The system's peak of each month, and the area's load then, tenths of
            kW; None if it is not known.
    """

    standing: DeterminantsSoFar
    system: Sequence[tuple[SystemPeakOfMonth, int | None]]


def determinants_answer(
    area: KnownArea, year: BillingYear, found: Found, rates: Rates | None
) -> DeterminantsAnswer:
    """Return the answer in JSON."""
    stands = found.standing
    less = one_kilowatt_less(stands.seasons)
    return {
        **area_fields(area),
        "first_date": year.first.isoformat(),
        "end_date": year.end.isoformat(),
        "seasons": [_season(one) for one in stands.seasons],
        "substations": [_substation_month(one) for one in stands.substations],
        "so_far": _bill(stands.so_far, rates),
        "projected": _bill(stands.projected, rates),
        "projected_months": stands.projected_months,
        "day_kw_less": rounded(less.on_a_billed_day, _WORTH_DIGITS),
        "substation_kw_less": rounded(less.in_a_substations_peak, _WORTH_DIGITS),
        "system_months": [
            _system_month(peak, coincident) for peak, coincident in found.system
        ],
    }


def _season(one: SeasonDays) -> SeasonAnswer:
    days = [_day(one, day, is_billed=True) for day in one.counted]
    if one.next_out is not None:
        days.append(_day(one, one.next_out, is_billed=False))
    return {
        "season": one.season.value,
        "to_enter_kw": _kw(one.to_enter_e1),
        "days": days,
    }


def _day(season: SeasonDays, day: DayPeak, *, is_billed: bool) -> DayAnswer:
    return {
        "season": season.season.value,
        "date": day.day.isoformat(),
        "peak_at": _text(day.at),
        "peak_kw": day.load_e1 / E1,
        "is_billed": is_billed,
        "above_next_kw": _kw(season.above_next_e1(day)) if is_billed else None,
    }


def _substation_month(one: MonthOfSubstation) -> SubstationMonthAnswer:
    suspect = one.suspect
    return {
        "substation_name": one.name,
        "month": f"{one.month:%Y-%m}",
        "peak_kw": one.load_e1 / E1,
        "peak_at": _text(one.at),
        "is_at_least": one.is_at_least,
        "suspect_kw": None if suspect is None else suspect.load_e1 / E1,
        "suspect_at": None if suspect is None else _text(suspect.at),
        "note": None if one.review is None else one.review.note,
    }


def _bill(bill: Bill | None, rates: Rates | None) -> BillAnswer | None:
    if bill is None:
        return None
    return {
        "peak_kw": rounded(bill.peak_kw, KW_DIGITS),
        "base_kw": rounded(bill.base_kw, KW_DIGITS),
        "billed_kw": rounded(bill.billed_kw, KW_DIGITS),
        "money": None if rates is None else rounded(bill.money(rates), _MONEY_DIGITS),
    }


def _system_month(
    peak: SystemPeakOfMonth, coincident_e1: int | None
) -> SystemMonthAnswer:
    return {
        "month": f"{peak.first:%Y-%m}",
        "system_peak_at": _text(peak.at),
        "system_peak_kw": peak.load_e1 / E1,
        "coincident_kw": _kw(coincident_e1),
        "above_next_kw": _kw(peak.above_next_e1),
    }


def determinant_rows(whole: DeterminantsAnswer) -> Iterator[Fields]:
    """Return each determinant, and the figures, as a row."""
    for season in whole["seasons"]:
        for day in season["days"]:
            yield _row(
                ("day", day["season"], day["date"]),
                day["peak_at"],
                day["peak_kw"],
                None if day["is_billed"] else "next one out",
                counts=day["is_billed"],
            )
    for one in whole["substations"]:
        notes = [
            *(["at least"] if one["is_at_least"] else []),
            *(
                []
                if one["suspect_kw"] is None
                else [f"spike of {one['suspect_kw']} kW"]
            ),
            *([] if one["note"] is None else [one["note"]]),
        ]
        yield _row(
            ("substation", one["substation_name"], one["month"]),
            one["peak_at"],
            one["peak_kw"],
            ", ".join(notes) or None,
        )
    for month in whole["system_months"]:
        yield _row(
            ("system peak", whole["area_name"], month["month"]),
            month["system_peak_at"],
            month["coincident_kw"],
            None,
        )
    period = f"{whole['first_date']}/{whole['end_date']}"
    for name, bill in (("so far", whole["so_far"]), ("projected", whole["projected"])):
        if bill is not None:
            yield _row((name, "peak", period), None, bill["peak_kw"], None)
            yield _row((name, "base", period), None, bill["base_kw"], None)
            yield _row((name, "billed", period), None, bill["billed_kw"], None)


def _row(
    names: tuple[str, str, str],
    at: str | None,
    kw: float | None,
    note: str | None,
    *,
    counts: bool = True,
) -> Fields:
    return dict(zip(COLUMNS, (*names, at, kw, counts, note), strict=True))


def _kw(load_e1: int | None) -> float | None:
    return None if load_e1 is None else load_e1 / E1


def _text(at: int) -> str:
    return central_text(datetime.fromtimestamp(at, UTC))
