"""What the store reports of its own work, as records."""

from dataclasses import dataclass
from datetime import date, datetime

from energy_logger_server.api.absence import Missing


@dataclass(frozen=True, slots=True)
class KnownSite:
    """A site as far as a collector must know it.

    Attributes:
        site_id: Amber's id.
        status: As in ``api.amber_models.Site``.
        is_active: Whether prices and usage can be expected today.
        active_from: First NEM date on which it was active, None when not said.
        closed_on: Last NEM date likewise, None while it is not closed.
        interval_length_minutes: Billing interval, None when not said.
        price_channels: Distinct channel types.
        usage_channels: Registers.
        missing: How long Amber's list has lacked it; None while it is in it.
    """

    site_id: str
    status: str
    is_active: bool
    active_from: date | None
    closed_on: date | None
    interval_length_minutes: int | None
    price_channels: tuple[str, ...]
    usage_channels: tuple[str, ...]
    missing: Missing | None = None

    def was_active_on(self, day: date) -> bool:
        """Return whether prices and usage of a NEM date can be expected."""
        has_begun = self.active_from is None or day >= self.active_from
        return has_begun and (self.closed_on is None or day <= self.closed_on)


@dataclass(frozen=True, slots=True)
class KnownArea:
    """An area of KAMO.

    Attributes:
        area_id: KAMO's number.
        name: Full name.
        abbreviation: Short name.
        is_aggregate: Whether it is a sum of others, without substations.
        missing: How long KAMO's list has lacked it; None while it is in it.
    """

    area_id: int
    name: str
    abbreviation: str
    is_aggregate: bool
    missing: Missing | None = None


@dataclass(frozen=True, slots=True)
class Freshness:
    """When an endpoint last gave a usable answer.

    Attributes:
        endpoint: ``site``, ``price``, ``current_price``, ``usage``, ``area``, ``load``,
            ``substations``; ``price`` counts days of the past too.
        owner: Site id or area number; empty for lists.
        fetched_at: Instant (UTC).
    """

    endpoint: str
    owner: str
    fetched_at: datetime
