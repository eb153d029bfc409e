"""Days of prices as Amber sends them, for the forms that planners read."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from energy_logger_server.api.amber_models import Price
from energy_logger_server.api.amber_parse import parse_prices
from energy_logger_server.api.exact_json import JsonObject
from energy_logger_server.api.planner_feeds import day_span
from tests.server.store.material import price

SYDNEY = ZoneInfo("Australia/Sydney")
PLAIN, SPRING, AUTUMN = date(2026, 1, 4), date(2026, 10, 4), date(2026, 4, 5)
"""Days of 24, 23 and 25 hours in Sydney."""

_FIVE, _THIRTY = timedelta(minutes=5), timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class PlannerDay:
    """What is known of a local day.

    Attributes:
        day: Which one.
        general: Prices of import as Amber sends them, cents.
        feed_in: Prices of export as Amber sends them: negative when it pays.
    """

    day: date
    general: tuple[JsonObject, ...]
    feed_in: tuple[JsonObject, ...]

    @property
    def begin(self) -> datetime:
        """Local midnight, UTC."""
        return day_span(self.day, SYDNEY)[0]


def parsed(records: tuple[JsonObject, ...]) -> tuple[Price, ...]:
    """Return records as the clients read them."""
    prices, rejected = parse_prices([*records])
    assert not rejected
    return prices


def planner_days() -> dict[str, PlannerDay]:
    """Return a day of each kind by name."""
    plain = _half_hours(PLAIN)
    mixed = [(at, 5) for at in _each(PLAIN, _FIVE)][:31] + plain[5:]
    gap = plain[:20] + plain[23:]
    return {
        "24 hours": _day(PLAIN, plain),
        "23 hours": _day(SPRING, _half_hours(SPRING)),
        "25 hours": _day(AUTUMN, _half_hours(AUTUMN)),
        "mixed durations": _day(PLAIN, mixed),
        "gap": _day(PLAIN, gap),
        "spike": _day(PLAIN, plain, peak_cents=1660.0),
        "negative": _day(PLAIN, plain, valley_cents=-9.5),
    }


def _half_hours(day: date) -> list[tuple[datetime, int]]:
    return [(at, 30) for at in _each(day, _THIRTY)]


def _each(day: date, length: timedelta) -> Iterator[datetime]:
    at, end = day_span(day, SYDNEY)
    while at < end:
        yield at
        at += length


def _day(
    day: date,
    spans: list[tuple[datetime, int]],
    *,
    peak_cents: float = 41.27,
    valley_cents: float = 11.03,
) -> PlannerDay:
    general: list[JsonObject] = []
    feed_in: list[JsonObject] = []
    for number, (starts_at, minutes) in enumerate(spans):
        hour = starts_at.astimezone(SYDNEY).hour
        cents = 21.5 + number / 100
        if hour in {12, 13}:
            cents = valley_cents
        elif hour in {18, 19}:
            cents = peak_cents
        ends_at = starts_at + timedelta(minutes=minutes)
        band: JsonObject = {"low": cents - 2, "predicted": cents - 1, "high": cents + 3}
        own: JsonObject = {"type": "ForecastInterval", "advancedPrice": band}
        other: JsonObject = {"type": "ForecastInterval", "channelType": "feedIn"}
        general.append(price(ends_at, minutes, cents, **own))
        feed_in.append(price(ends_at, minutes, 6.25 - cents, **other))
    # a list need not come in order
    return PlannerDay(day, tuple(reversed(general)), tuple(feed_in))


def cents_of_minutes(records: tuple[JsonObject, ...]) -> dict[datetime, float]:
    """Return what each minute costs, by Amber's own fields alone."""
    found: dict[datetime, float] = {}
    by_end = sorted(records, key=lambda one: str(one["endTime"]))
    for record in by_end:
        end = datetime.fromisoformat(str(record["endTime"])).astimezone(UTC)
        duration, cents = record["duration"], record["perKwh"]
        assert isinstance(duration, int)
        assert isinstance(cents, float)
        for minute in range(duration, 0, -1):
            found.setdefault(end - timedelta(minutes=minute), cents)
    return found
