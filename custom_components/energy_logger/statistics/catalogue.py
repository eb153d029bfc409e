"""Which statistics there are, and what each of them is; pure.

A statistic's id is made of what the utility calls its owner, as a device's key is: it
stays the same whichever way the data come. Home Assistant's charts and the Energy
dashboard know it by that id for ever.
"""

import re
from dataclasses import dataclass
from hashlib import sha256

from custom_components.energy_logger.api.channels import ChannelType
from custom_components.energy_logger.api.kamo_models import Area
from custom_components.energy_logger.const import AUD, AUD_PER_KWH, DOMAIN
from custom_components.energy_logger.keys import (
    CHANNEL_KEYS,
    area_key,
    part_key,
    site_key,
)
from custom_components.energy_logger.sources.names import area_name

_ENERGY_CLASS, _POWER_CLASS = "energy", "power"
_DIGEST_LENGTH = 8
_TITLES = {
    ChannelType.GENERAL: "general",
    ChannelType.CONTROLLED_LOAD: "controlled load",
    ChannelType.FEED_IN: "feed-in",
}


@dataclass(frozen=True, slots=True)
class Statistic:
    """One long-term statistic.

    Attributes:
        id: Of Home Assistant, ``energy_logger:...``.
        name: What pickers show.
        unit: Of its values.
        unit_class: What Home Assistant converts it with; None for money.
        has_sum: Whether hours are amounts that add up; otherwise they have a mean, a
            least and a greatest value.
    """

    id: str
    name: str
    unit: str
    unit_class: str | None
    has_sum: bool


@dataclass(frozen=True, slots=True)
class SiteStatistics:
    """The statistics of an Amber site.

    Attributes:
        site_id: Amber's id of it.
        site_name: What people call it.
    """

    site_id: str
    site_name: str

    def energy(self, channel: ChannelType) -> Statistic:
        """Return the energy of a channel, kWh, positive in its direction."""
        is_export = channel is ChannelType.FEED_IN
        return Statistic(
            self._id(f"{CHANNEL_KEYS[channel]}_energy"),
            self._name(channel, "return" if is_export else "consumption"),
            "kWh",
            _ENERGY_CLASS,
            has_sum=True,
        )

    def money(self, channel: ChannelType) -> Statistic:
        """Return what a channel costs, or earns on feed-in, AUD."""
        what = "compensation" if channel is ChannelType.FEED_IN else "cost"
        return Statistic(
            self._id(f"{CHANNEL_KEYS[channel]}_{what}"),
            self._name(channel, what),
            AUD,
            None,
            has_sum=True,
        )

    def price(self, channel: ChannelType) -> Statistic:
        """Return the settled price of a channel, AUD/kWh, positive as on sensors."""
        return Statistic(
            self._id(f"{CHANNEL_KEYS[channel]}_price"),
            self._name(channel, "price"),
            AUD_PER_KWH,
            None,
            has_sum=False,
        )

    @property
    def charges(self) -> Statistic:
        """Its daily charges, AUD."""
        name = f"{self.site_name} daily charges"
        return Statistic(self._id("daily_charges_cost"), name, AUD, None, has_sum=True)

    @property
    def charges_energy(self) -> Statistic:
        """The energy of its daily charges, kWh, which is always zero."""
        return Statistic(
            self._id("daily_charges_energy"),
            f"{self.site_name} daily charges (no energy)",
            "kWh",
            _ENERGY_CLASS,
            has_sum=True,
        )

    def _id(self, what: str) -> str:
        return _id(part_key(site_key(_slug(self.site_id)), what))

    def _name(self, channel: ChannelType, what: str) -> str:
        return f"{self.site_name} {_TITLES[channel]} {what}"


def area_load(area: Area) -> Statistic:
    """Return the load of an area, kW."""
    return _power(part_key(area_key(area.id), "load"), f"{area_name(area)} load")


def substation_power(area: Area, substation: str) -> Statistic:
    """Return the load of one of an area's substations, kW."""
    key = part_key(area_key(area.id), f"{_slug(substation)}_power")
    return _power(key, f"{area_name(area)} {substation} power")


def _power(key: str, name: str) -> Statistic:
    return Statistic(_id(key), name, "kW", _POWER_CLASS, has_sum=False)


def _id(key: str) -> str:
    return f"{DOMAIN}:{key}"


def _slug(text: str) -> str:
    """Return a text in the characters that ids have, no two texts alike.

    Letters of both cases are one. Texts whose slug would be the same get a digest
    behind it.
    """
    slug = re.sub(r"[^0-9a-z]+", "_", text.lower()).strip("_")
    if slug.replace("_", " ") == text.lower():
        return slug
    digest = sha256(text.encode()).hexdigest()[:_DIGEST_LENGTH]
    return f"{slug}_{digest}".lstrip("_")
