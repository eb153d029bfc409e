"""Site and area rows, and the JSON objects they stand for."""

from collections.abc import Sequence
from datetime import date

from energy_logger_server.api.amber_models import Channel, Site
from energy_logger_server.api.exact_json import JsonObject, JsonValue
from energy_logger_server.api.kamo_models import Area

from .json_text import apply_extra, difference, storable

type SiteColumns = tuple[
    str, str, str | None, str, str | None, str | None, int | None, str | None
]
"""site_id, nmi, network, status, active_from, closed_on, interval_length_minutes,
extra."""

type ChannelColumns = tuple[str, str, str | None, str | None]
"""identifier, type, tariff, extra."""

type AreaColumns = tuple[int, str, str, bool | None, str | None]
"""id, name, abbreviation, selected, extra."""


def encode_site(site: Site) -> tuple[SiteColumns, tuple[ChannelColumns, ...]]:
    """Return a site's columns and those of its channels."""
    channels = tuple(_encode_channel(channel) for channel in site.channels)
    columns: SiteColumns = (
        site.id,
        storable(site.nmi),
        _storable(site.network),
        storable(site.status),
        _iso(site.active_from),
        _iso(site.closed_on),
        site.interval_length_minutes,
        None,
    )
    extra = difference(decode_site(columns, channels), site.raw)
    return (*columns[:-1], extra), channels


def decode_site(columns: SiteColumns, channels: Sequence[ChannelColumns]) -> JsonObject:
    """Return the JSON object that upstream sent for a site."""
    listed: list[JsonValue] = [decode_channel(channel) for channel in channels]
    raw: JsonObject = {"id": columns[0], "nmi": columns[1], "channels": listed}
    for name, value in zip(
        ("network", "status", "activeFrom", "closedOn", "intervalLength"),
        columns[2:7],
        strict=True,
    ):
        if value is not None:
            raw[name] = value
    return apply_extra(raw, columns[7])


def _encode_channel(channel: Channel) -> ChannelColumns:
    columns: ChannelColumns = (
        storable(channel.identifier),
        storable(channel.type),
        _storable(channel.tariff),
        None,
    )
    extra = difference(decode_channel(columns), channel.raw)
    return (*columns[:-1], extra)


def decode_channel(columns: ChannelColumns) -> JsonObject:
    """Return the JSON object that upstream sent for a channel."""
    raw: JsonObject = {"identifier": columns[0], "type": columns[1]}
    if columns[2] is not None:
        raw["tariff"] = columns[2]
    return apply_extra(raw, columns[3])


def encode_area(area: Area) -> AreaColumns:
    """Return an area's columns."""
    selected = area.raw.get("selected")
    columns: AreaColumns = (
        area.id,
        storable(area.name),
        storable(area.abbreviation),
        selected if isinstance(selected, bool) else None,
        None,
    )
    return (*columns[:-1], difference(decode_area(columns), area.raw))


def decode_area(columns: AreaColumns) -> JsonObject:
    """Return the JSON object that upstream sent for an area."""
    raw: JsonObject = {
        "id": columns[0],
        "name": columns[1],
        "abrev": columns[2],
    }
    if columns[3] is not None:
        raw["selected"] = columns[3]
    return apply_extra(raw, columns[4])


def _storable(text: str | None) -> str | None:
    return None if text is None else storable(text)


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
