"""Site and area rows, and the JSON objects they stand for."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from energy_logger_server.api.amber_models import Channel, Site
from energy_logger_server.api.exact_json import JsonObject, JsonValue
from energy_logger_server.api.kamo_models import Area

from .json_text import apply_extra, difference, storable


class SiteColumns(NamedTuple):
    """What a row of ``site`` holds of what was sent."""

    site_id: str
    nmi: str
    network: str | None
    status: str
    active_from: str | None
    closed_on: str | None
    interval_length_minutes: int | None
    extra: str | None


class ChannelColumns(NamedTuple):
    """What a row of ``site_channel`` holds of what was sent."""

    identifier: str
    type: str
    tariff: str | None
    extra: str | None


class AreaColumns(NamedTuple):
    """What a row of ``area`` holds of what was sent."""

    id: int
    name: str
    abbreviation: str
    selected: bool | None
    extra: str | None


def encode_site(site: Site) -> tuple[SiteColumns, tuple[ChannelColumns, ...]]:
    """Return a site's columns and those of its channels."""
    channels = tuple(_encode_channel(channel) for channel in site.channels)
    columns = SiteColumns(
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
    return columns._replace(extra=extra), channels


def decode_site(columns: SiteColumns, channels: Sequence[ChannelColumns]) -> JsonObject:
    """Return the JSON object that upstream sent for a site."""
    listed: list[JsonValue] = [decode_channel(channel) for channel in channels]
    raw: JsonObject = {
        "id": columns.site_id,
        "nmi": columns.nmi,
        "channels": listed,
    }
    others: JsonObject = {
        "network": columns.network,
        "status": columns.status,
        "activeFrom": columns.active_from,
        "closedOn": columns.closed_on,
        "intervalLength": columns.interval_length_minutes,
    }
    raw.update((name, value) for name, value in others.items() if value is not None)
    return apply_extra(raw, columns.extra)


def _encode_channel(channel: Channel) -> ChannelColumns:
    columns = ChannelColumns(
        storable(channel.identifier),
        storable(channel.type),
        _storable(channel.tariff),
        None,
    )
    extra = difference(decode_channel(columns), channel.raw)
    return columns._replace(extra=extra)


def decode_channel(columns: ChannelColumns) -> JsonObject:
    """Return the JSON object that upstream sent for a channel."""
    raw: JsonObject = {"identifier": columns.identifier, "type": columns.type}
    if columns.tariff is not None:
        raw["tariff"] = columns.tariff
    return apply_extra(raw, columns.extra)


def encode_area(area: Area) -> AreaColumns:
    """Return an area's columns."""
    selected = area.raw.get("selected")
    columns = AreaColumns(
        area.id,
        storable(area.name),
        storable(area.abbreviation),
        selected if isinstance(selected, bool) else None,
        None,
    )
    return columns._replace(extra=difference(decode_area(columns), area.raw))


def decode_area(columns: AreaColumns) -> JsonObject:
    """Return the JSON object that upstream sent for an area."""
    raw: JsonObject = {
        "id": columns.id,
        "name": columns.name,
        "abrev": columns.abbreviation,
    }
    if columns.selected is not None:
        raw["selected"] = columns.selected
    return apply_extra(raw, columns.extra)


def _storable(text: str | None) -> str | None:
    return None if text is None else storable(text)


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
