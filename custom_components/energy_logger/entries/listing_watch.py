"""Whether a site or an area is still what it was when its entry was set up."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from homeassistant.core import CALLBACK_TYPE, HassJob, HomeAssistant, callback
from homeassistant.helpers.event import async_call_later

from custom_components.energy_logger.api.absence import RELIST_AFTER
from custom_components.energy_logger.api.amber_models import Site, SiteStatus
from custom_components.energy_logger.api.errors import SourceError, SourceRefused
from custom_components.energy_logger.const import LOGGER
from custom_components.energy_logger.issues import Issue, clear_issue, raise_issue
from custom_components.energy_logger.sources.key_refusals import PROBE_EVERY

if TYPE_CHECKING:
    from custom_components.energy_logger.coordinator import EnergyLoggerConfigEntry

_CHECK_EVERY = timedelta(days=1)


class ListingWatch:
    """Reads a list again once a day, and within minutes after an odd or none.

    Channels, billing interval and status of a site change a few times in its life; one
    request a day is enough to notice.
    """

    def __init__(
        self,
        hass: HomeAssistant,
        entry: "EnergyLoggerConfigEntry",
        read: Callable[[], Awaitable[bool]],
        has_changed: Callable[[], bool],
    ) -> None:
        """Watch nothing yet.

        Args:
            hass: Home Assistant.
            entry: It is set up anew when something has changed.
            read: Reads the list, says whether it was odd, and raises ``SourceError``.
            has_changed: Says whether what the entry shows is another one now, or gone.
        """
        self._hass = hass
        self._entry = entry
        self._read = read
        self._has_changed = has_changed
        self._cancel: CALLBACK_TYPE | None = None
        self._is_over = False

    @callback
    def start(self, *, was_odd: bool) -> None:
        """Watch until the entry is unloaded; the list was read a moment ago."""
        self._schedule(_pace(was_odd=was_odd))
        self._entry.async_on_unload(self._stop)

    async def _check(self, _now: datetime) -> None:
        self._cancel = None
        try:
            wait = _pace(was_odd=await self._read())
        except SourceError as err:
            LOGGER.debug("The list is read again later: %s", err)
            # a refused token must not be tried every few minutes
            wait = PROBE_EVERY if isinstance(err, SourceRefused) else RELIST_AFTER
        if self._is_over:
            return
        if self._has_changed():
            self._hass.config_entries.async_schedule_reload(self._entry.entry_id)
        else:
            self._schedule(wait)

    def _schedule(self, wait: timedelta) -> None:
        self._cancel = async_call_later(
            self._hass, wait, HassJob(self._check, cancel_on_shutdown=True)
        )

    def _stop(self) -> None:
        self._is_over = True
        if self._cancel is not None:
            self._cancel()


def _pace(*, was_odd: bool) -> timedelta:
    return RELIST_AFTER if was_odd else _CHECK_EVERY


@callback
def show_closed(
    hass: HomeAssistant, entry: "EnergyLoggerConfigEntry", site: Site
) -> None:
    """Show whether the entry's site is closed."""
    if site.status == SiteStatus.CLOSED:
        raise_issue(hass, Issue.SITE_CLOSED, entry)
    else:
        clear_issue(hass, Issue.SITE_CLOSED, entry)
