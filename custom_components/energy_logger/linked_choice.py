"""Which sites and areas a linked entry shows; pure.

Keys name them as device identifiers do: ``amber_{site}`` and ``kamo_{area}``.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from .const import CONF_AREAS, CONF_SUBSTATIONS
from .coordinator import ServerState


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
        left_out: Of what it does not show because another entry does.
    """

    keys: frozenset[str]
    left_out: frozenset[str]


def choose(
    state: ServerState,
    options: LinkedOptions,
    *,
    held: frozenset[str],
    shown: frozenset[str] = frozenset(),
) -> Choice:
    """Return what a linked entry shows.

    A list that is missing or empty is no reason to take anything away.

    Args:
        state: What the server has.
        options: What the user wants.
        held: Keys of what other entries show.
        shown: Keys of what this one shows.
    """
    sites = {f"amber_{site.id}" for site in state.sites or () if site.is_active}
    areas = {
        f"kamo_{area.id}" for area in state.areas or () if area.id in options.areas
    }
    kept = {key for key in shown if not _is_listed(state, key)}
    wanted = frozenset(sites | areas | kept)
    return Choice(keys=wanted - held, left_out=wanted & held)


def is_gone(state: ServerState, choice: Choice, key: str) -> bool:
    """Return whether the device of a site or an area must go.

    Args:
        state: What the server has.
        choice: What is shown of it.
        key: Of a device that is there.
    """
    return key in choice.left_out or (key not in choice.keys and _is_listed(state, key))


def _is_listed(state: ServerState, key: str) -> bool:
    """Return whether the server lists things of a key's kind at all."""
    return bool(state.sites if key.startswith("amber_") else state.areas)
