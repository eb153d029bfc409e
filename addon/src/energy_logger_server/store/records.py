"""What the store tells of its own work, as records."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class KnownSite:
    """A site as far as a collector must know it.

    Attributes:
        site_id: Amber's id.
        status: As in ``api.models.Site``.
        is_active: Whether prices and usage can be expected today.
        interval_length_minutes: Billing interval, None when not said.
        price_channels: Distinct channel types.
        usage_channels: Registers.
    """

    site_id: str
    status: str
    is_active: bool
    interval_length_minutes: int | None
    price_channels: tuple[str, ...]
    usage_channels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class KnownArea:
    """An area of KAMO.

    Attributes:
        area_id: KAMO's number.
        name: Full name.
        abbreviation: Short name.
        is_aggregate: Whether it is a sum of others, without substations.
    """

    area_id: int
    name: str
    abbreviation: str
    is_aggregate: bool


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
