"""Which sites and areas a linked entry shows; pure."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Self

from custom_components.energy_logger.api.amber_models import SiteStatus
from custom_components.energy_logger.const import CONF_AREAS, CONF_SUBSTATIONS
from custom_components.energy_logger.coordinator import ServerState
from custom_components.energy_logger.keys import KeyKind, area_key, site_key
from custom_components.energy_logger.sources.known_listings import KnownListings


@dataclass(frozen=True, slots=True)
class LinkedOptions:
    """What the user wants to see.

    Attributes:
        areas: Numbers of KAMO areas.
        substations: Those of them whose substations are wanted.
    """

    areas: frozenset[int]
    substations: frozenset[int]

    @classmethod
    def of(cls, options: Mapping[str, Any]) -> Self:
        """Read an entry's options."""
        return cls(
            frozenset(options.get(CONF_AREAS, ())),
            frozenset(options.get(CONF_SUBSTATIONS, ())),
        )


@dataclass(frozen=True, slots=True)
class Choice:
    """What there is to show.

    Attributes:
        keys: Of what the entry shows.
        skipped: Of what it does not show because another entry does.
    """

    keys: frozenset[str]
    skipped: frozenset[str]


def choose(
    state: ServerState,
    options: LinkedOptions,
    *,
    claimed: frozenset[str],
    shown: Collection[str],
) -> Choice:
    """Return what a linked entry shows.

    Args:
        state: What the server has.
        options: What the user wants.
        claimed: Keys of what other entries show.
        shown: Keys of what the entry has devices of. Of those, a site whose status is a
            new word is shown on; of others, only active ones.
    """
    sites = {
        key
        for site in state.sites
        if (key := site_key(site.id))
        and (site.is_active or (site.status != SiteStatus.CLOSED and key in shown))
    }
    areas = {area_key(area.id) for area in state.areas if area.id in options.areas}
    wanted = frozenset(sites | areas)
    return Choice(keys=wanted - claimed, skipped=wanted & claimed)


def must_go(choice: Choice, listings: KnownListings, key: str) -> bool:
    """Return whether the device of a site or an area must go.

    What is merely missing from a list stays, and so does a site that a list calls
    closed: its entities and their history are what a new site can take over.

    Args:
        choice: What is shown.
        listings: What is known to be listed.
        key: Of a device that is there.
    """
    if key in choice.keys:
        return False
    if key in choice.skipped:
        return True
    if KeyKind.SITE.includes(key):
        return listings.sites.is_gone(key)
    return key in listings.areas.records or listings.areas.is_gone(key)
