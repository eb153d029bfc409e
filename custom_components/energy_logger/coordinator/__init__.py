"""Coordinators: what is known of a site or an area, kept up to date."""

from dataclasses import dataclass, field

from homeassistant.config_entries import ConfigEntry

from custom_components.energy_logger.api.server import ServerClient
from custom_components.energy_logger.sources.known_listings import KnownListings
from custom_components.energy_logger.statistics.catalogue import SiteStatistics

from .forecast_scores import ScoresCoordinator
from .grid import AreaCoordinator, AreaState
from .peak_watch import PeakWatchCoordinator
from .prices import ChannelPrices, PriceCoordinator, SitePrices
from .server import ServerCoordinator, ServerState
from .statistics import StatisticsCoordinator, StatisticsState
from .substations import AreaReport, SubstationCoordinator
from .usage import SiteUsage, UsageCoordinator
from .usage_days import DayUsage

__all__ = [
    "AnyCoordinator",
    "AreaCoordinator",
    "AreaReport",
    "AreaState",
    "ChannelPrices",
    "DayUsage",
    "EnergyLoggerConfigEntry",
    "EntityCoordinator",
    "LinkedData",
    "PeakWatchCoordinator",
    "PriceCoordinator",
    "RuntimeData",
    "ScoresCoordinator",
    "ServerCoordinator",
    "ServerState",
    "SiteCoordinators",
    "SitePrices",
    "SiteUsage",
    "StatisticsCoordinator",
    "StatisticsState",
    "SubstationCoordinator",
    "UsageCoordinator",
]


@dataclass(frozen=True, slots=True)
class SiteCoordinators:
    """The coordinators of one Amber site."""

    prices: PriceCoordinator
    usage: UsageCoordinator

    @property
    def statistics(self) -> SiteStatistics:
        """Which long-term statistics the site has."""
        return SiteStatistics(self.prices.site.id, self.prices.site_name)


type AnyCoordinator = (
    PriceCoordinator
    | UsageCoordinator
    | AreaCoordinator
    | PeakWatchCoordinator
    | SubstationCoordinator
)
"""What fetches for a site, an area, its substations or a peak watch."""

type EntityCoordinator = (
    AnyCoordinator | ServerCoordinator | StatisticsCoordinator | ScoresCoordinator
)
"""What entities show something of."""


@dataclass(frozen=True, slots=True)
class LinkedData:
    """What a loaded linked entry holds beside its sites and areas.

    Attributes:
        client: Asks the server.
        server: What is known of the server itself.
        watch: What is known of its peak watch.
        substations: What it says of the substations of areas, of those that are shown.
        waiting: Coordinators of what the server could not list when the entry was
            set up; it is set up again when one succeeds.
        keys: Of all its sites and areas, the waiting ones included; see ``keys``.
        listings: What the server's lists of sites and areas hold.
    """

    client: ServerClient
    server: ServerCoordinator
    watch: PeakWatchCoordinator
    substations: tuple[SubstationCoordinator, ...]
    waiting: tuple[AnyCoordinator, ...]
    keys: frozenset[str]
    listings: KnownListings


@dataclass(frozen=True, slots=True)
class RuntimeData:
    """What a loaded entry holds.

    Attributes:
        sites: Amber sites by id.
        areas: KAMO areas by number.
        skipped: What a linked entry does not show because another entry does, by
            key.
        linked: What only a linked entry has; None for the others.
        statistics: What brings in the long-term statistics of sites and areas, by key.
    """

    sites: dict[str, SiteCoordinators] = field(default_factory=dict)
    areas: dict[int, AreaCoordinator] = field(default_factory=dict)
    skipped: frozenset[str] = frozenset()
    linked: LinkedData | None = None
    statistics: dict[str, StatisticsCoordinator] = field(default_factory=dict)


type EnergyLoggerConfigEntry = ConfigEntry[RuntimeData]
