"""Made-up weeks of Amber's answers, three channels of five-minute intervals."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from energy_logger_server.api.exact_json import JsonObject, JsonValue
from energy_logger_server.api.nem import nem_day_start

SITE_ID = "01S1MS1TEB0000000000000000"
CHANNELS = {"general": "E1", "controlledLoad": "E2", "feedIn": "B1"}
WEEK = timedelta(days=7)
INTERVALS = 7 * 288
_STEP = timedelta(minutes=5)
_NEM = timedelta(hours=10)
_PERIODS = ("offPeak", "solarSponge", "shoulder", "peak")
_DESCRIPTORS = ("extremelyLow", "veryLow", "low", "neutral", "high")


def week_of_prices(first: date, random: Random) -> list[JsonValue]:
    """Return seven NEM days of actual prices, fields and texts as Amber sends them."""
    return [
        _price(end, channel, random) for channel in CHANNELS for end in _ends(first)
    ]


def week_of_usage(first: date, random: Random) -> list[JsonValue]:
    """Return seven NEM days of billable usage."""
    return [
        _usage(end, channel, random) for channel in CHANNELS for end in _ends(first)
    ]


def plain_price(raw: Any) -> tuple[Any, ...]:
    """Return the row that a plain script would make of a price."""
    return (*_plain_key(raw), *_plain_prices(raw), 1, *(None,) * 5, *_ORIGIN)


def plain_usage(raw: Any) -> tuple[Any, ...]:
    """Return the row that a plain script would make of a usage interval."""
    amounts = (round(raw["kwh"] * 1000), round(raw["cost"] * 10_000))
    return (*_plain_key(raw), *amounts, *_plain_prices(raw), 1, *_ORIGIN)


_ORIGIN = (1, 1_790_000_000, None)


def _plain_key(raw: Any) -> tuple[int, int, int]:
    end = datetime.fromisoformat(raw["endTime"])
    series = list(CHANNELS).index(raw["channelType"])
    return series, int(end.timestamp()), raw["duration"]


def _plain_prices(raw: Any) -> tuple[int, int, float]:
    return (
        round(raw["perKwh"] * 100_000),
        round(raw["spotPerKwh"] * 100_000),
        raw["renewables"],
    )


def _ends(first: date) -> Sequence[datetime]:
    start = nem_day_start(first)
    return [start + _STEP * number for number in range(1, INTERVALS + 1)]


def _price(end: datetime, channel: str, random: Random) -> JsonObject:
    date, start_time, end_time, nem_time = _times(end)
    spot = _rounded(random.uniform(-5, 40), 5)
    return {
        "type": "ActualInterval",
        "date": date,
        "duration": 5,
        "startTime": start_time,
        "endTime": end_time,
        "nemTime": nem_time,
        "perKwh": _rounded(spot * 1.07 + 16.2, 5),
        "renewables": _rounded(random.uniform(10, 90), 3),
        "spotPerKwh": spot,
        "channelType": channel,
        **_texts(end, channel, random),
    }


def _usage(end: datetime, channel: str, random: Random) -> JsonObject:
    date, start_time, end_time, nem_time = _times(end)
    spot = _rounded(random.uniform(-5, 40), 5)
    kwh, cents = _rounded(random.uniform(0, 0.6), 3), _rounded(spot * 1.07 + 16.2, 5)
    return {
        "type": "Usage",
        "duration": 5,
        "date": date,
        "endTime": end_time,
        "quality": "billable",
        "kwh": kwh,
        "nemTime": nem_time,
        "perKwh": cents,
        "channelType": channel,
        "channelIdentifier": CHANNELS[channel],
        "cost": _rounded(kwh * cents, 4),
        "renewables": _rounded(random.uniform(10, 90), 3),
        "spotPerKwh": spot,
        "startTime": start_time,
        **_texts(end, channel, random),
    }


def _rounded(value: float, digits: int) -> float:
    """Return a number as Amber prints it: whole ones without a decimal point."""
    rounded = round(value, digits)
    return int(rounded) if rounded.is_integer() else rounded


def _times(end: datetime) -> tuple[str, str, str, str]:
    start = end - _STEP
    return (
        f"{start + _NEM:%Y-%m-%d}",
        f"{start + timedelta(seconds=1):%Y-%m-%dT%H:%M:%SZ}",
        f"{end:%Y-%m-%dT%H:%M:%SZ}",
        f"{end + _NEM:%Y-%m-%dT%H:%M:%S}+10:00",
    )


def _texts(end: datetime, channel: str, random: Random) -> JsonObject:
    descriptor: JsonObject = {"descriptor": random.choice(_DESCRIPTORS)}
    if channel == "feedIn":
        return {"spikeStatus": "none", **descriptor}
    period = _PERIODS[(end + _NEM).hour // 6]
    tariff: JsonObject = {"period": period, "season": "summer"}
    return {"spikeStatus": "none", "tariffInformation": tariff, **descriptor}
