"""Amber's JSON as records; pure.

A record that cannot be keyed or counted is rejected by itself. All else is optional:
what has an unexpected type reads as None and stays in ``raw``.
Sources: Amber OpenAPI 2.0.0; recorded answers.
"""

from collections.abc import Container
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import TypedDict

from .amber_models import (
    AdvancedPrice,
    Channel,
    Price,
    Quality,
    Site,
    SiteStatus,
    SpotRange,
    Tariff,
    Usage,
)
from .channels import ChannelType
from .exact_json import JsonObject, JsonValue
from .fields import (
    FieldError,
    count_or_none,
    flag_or_none,
    known_number,
    number_or_none,
    reject,
    required_number,
    required_text,
    sift,
    text_or_none,
)
from .models import RejectedRecord
from .nem import MINUTES_PER_DAY
from .vocabulary import report_unknown_word

_PRICE_TYPES = frozenset({"ActualInterval", "CurrentInterval", "ForecastInterval"})
_USAGE_TYPES = frozenset({"Usage"})
_CHANNEL_TYPES = frozenset(ChannelType)
_SITE_STATUSES = frozenset(SiteStatus)
_QUALITIES = frozenset(Quality)
_SPIKE_STATUSES = frozenset({"none", "potential", "spike"})
_DESCRIPTORS = frozenset(
    {
        "negative",
        "extremelyLow",
        "veryLow",
        "low",
        "neutral",
        "high",
        "spike",
    }
)
_PERIODS = frozenset({"offPeak", "shoulder", "solarSponge", "peak"})
_SEASONS = frozenset(
    {
        "default",
        "summer",
        "autumn",
        "winter",
        "spring",
        "nonSummer",
        "holiday",
        "weekend",
        "weekendHoliday",
        "weekday",
    }
)
_NOTHING_SAID = Tariff(None, None, None, None)
# the market's first year, and one that every date calculation can still pass
_FIRST_YEAR, _LAST_YEAR = 1998, 2999


def parse_prices(
    rows: list[JsonValue],
) -> tuple[tuple[Price, ...], tuple[RejectedRecord, ...]]:
    """Return the records of ``/prices`` or ``/prices/current``, and the rejected."""
    return sift(rows, _price)


def parse_usage(
    rows: list[JsonValue],
) -> tuple[tuple[Usage, ...], tuple[RejectedRecord, ...]]:
    """Return the records of ``/usage``, and the rejected."""
    return sift(rows, _usage)


def parse_sites(
    rows: list[JsonValue],
) -> tuple[tuple[Site, ...], tuple[RejectedRecord, ...]]:
    """Return the records of ``/sites``, and the rejected.

    A channel that cannot be read is noted under its site's position; the site stays.
    Of two sites with one id the first counts.
    """
    lost_channels: list[RejectedRecord] = []
    seen: set[str] = set()

    def read(position: int, row: JsonObject) -> Site:
        site = _site(position, row, lost_channels)
        if site.id in seen:
            raise FieldError("id is there already")
        seen.add(site.id)
        return site

    sites, rejected = sift(rows, read)
    return sites, (*rejected, *lost_channels)


class _Common(TypedDict):
    type: str
    ends_at: datetime
    duration_minutes: int
    channel_type: str
    spot_cents_per_kwh: float | None
    renewables_percent: float | None
    spike_status: str | None
    descriptor: str | None
    tariff: Tariff | None
    raw: JsonObject


def _price(_position: int, row: JsonObject) -> Price:
    return Price(
        price_cents_per_kwh=required_number(row, "perKwh"),
        estimate=flag_or_none(row.get("estimate")),
        spot_range=_spot_range(row.get("range")),
        advanced_price=_advanced_price(row.get("advancedPrice")),
        **_common(row, _PRICE_TYPES),
    )


def _usage(_position: int, row: JsonObject) -> Usage:
    return Usage(
        channel_identifier=required_text(row, "channelIdentifier"),
        price_cents_per_kwh=known_number(row, "perKwh"),
        energy_kwh=required_number(row, "kwh"),
        cost_cents=known_number(row, "cost"),
        quality=_word(row, "quality", _QUALITIES),
        **_common(row, _USAGE_TYPES),
    )


def _common(row: JsonObject, known_types: Container[str]) -> _Common:
    channel_type = required_text(row, "channelType")
    if channel_type not in _CHANNEL_TYPES:
        report_unknown_word("channelType", channel_type)
    tariff = row.get("tariffInformation")
    return {
        "type": _word(row, "type", known_types) or "",
        "ends_at": _ends_at(row),
        "duration_minutes": _duration_minutes(row),
        "channel_type": channel_type,
        "spot_cents_per_kwh": number_or_none(row.get("spotPerKwh")),
        "renewables_percent": number_or_none(row.get("renewables")),
        "spike_status": _word(row, "spikeStatus", _SPIKE_STATUSES),
        "descriptor": _word(row, "descriptor", _DESCRIPTORS),
        "tariff": _tariff(tariff) if type(tariff) is dict else None,
        "raw": row,
    }


