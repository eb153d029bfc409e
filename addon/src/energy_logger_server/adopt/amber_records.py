"""amber-home's rows as Amber would send them, for the parser of Amber's client."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from energy_logger_server.api.channels import ChannelType
from energy_logger_server.api.exact_json import JsonObject
from energy_logger_server.api.nem import NEM_TIME, nem_date_of
from energy_logger_server.store.predecessors.amber_home import (
    PriceRow,
    SiteRow,
    UsageRow,
)

from .amber_times import LabelClock, by_clock, is_shifted
from .values import (
    Unreadable,
    flag_or_none,
    instant_or_none,
    number_or_none,
    required_number,
    required_time,
)

_WORDS = {
    word.casefold(): word
    for word in (
        *(channel.value for channel in ChannelType),
        *("none", "potential", "spike"),
        *("negative", "extremelyLow", "veryLow", "low", "neutral", "high"),
        *("estimated", "billable"),
    )
}
_SECOND = timedelta(seconds=1)


class NoClock(Unreadable):
    """A time says no offset, and nobody knows its clock."""


def end_of(row: PriceRow | UsageRow, clock: LabelClock | None) -> tuple[datetime, bool]:
    """Return the end (UTC) of a row's interval, and whether its label was shifted.

    Args:
        row: The row.
        clock: Of times without an offset; None if nobody knows.

    Raises:
        Unreadable: If its times contradict each other, or say nothing.
    """
    label, end = instant_or_none(row.nem_time), instant_or_none(row.end_time)
    if end is None and label is None:
        wall = required_time(row.nem_time, "nem_time")
        if clock is None:
            raise NoClock("nem_time says no offset")
        read = by_clock(wall, clock)
        if read is None:
            raise NoClock("nem_time is in an hour that Sydney repeats or skips")
        return read, clock is LabelClock.SYDNEY
    if end is None or label is None:
        return _known(label, end), False
    if label == end:
        return end, False
    if is_shifted(label, end):
        return end, True
    raise Unreadable("nem_time and end_time are different instants")


def _known(*instants: datetime | None) -> datetime:
    return next(at for at in instants if at is not None)


def site_json(row: SiteRow, registers: Sequence[tuple[str, str]]) -> JsonObject:
    """Return a site as Amber sends it, as far as amber-home knew it.

    Args:
        row: The site.
        registers: Identifier and channel type of those that have usage.
    """
    return {
        "id": row.id,
        "nmi": row.nmi,
        "status": "active",
        "channels": [
            {"identifier": one, "type": word_of(kind)} for one, kind in registers
        ],
    }


def price_json(row: PriceRow, end: datetime) -> JsonObject:
    """Return a price as Amber sends it.

    Raises:
        Unreadable: If it lacks what a price cannot do without.
    """
    return {
        **_common(row, end, "ActualInterval"),
        "perKwh": required_number(row.per_kwh, "per_kwh"),
        "spotPerKwh": number_or_none(row.spot_per_kwh),
        "renewables": number_or_none(row.renewables),
        "spikeStatus": word_of(row.spike_status),
    }


def usage_json(row: UsageRow, end: datetime) -> JsonObject:
    """Return usage as Amber sends it; amber-home kept no price.

    Raises:
        Unreadable: If it lacks what usage cannot do without.
    """
    if not row.channel_id:
        raise Unreadable("channel_id is empty")
    return {
        **_common(row, end, "Usage"),
        "channelIdentifier": row.channel_id,
        "kwh": required_number(row.kwh, "kwh"),
        "perKwh": None,
        "cost": number_or_none(row.cost),
        "quality": word_of(row.quality),
    }


def is_estimate(row: PriceRow) -> bool:
    """Return whether a price was not final when it was stored."""
    return flag_or_none(row.estimate) is True


def minutes_of(row: PriceRow | UsageRow) -> int:
    """Return how long a row's interval is.

    Raises:
        Unreadable: If it does not say.
    """
    return round(required_number(row.duration, "duration"))


def word_of(text: str | None) -> str | None:
    """Return Amber's own word for what its Python client had for it.

    ``ChannelType.FEEDIN`` is ``feedIn``; a word that nobody knows stays.
    """
    if text is None:
        return None
    bare = text.rpartition(".")[2]
    known: str | None = _WORDS.get(bare.replace("_", "").casefold())
    return known or bare


def _common(row: PriceRow | UsageRow, end: datetime, kind: str) -> JsonObject:
    minutes = minutes_of(row)
    start = end - timedelta(minutes=minutes)
    return {
        "type": kind,
        "duration": minutes,
        "date": nem_date_of(end, minutes).isoformat(),
        "startTime": f"{start + _SECOND:%Y-%m-%dT%H:%M:%SZ}",
        "endTime": f"{end:%Y-%m-%dT%H:%M:%SZ}",
        "nemTime": end.astimezone(NEM_TIME).isoformat(),
        "channelType": word_of(row.channel_type),
        "descriptor": word_of(row.descriptor),
    }
