"""Our statistics in the preferences of the Energy dashboard; what is there stays."""

from collections.abc import Collection, Iterable, Iterator

from homeassistant.components.energy.data import (
    EnergyPreferencesUpdate,
    GridSourceType,
    SourceType,
    async_get_manager,
)
from homeassistant.components.recorder.statistics import get_metadata
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.recorder import get_instance

from custom_components.energy_logger.api.channels import ChannelType
from custom_components.energy_logger.const import DOMAIN

from .catalogue import SiteStatistics, Statistic
from .recorded import has_recorder


@callback
def has_energy_dashboard(hass: HomeAssistant) -> bool:
    """Return whether there is a dashboard that could show statistics."""
    return "energy" in hass.config.components and has_recorder(hass)


async def add_to_energy_dashboard(
    hass: HomeAssistant, sites: Iterable[SiteStatistics]
) -> list[str]:
    """Add what is recorded of sites to the user's preferences.

    Returns:
        Ids of the statistics that were added; none of what was there already.
    """
    manager = await async_get_manager(hass)
    known = manager.data or manager.default_preferences()
    before = known["energy_sources"]
    recorded = await get_instance(hass).async_add_executor_job(_recorded, hass)
    added = [
        source
        for site in sites
        for source in _grid_sources(site, recorded - _statistics_in(before))
    ]
    if added:
        await manager.async_update(
            EnergyPreferencesUpdate(
                energy_sources=[*before, *added],
                device_consumption=known["device_consumption"],
            )
        )
    return sorted(_statistics_in(added) & recorded)


def _recorded(hass: HomeAssistant) -> set[str]:
    """Return the ids of our statistics that there are."""
    return {*get_metadata(hass, statistic_source=DOMAIN)}


def _statistics_in(sources: Iterable[SourceType]) -> set[str]:
    """Return the ids of all statistics that sources name."""
    return {
        value
        for source in sources
        for key, value in source.items()
        if key.startswith("stat_") and isinstance(value, str)
    }


def _grid_sources(
    site: SiteStatistics, available: Collection[str]
) -> Iterator[GridSourceType]:
    """Give the connections to the grid that a site has.

    General and feed-in are one; what else costs something is one of its own.

    Args:
        site: Whose.
        available: Ids of statistics that are recorded and not shown yet.
    """

    def known(statistic: Statistic) -> str | None:
        return statistic.id if statistic.id in available else None

    general, load = ChannelType.GENERAL, ChannelType.CONTROLLED_LOAD
    feed_in = ChannelType.FEED_IN
    for energy, cost, export in (
        (site.energy(general), site.money(general), site.energy(feed_in)),
        (site.energy(load), site.money(load), None),
        (site.charges_energy, site.charges, None),
    ):
        drawn = known(energy)
        returned = None if export is None else known(export)
        if drawn is None and returned is None:
            continue
        yield GridSourceType(
            type="grid",
            stat_energy_from=drawn,
            stat_energy_to=returned,
            stat_cost=drawn and known(cost),
            entity_energy_price=None,
            number_energy_price=None,
            stat_compensation=returned and known(site.money(feed_in)),
            entity_energy_price_export=None,
            number_energy_price_export=None,
            cost_adjustment_day=0.0,
        )
