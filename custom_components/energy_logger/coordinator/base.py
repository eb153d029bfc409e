"""What all coordinators share: ticks aligned to the clock, and errors in HA's words."""

import logging
from abc import abstractmethod
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Protocol, override

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HassJob, HomeAssistant, callback
from homeassistant.exceptions import ConfigEntryAuthFailed, HomeAssistantError
from homeassistant.helpers.event import async_call_at, async_call_later
from homeassistant.helpers.update_coordinator import (
    DataUpdateCoordinator,
    UpdateFailed,
)
from homeassistant.util.dt import utcnow

from custom_components.energy_logger.api.errors import (
    SourceError,
    SourceRateLimited,
    SourceRefused,
    SourceUnreachable,
)
from custom_components.energy_logger.api.plan import next_tick
from custom_components.energy_logger.const import (
    CONF_CONNECTION,
    DOMAIN,
    INTERVAL_MINUTES,
    LOGGER,
    SOURCE_NAMES,
    Connection,
)
from custom_components.energy_logger.issues import Issue, clear_issue, raise_issue
from custom_components.energy_logger.sources.key_refusals import (
    KeyRefusal,
    record_setup_refusal,
    refused_again,
    withdraw_reauth,
)

from .refusals import Refusals

if TYPE_CHECKING:
    from . import EnergyLoggerConfigEntry

_STALE = HTTPStatus.SERVICE_UNAVAILABLE
_MOST_EARLY = timedelta(seconds=1)
"""How early a timer can be by the clock: both read the time by themselves."""


class SharedConnection(Protocol):
    """Somewhere that several coordinators ask; logs its outages."""

    @property
    def is_refused(self) -> bool:
        """Whether the key is known to be refused."""
        ...

    async def is_down(self) -> bool:
        """Return whether nothing can be learned there, after another try."""
        ...


class CoordinatorLog(logging.Logger):
    """Our log, as one coordinator writes it.

    Attributes:
        is_suppressed: Whether lines are left out, because somebody else logs the outage
            that they are about.
    """

    def __init__(self) -> None:
        super().__init__(LOGGER.name)
        self.parent = LOGGER
        self.is_suppressed = False

    @override
    def isEnabledFor(self, level: int) -> bool:
        return not self.is_suppressed and LOGGER.isEnabledFor(level)


