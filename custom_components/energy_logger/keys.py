"""What sites, areas, substations and servers are known by in the registries; pure.

A key identifies a device: ``amber_{site}``, ``kamo_{area}``, with a substation's name
behind it, ``server_{instance}``, or ``watch_{instance}_{area}`` of a server's peak
watch. Its entities' unique ids are made of it. Every Home
Assistant that has the integration keeps them: one that changes loses an entity and its
history.
"""

from collections.abc import Iterable
from enum import StrEnum

from .api.channels import ChannelType
from .const import DOMAIN

CHANNEL_KEYS = {
    ChannelType.GENERAL: "general",
    ChannelType.CONTROLLED_LOAD: "controlled_load",
    ChannelType.FEED_IN: "feed_in",
}
"""Channels that Home Assistant shows, as keys write them."""


class KeyKind(StrEnum):
    """Kinds of keys, as they begin."""

    SITE = "amber"
    AREA = "kamo"
    SERVER = "server"
    WATCH = "watch"

    def key(self, id_: str | int | None) -> str:
        """Return the key of a site, an area or a server."""
        return part_key(self, id_)

    def includes(self, key: str) -> bool:
        """Return whether a key is of this kind; a substation's is of its area's."""
        return is_part_of(key, self)


site_key = KeyKind.SITE.key
area_key = KeyKind.AREA.key
server_key = KeyKind.SERVER.key


def part_key(owner: str, part: str | int | None) -> str:
    """Return the key of an area's substation, or the unique id of an entity."""
    return f"{owner}_{part}"


def watch_key(instance_id: str | None, area_id: int) -> str:
    """Return the key of a server's peak watch of an area."""
    return KeyKind.WATCH.key(part_key(str(instance_id), area_id))


def is_part_of(key: str, owner: str) -> bool:
    """Return whether a key or a unique id is made of another key."""
    return key.startswith(f"{owner}_")


def with_owner(unique_id: str, before: str, after: str) -> str:
    """Return the unique id of an entity whose owner's key changes."""
    return part_key(after, unique_id.removeprefix(f"{before}_"))


def identifiers_of(key: str) -> set[tuple[str, str]]:
    """Return the identifiers of a device, as the registry wants them."""
    return {(DOMAIN, key)}


def keys_in(identifiers: Iterable[tuple[str, str]]) -> set[str]:
    """Return the keys among a device's identifiers; usually one."""
    return {key for domain, key in identifiers if domain == DOMAIN}


def issue_id(issue: str, entry_id: str) -> str:
    """Return the id of an entry's issue."""
    return f"{issue}_{entry_id}"
