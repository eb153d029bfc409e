"""Prices in the forms that planners of batteries and chargers read; pure.

Each form is that of the planner's own documentation or parser: EMHASS (runtime
parameters with timestamps), evcc (a custom tariff's list), HAEO (the attribute of Amber
forecasts), Predbat (the attributes of Nord Pool). All are AUD/kWh: you pay on import,
you earn on feed-in. Times are ISO 8601 with offset; a span's end is not part of it.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import NotRequired, TypedDict

from .price_source import PriceStep

_HALF_HOUR = timedelta(minutes=30)
_DAY = timedelta(days=1)
_AUD_DIGITS = 9


class EmhassFeed(TypedDict):
    """Runtime parameters of EMHASS."""

    load_cost_forecast: dict[str, float]
    """What import costs from each instant on, AUD/kWh."""
    prod_price_forecast: NotRequired[dict[str, float]]
    """What export earns from each instant on, AUD/kWh; missing without feed-in."""
    prediction_horizon: int
    """How many whole time steps from now on have a price."""


class SpanOfPrice(TypedDict):
    """A price as evcc and Predbat read it."""

    start: str
    """Begin, with its offset."""
    end: str
    """End, not part of it."""
    value: float
    """AUD/kWh."""


class HaeoPrice(TypedDict):
    """A price as HAEO reads it from Amber's forecasts."""

    start_time: str
    """Begin, with its offset."""
    end_time: str
    """End, not part of it."""
    per_kwh: float
    """AUD/kWh."""


class HaeoFeed(TypedDict):
    """What HAEO reads from a sensor's attributes."""

    forecasts: list[HaeoPrice]
    """In the order of their times."""


class PredbatFeed(TypedDict):
    """What Predbat reads from a sensor's attributes."""

    raw_today: list[SpanOfPrice]
    """The half hours of the present day that have a price."""
    raw_tomorrow: list[SpanOfPrice]
    """The half hours of the next day that have a price."""


def emhass_feed(
    general: Sequence[PriceStep],
    feed_in: Sequence[PriceStep],
    now: datetime,
    step: timedelta,
) -> EmhassFeed:
    """Return runtime parameters of EMHASS.

    EMHASS holds a value until the next one, so the first may lie before now, and a time
    without a price has the one before it. The horizon ends before the last price does,
    or that would be held for ever.

    Args:
        general: What import costs, ascending.
        feed_in: What export earns, ascending; empty without feed-in.
        now: Present instant.
        step: EMHASS's time step.
    """
    ends = [steps[-1].ends_at for steps in (general, feed_in) if steps]
    feed: EmhassFeed = {
        "load_cost_forecast": _by_instant(general),
        "prediction_horizon": max((min(ends) - now) // step, 0) if ends else 0,
    }
    if feed_in:
        feed["prod_price_forecast"] = _by_instant(feed_in)
    return feed


def evcc_rates(steps: Sequence[PriceStep]) -> list[SpanOfPrice]:
    """Return the list that evcc reads as a custom tariff."""
    return [_span(one, UTC) for one in steps]


def haeo_feed(steps: Sequence[PriceStep]) -> HaeoFeed:
    """Return the attributes that HAEO reads."""
    return {
        "forecasts": [
            {
                "start_time": one.starts_at.isoformat(),
                "end_time": one.ends_at.isoformat(),
                "per_kwh": one.price_aud_per_kwh,
            }
            for one in steps
        ]
    }


def predbat_feed(
    steps: Sequence[PriceStep], now: datetime, zone: tzinfo
) -> PredbatFeed:
    """Return the attributes that Predbat reads, in half hours of whole local days.

    A half hour with several prices has their mean by time. Where prices are missing
    between others, the one before goes on: Predbat would take the hole for free energy.
    Before the first and behind the last price there is nothing.

    Args:
        steps: Ascending, the past of the day included.
        now: Which day is today.
        zone: Whose days.
    """
    today = now.astimezone(zone).date()
    half_hours = [*_half_hours(steps)]
    raw_today, raw_tomorrow = (
        [_span(one, zone) for one in half_hours if begin <= one.starts_at < end]
        for begin, end in (day_span(day, zone) for day in (today, today + _DAY))
    )
    return {"raw_today": raw_today, "raw_tomorrow": raw_tomorrow}


def day_span(day: date, zone: tzinfo) -> tuple[datetime, datetime]:
    """Return begin and end (UTC) of a local day, which may have 23 or 25 hours."""
    begin, end = (
        datetime.combine(one, time(), zone).astimezone(UTC) for one in (day, day + _DAY)
    )
    return begin, end


def _by_instant(steps: Sequence[PriceStep]) -> dict[str, float]:
    return {one.starts_at.isoformat(): one.price_aud_per_kwh for one in steps}


def _span(step: PriceStep, zone: tzinfo) -> SpanOfPrice:
    return {
        "start": step.starts_at.astimezone(zone).isoformat(),
        "end": step.ends_at.astimezone(zone).isoformat(),
        "value": step.price_aud_per_kwh,
    }


def _half_hours(steps: Sequence[PriceStep]) -> Iterator[PriceStep]:
    """Yield the half hours of the clock from the first price to the last."""
    if not steps:
        return
    begin = steps[0].starts_at
    begin -= (begin - begin.replace(minute=0, second=0, microsecond=0)) % _HALF_HOUR
    held = steps[0].price_aud_per_kwh
    index = 0
    while begin < steps[-1].ends_at:
        end = begin + _HALF_HOUR
        total, covered = 0.0, timedelta()
        while index < len(steps) and steps[index].starts_at < end:
            held = steps[index].price_aud_per_kwh
            length = min(steps[index].ends_at, end) - max(steps[index].starts_at, begin)
            total += held * length.total_seconds()
            covered += length
            if steps[index].ends_at > end:
                break
            index += 1
        mean = total / covered.total_seconds() if covered else held
        yield PriceStep(begin, end, round(mean, _AUD_DIGITS))
        begin = end