def _ends_at(row: JsonObject) -> datetime:
    """Return the end, which upstream states twice: exact UTC and as NEM time."""
    end = _instant(row.get("endTime"))
    label = _instant(row.get("nemTime"))
    if end is None:
        end = label
    elif label is not None and label != end:
        raise FieldError("endTime and nemTime are different instants")
    if end is None:
        raise FieldError("neither endTime nor nemTime is a time with an offset")
    if not _FIRST_YEAR <= end.year <= _LAST_YEAR:
        raise FieldError("its end lies outside the years of the market")
    return end if end.tzinfo is UTC else end.astimezone(UTC)


def _instant(value: JsonValue) -> datetime | None:
    if type(value) is not str:
        return None
    try:
        read = datetime.fromisoformat(value)
    except ValueError:
        return None
    return read if read.tzinfo else None


def _duration_minutes(row: JsonObject) -> int:
    minutes = count_or_none(row.get("duration"))
    if minutes is not None and 0 < minutes <= MINUTES_PER_DAY:
        return minutes
    raise FieldError("duration is not a whole number of minutes of at most a day")


def _word(row: JsonObject, name: str, known: Container[str]) -> str | None:
    word = text_or_none(row.get(name))
    if word is not None and word not in known:
        report_unknown_word(name, word)
    return word


def _tariff(row: JsonObject) -> Tariff | None:
    return _tariff_of(
        _word(row, "period", _PERIODS),
        _word(row, "season", _SEASONS),
        count_or_none(row.get("block")),
        flag_or_none(row.get("demandWindow")),
    )


@lru_cache(maxsize=256)
def _tariff_of(
    period: str | None,
    season: str | None,
    block: int | None,
    demand_window: bool | None,  # noqa: FBT001 - a value, not a switch
) -> Tariff | None:
    """Share the few different ones among thousands of intervals."""
    tariff = Tariff(period, season, block, demand_window)
    return None if tariff == _NOTHING_SAID else tariff


def _spot_range(value: JsonValue) -> SpotRange | None:
    if type(value) is not dict:
        return None
    low = number_or_none(value.get("min"))
    high = number_or_none(value.get("max"))
    return None if low is None or high is None else SpotRange(low, high)


def _advanced_price(value: JsonValue) -> AdvancedPrice | None:
    if type(value) is not dict:
        return None
    low = number_or_none(value.get("low"))
    predicted = number_or_none(value.get("predicted"))
    high = number_or_none(value.get("high"))
    if low is None or predicted is None or high is None:
        return None
    return AdvancedPrice(low, predicted, high)


def _site(position: int, row: JsonObject, lost_channels: list[RejectedRecord]) -> Site:
    channels, lost = _channels(row)
    site = Site(
        id=required_text(row, "id"),
        nmi=text_or_none(row.get("nmi")) or "",
        channels=channels,
        network=text_or_none(row.get("network")),
        status=_word(row, "status", _SITE_STATUSES) or "",
        active_from=_date(row.get("activeFrom")),
        closed_on=_date(row.get("closedOn")),
        interval_length_minutes=_interval_length_minutes(row.get("intervalLength")),
        raw=row,
    )
    lost_channels.extend(
        RejectedRecord(position, f"channel {each.position}: {each.reason}", each.sample)
        for each in lost
    )
    return site


def _channels(
    row: JsonObject,
) -> tuple[tuple[Channel, ...], tuple[RejectedRecord, ...]]:
    rows = row.get("channels")
    if type(rows) is not list:
        return (), (reject(0, "channels is not a list", rows),)
    return sift(rows, _channel)


def _channel(_position: int, row: JsonObject) -> Channel:
    channel = Channel(
        identifier=required_text(row, "identifier"),
        type=required_text(row, "type"),
        tariff=text_or_none(row.get("tariff")),
        raw=row,
    )
    if channel.type not in _CHANNEL_TYPES:
        report_unknown_word("channelType", channel.type)
    return channel


def _date(value: JsonValue) -> date | None:
    try:
        return date.fromisoformat(value) if type(value) is str else None
    except ValueError:
        return None


def _interval_length_minutes(value: JsonValue) -> int | None:
    minutes = count_or_none(value)
    return minutes if minutes is not None and minutes > 0 else None
