"""What coordinators ask: the utilities themselves, or our server that mirrors them.

Both ways speak through the same clients. They differ in address and key, in how often
asking makes sense, and in how far back the load of an area goes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import ClassVar, Protocol, override

from custom_components.energy_logger.api.amber import AmberClient
from custom_components.energy_logger.api.amber_models import Price, Site, Usage
from custom_components.energy_logger.api.kamo import KamoClient
from custom_components.energy_logger.api.kamo_models import (
    Area,
    AreaGrid,
    SubstationTable,
)
from custom_components.energy_logger.api.models import Answer
from custom_components.energy_logger.api.plan import PricePoll, price_polls
from custom_components.energy_logger.api.rate_limit import BACKFILL_RESERVE, CallBudget

_LINKED_POLL = timedelta(seconds=20)
_DAY_HOURS = 26
"""Reaches local midnight also on the day of 25 hours."""


class AmberSource(Protocol):
    """Sites, prices and usage of one account; methods raise ``SourceError``."""

    @property
    def budget(self) -> CallBudget | None:
        """What the token may ask; None without a limit."""
        ...

    def price_polls(
        self, boundary: datetime, interval_minutes: int
    ) -> Sequence[PricePoll]:
        """Return when to ask for prices after a boundary of five minutes.

        The first poll that finds every price confirmed makes the later ones needless.
        """
        ...

    async def fetch_sites(self) -> Answer[Site]:
        """Return all sites of the account."""
        ...

    async def fetch_current_prices(
        self, site_id: str, *, next_count: int = 0
    ) -> Answer[Price]:
        """Return the prices of now and of so many intervals to come."""
        ...

    async def fetch_prices(
        self, site_id: str, first_day: date, last_day: date
    ) -> Answer[Price]:
        """Return the prices of whole NEM days, at most seven."""
        ...

    async def fetch_usage(
        self, site_id: str, first_day: date, last_day: date
    ) -> Answer[Usage]:
        """Return the usage of whole NEM days, at most seven."""
        ...


class KamoSource(Protocol):
    """Areas, their load and their substations; methods raise ``SourceError``."""

    has_key: ClassVar[bool]
    """Whether it can refuse a key, which the user must then mend."""

    async def fetch_areas(self) -> Answer[Area]:
        """Return all areas."""
        ...

    async def fetch_area_grid(
        self, area_id: int, *, hours: int | None = None
    ) -> AreaGrid:
        """Return an area's hourly load, measured and forecast.

        Args:
            area_id: Which area.
            hours: How far to look back, for those who remember more than is usual.
        """
        ...

    async def fetch_substations(self, area_id: int) -> SubstationTable:
        """Return what an area's substations show."""
        ...


@dataclass(frozen=True, slots=True)
class DirectAmber:
    """Amber itself.

    Attributes:
        client: With the account's token.
        budget: Shared by every client of the token; None without a limit.
    """

    client: AmberClient
    budget: CallBudget | None

    def price_polls(
        self, boundary: datetime, interval_minutes: int
    ) -> Sequence[PricePoll]:
        """Return the polls of the re-poll plan, see ``api.plan``."""
        return price_polls(boundary, interval_minutes)

    async def fetch_sites(self) -> Answer[Site]:
        """Return all sites of the account."""
        return await self.client.fetch_sites()

    async def fetch_current_prices(
        self, site_id: str, *, next_count: int = 0
    ) -> Answer[Price]:
        """Return the prices of now and of so many intervals to come."""
        return await self.client.fetch_current_prices(site_id, next_count=next_count)

    async def fetch_prices(
        self, site_id: str, first_day: date, last_day: date
    ) -> Answer[Price]:
        """Return the prices of whole NEM days; live polling goes first."""
        return await self.client.fetch_prices(
            site_id, first_day, last_day, reserve=BACKFILL_RESERVE
        )

    async def fetch_usage(
        self, site_id: str, first_day: date, last_day: date
    ) -> Answer[Usage]:
        """Return the usage of whole NEM days."""
        return await self.client.fetch_usage(site_id, first_day, last_day)


class LinkedAmber(DirectAmber):
    """Our server's mirror of Amber, which has no limit of calls."""

    __slots__ = ()

    @override
    def price_polls(
        self, boundary: datetime, interval_minutes: int
    ) -> Sequence[PricePoll]:
        """Return one poll: the server follows up, and says so by its events."""
        return (PricePoll(boundary + _LINKED_POLL, with_forecast=True),)


@dataclass(frozen=True, slots=True)
class DirectKamo:
    """KAMO itself, which publishes the last twelve hours."""

    client: KamoClient
    has_key: ClassVar[bool] = False

    async def fetch_areas(self) -> Answer[Area]:
        """Return all areas."""
        return await self.client.fetch_areas()

    async def fetch_area_grid(
        self,
        area_id: int,
        *,
        hours: int | None = None,  # noqa: ARG002 - KAMO takes no wishes
    ) -> AreaGrid:
        """Return an area's load, as far back as KAMO publishes it."""
        return await self.client.fetch_area_grid(area_id)

    async def fetch_substations(self, area_id: int) -> SubstationTable:
        """Return what an area's substations show."""
        return await self.client.fetch_substations(area_id)


class LinkedKamo(DirectKamo):
    """Our server's mirror of KAMO, which remembers the whole day."""

    __slots__ = ()

    @override
    async def fetch_area_grid(
        self, area_id: int, *, hours: int | None = None
    ) -> AreaGrid:
        """Return an area's load since yesterday, or of more hours."""
        return await self.client.fetch_area_grid(area_id, hours=hours or _DAY_HOURS)
