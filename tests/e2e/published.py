"""What the utilities publish, in the words of Home Assistant's states."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.launch.household import Household

CHANNELS = {
    "general": "general",
    "controlledLoad": "controlled_load",
    "feedIn": "feed_in",
}
_NEM = timedelta(hours=10)


@dataclass(frozen=True, slots=True)
class PublishedPrice:
    """A price as Amber tells it.

    Attributes:
        per_kwh: AUD, positive in the channel's normal direction.
        estimate: Whether it may still change.
    """

    per_kwh: float
    estimate: bool


async def published_prices(
    household: Household, site_id: str, *days: str
) -> Mapping[tuple[str, str], PublishedPrice]:
    """Return a site's prices by channel and by the start of their interval.

    Those to come are left out.

    Args:
        household: Where Amber is.
        site_id: Of the site.
        days: NEM dates, as in ``2026-01-04``.
    """
    answer = await household.amber(
        f"/sites/{site_id}/prices?startDate={min(days)}&endDate={max(days)}"
    )
    return {
        (CHANNELS[price["channelType"]], _start_of(price)): PublishedPrice(
            round(_money(price, "perKwh"), 7), price.get("estimate", False)
        )
        for price in answer
        if price["type"] != "ForecastInterval"
    }


async def published_usage(
    household: Household, site_id: str, day: str
) -> list[dict[str, Any]]:
    """Return the records of a NEM date."""
    records: list[dict[str, Any]] = await household.amber(
        f"/sites/{site_id}/usage?startDate={day}&endDate={day}"
    )
    return records


def nem_date(instant: str | datetime) -> str:
    """Return the NEM date of an instant."""
    if isinstance(instant, str):
        instant = datetime.fromisoformat(instant)
    return (instant.astimezone(UTC) + _NEM).date().isoformat()


def _start_of(price: dict[str, Any]) -> str:
    # Amber's intervals begin a second late
    start = datetime.fromisoformat(price["startTime"]) - timedelta(seconds=1)
    return start.astimezone(UTC).isoformat()


def _money(record: dict[str, Any], field: str) -> float:
    sign = -1 if record["channelType"] == "feedIn" else 1
    return sign * float(record[field]) / 100