class AlignedCoordinator[Data](DataUpdateCoordinator[Data]):
    """Fetches at marks of the wall clock; listeners hear only of changes.

    Attributes:
        succeeded_at: Instant (UTC) of the last fetch that went well; None before it.
        next_at: Instant (UTC) at which it fetches again; None before the first.
        connection: What it shares with other coordinators; None when it is alone.
    """

    config_entry: "EnergyLoggerConfigEntry"

    def __init__(
        self,
        hass: HomeAssistant,
        entry: "EnergyLoggerConfigEntry",
        name: str,
        *,
        has_key: bool,
    ) -> None:
        """Nothing is fetched before the first refresh.

        Args:
            hass: Home Assistant.
            entry: The entry that it belongs to.
            name: For the log; holds no personal number.
            has_key: Whether a refusal means that the user must give another key.
        """
        self._log = CoordinatorLog()
        super().__init__(
            hass, self._log, config_entry=entry, name=name, always_update=False
        )
        self._has_key = has_key
        self._refusals = Refusals()
        self._key_refusal: KeyRefusal | None = None
        self.succeeded_at: datetime | None = None
        self.next_at: datetime | None = None
        self._due_s = 0.0
        self.connection: SharedConnection | None = None
        self._is_linked = entry.data[CONF_CONNECTION] == Connection.SERVER
        self._is_outage_logged_elsewhere = False

    @property
    def is_refused(self) -> bool:
        """Whether the key is known to be refused; it is tried again now and then."""
        return self._key_refusal is not None

    @abstractmethod
    async def fetch(self, now: datetime) -> Data:
        """Return what is known now.

        Raises:
            SourceError: If nothing could be learned.
        """

    def next_fetch_at(self, now: datetime, data: Data | None) -> datetime:  # noqa: ARG002 - for those who plan by it
        """Return when to fetch again.

        Args:
            now: Present instant.
            data: What was fetched; None when the fetch failed.
        """
        return next_tick(now, INTERVAL_MINUTES, self.offset_s)

    offset_s: float = 0
    """Seconds after the mark at which there is something new to fetch."""

    def keep_data_on(self, err: SourceError) -> bool:  # noqa: ARG002 - for those who can
        """Return whether what is known still holds, so that an error is none."""
        return False

    @override
    async def _async_update_data(self) -> Data:
        # for an error that nobody has thought of
        self._plan(None)
        try:
            await self._require_key()
            data = await self.fetch(utcnow())
        except UpdateFailed:
            self._plan(None)
            raise
        except SourceError as err:
            if self.keep_data_on(err):
                self.logger.debug("%s stay as they are: %s", self.name, err.reason)
                self._plan(self.data)
                return self.data
            raise await self._failure(err) from err
        self._plan(data)
        self._record_success(utcnow())
        return data

    def _plan(self, data: Data | None, not_before: datetime | None = None) -> None:
        """Fix when to fetch again.

        Args:
            data: What was fetched; None when the fetch failed.
            not_before: Instant (UTC) before which asking is no use.
        """
        now = utcnow()
        next_at = self.next_fetch_at(now, data)
        if not_before is not None:
            next_at = max(next_at, not_before)
        self.next_at = next_at
        # by the loop's time, which nobody sets
        self._due_s = self.hass.loop.time() + (next_at - now).total_seconds()

    @callback
    @override
    def _schedule_refresh(self) -> None:
        """Set the timer for what was planned; Home Assistant says when."""
        self._async_unsub_refresh()
        if self.next_at is not None and not self.config_entry.pref_disable_polling:
            self._unsub_refresh = async_call_at(
                self.hass, self._timer_job(), self._due_s
            )

    @callback
    @override
    def _async_refresh_finished(self) -> None:
        self._log.is_suppressed = False

    def _timer_job(self) -> HassJob[[datetime], None]:
        return HassJob(self._tick, f"{self.name} tick", cancel_on_shutdown=True)

    @callback
    def _tick(self, now: datetime) -> None:
        """Fetch, although the clock may show another time than was planned for.

        A moment before the planned instant there is nothing new yet. Long before it,
        the clock has been set back: it may take weeks to get there.
        """
        early = (self.next_at or now) - now
        if timedelta(0) < early <= _MOST_EARLY:
            self._unsub_refresh = async_call_later(self.hass, early, self._timer_job())
            return
        self.config_entry.async_create_background_task(
            self.hass, self._handle_refresh_interval(), f"{self.name} refresh"
        )

    async def _failure(self, err: SourceError) -> HomeAssistantError:
        """Plan what follows an error; return it as Home Assistant wants it raised."""
        not_before: datetime | None = None
        if isinstance(err, SourceRefused):
            await self._suppress_log()
            if self._has_key:
                if self.config_entry.state is ConfigEntryState.SETUP_IN_PROGRESS:
                    self._plan(None)
                    return setup_refusal(
                        self.hass, self.config_entry, self._translated(err)
                    )
                self._key_refusal = refused_again(self._key_refusal)
                not_before = self._key_refusal.next_try_at
                if self._key_refusal.is_believed:
                    self.config_entry.async_start_reauth(self.hass)
        elif isinstance(err, SourceRateLimited):
            not_before = err.retry_at
            if err.status is not None and not self._is_linked:
                self._record_refusal()
        elif isinstance(err, SourceUnreachable):
            if err.retry_at is not None:
                # the first tick of ours at which there may be an answer
                not_before = self.next_fetch_at(err.retry_at, None)
            if err.status != _STALE:
                await self._suppress_log()
        self._plan(None, not_before)
        return UpdateFailed(**self._translated(err))

    def _translated(self, err: SourceError) -> dict[str, Any]:
        return translated_error(err, is_linked=self._is_linked)

    async def _require_key(self) -> None:
        """Ask nothing with a key that is known to be refused: guesses are counted."""
        if not self._has_key or self.connection is None:
            return
        if self.connection.is_refused:
            await self._suppress_log()
            refused = SourceRefused("server", "", "the key is not valid any more")
            raise UpdateFailed(**self._translated(refused))

    async def _suppress_log(self) -> None:
        """Log nothing of an outage that is logged by whoever is shared."""
        if (
            self.last_update_success
            and self.connection is not None
            and await self.connection.is_down()
        ):
            self._log.is_suppressed = True
            self._is_outage_logged_elsewhere = True

    def _record_refusal(self) -> None:
        """Raise an issue when calls are refused again and again."""
        self._refusals = self._refusals.one_more(utcnow())
        if self._refusals.is_lasting:
            raise_issue(self.hass, Issue.RATE_LIMITED, self.config_entry)

    def _record_success(self, now: datetime) -> None:
        self.succeeded_at = now
        if self._refusals.is_lasting:
            clear_issue(self.hass, Issue.RATE_LIMITED, self.config_entry)
        self._refusals = Refusals()
        if self._key_refusal is not None:
            self._key_refusal = None
            withdraw_reauth(self.hass, self.config_entry)
        # nor is the end of such an outage logged
        self._log.is_suppressed = self._is_outage_logged_elsewhere
        self._is_outage_logged_elsewhere = False


def setup_refusal(
    hass: HomeAssistant, entry: "EnergyLoggerConfigEntry", words: dict[str, Any]
) -> HomeAssistantError:
    """Return what a key that is refused during a set-up is for Home Assistant.

    Args:
        hass: Home Assistant.
        entry: Which is set up.
        words: As ``translated_error`` returns them.
    """
    if record_setup_refusal(hass, entry).is_believed:
        return ConfigEntryAuthFailed(**words)
    return UpdateFailed(**words)


def translated_error(err: SourceError, *, is_linked: bool = False) -> dict[str, Any]:
    """Return an error in the words of Home Assistant's exceptions.

    Args:
        err: The error.
        is_linked: Whether it was our server that answered, in the utility's place.
    """
    source = SOURCE_NAMES["server" if is_linked else err.source]
    key = f"source_{err.code}"
    if is_linked and err.source != "server" and err.status == _STALE:
        # the mirror has nothing that is fresh enough
        key, source = "server_stale", SOURCE_NAMES[err.source]
    return {
        "translation_domain": DOMAIN,
        "translation_key": key,
        "translation_placeholders": {"source": source, "reason": err.reason},
    }
