"""Whether a site is still what it was when its entry was set up."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.event import async_track_time_interval

from .api.errors import SourceError
from .api.models import Answer, Site, SiteStatus
from .const import LOGGER
from .issues import Issue, clear_issue, raise_issue

if TYPE_CHECKING:
    from .coordinator import EnergyLoggerConfigEntry, PriceCoordinator

_LOOK_EVERY = timedelta(days=1)


@callback
def watch_site(
    hass: HomeAssistant, entry: "EnergyLoggerConfigEntry", prices: "PriceCoordinator"
) -> None:
    """Tell of a closed site, and set the entry up anew when the site has changed.

    Channels, billing interval and status of a site change a few times in its life; one
    request a day is enough to notice.
    """
    _show(hass, entry, prices.site)

    async def look(_now: datetime) -> None:
        try:
            answer = await prices.source.fetch_sites()
        except SourceError as err:
            LOGGER.debug("Sites are looked at again tomorrow: %s", err)
            return
        if _has_changed(prices.site, answer):
            hass.config_entries.async_schedule_reload(entry.entry_id)

    entry.async_on_unload(
        async_track_time_interval(hass, look, _LOOK_EVERY, cancel_on_shutdown=True)
    )


def _has_changed(site: Site, answer: Answer[Site]) -> bool:
    """Return whether a site is another one now, or gone.

    A list in which something could not be read does not say that a site is gone.
    """
    told = next((one for one in answer.records if one.id == site.id), None)
    if told is None:
        return not answer.rejected
    return told != site


def _show(hass: HomeAssistant, entry: "EnergyLoggerConfigEntry", site: Site) -> None:
    if site.status == SiteStatus.CLOSED:
        raise_issue(hass, Issue.SITE_CLOSED, entry)
    else:
        clear_issue(hass, Issue.SITE_CLOSED, entry)
