"""When to believe that a listed thing is gone; pure.

Upstream's directories (Amber's ``/sites``, KAMO's ``/area``) now and then lack an
entry, or all of them, and are whole again minutes later. So a known entry is only
believed gone after several listings over several days lacked it, and an empty listing
says nothing.
"""

from collections.abc import Collection, Hashable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

RELIST_AFTER = timedelta(minutes=10)
"""When to ask again after a suspicious listing."""

GONE_AFTER_LISTINGS = 3
"""Listings in a row that must lack an entry before it counts as gone ..."""

GONE_AFTER = timedelta(days=2)
"""... and the time between the first and the last of them."""


@dataclass(frozen=True, slots=True)
class Missing:
    """How long an entry has been missing.

    Attributes:
        listings: Listings in a row that lacked it, at least 1.
        first_at: Instant (UTC) of the first of them.
        last_at: Instant (UTC) of the last of them.
    """

    listings: int
    first_at: datetime
    last_at: datetime

    @property
    def is_gone(self) -> bool:
        """Whether it was missing often and long enough to be believed gone."""
        span = self.last_at - self.first_at
        return self.listings >= GONE_AFTER_LISTINGS and span >= GONE_AFTER


@dataclass(frozen=True, slots=True)
class Absence[Key: Hashable]:
    """What is known to exist, and what of it is missing at present.

    Attributes:
        known: Keys (site or area ids) that exist as far as is known, or once did.
        missing: Those that the last listing lacked.
    """

    known: frozenset[Key] = frozenset()
    missing: Mapping[Key, Missing] = field(default_factory=dict)


def record_listing[Key: Hashable](
    state: Absence[Key], listed_keys: Iterable[Key], at: datetime
) -> Absence[Key]:
    """Return the state after a good listing; an empty one changes nothing.

    Args:
        state: The state before it.
        listed_keys: Every key in it; new ones become known.
        at: Instant (UTC) of the listing. With a clock that is known to be wrong a
            listing should not be recorded.
    """
    listed = frozenset(listed_keys)
    if not listed:
        return state
    missing = {
        key: _missed_again(state.missing.get(key), at) for key in state.known - listed
    }
    return replace(state, known=state.known | listed, missing=missing)


def is_gone[Key: Hashable](state: Absence[Key], key: Key) -> bool:
    """Say whether a key is believed gone; never one that is not known at all."""
    missing = state.missing.get(key)
    return missing is not None and missing.is_gone


def is_suspicious[Key: Hashable](
    state: Absence[Key], listed_keys: Collection[Key]
) -> bool:
    """Say whether a listing should be asked for again after ``RELIST_AFTER``.

    That is an empty one, and one that lacks a known key, until as many listings as it
    takes have lacked it: from then on the usual pace shows whether it stays away.

    Args:
        state: After the listing was recorded.
        listed_keys: Every key in the listing.
    """
    if not listed_keys:
        return True
    return any(
        missing.listings < GONE_AFTER_LISTINGS
        for key, missing in state.missing.items()
        if key not in listed_keys
    )


def _missed_again(before: Missing | None, at: datetime) -> Missing:
    if before is None or at < before.last_at:
        # nothing before, or noted by a clock that has been set back since
        return Missing(1, at, at)
    return Missing(before.listings + 1, before.first_at, at)
