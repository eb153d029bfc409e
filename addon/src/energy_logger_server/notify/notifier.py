"""Notifies the owner of the server of what is wrong, once, and when it is over."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from energy_logger_server.clock import Clock
from energy_logger_server.config.settings import Settings
from energy_logger_server.domain.notifications.alerts import (
    Alert,
    Observation,
    of_startup,
)
from energy_logger_server.domain.notifications.disk_space import (
    DISK_NEARLY_FULL,
    DiskOutlook,
)
from energy_logger_server.domain.notifications.plan import (
    NotificationState,
    ServiceState,
)
from energy_logger_server.domain.notifications.texts import Reader, message_of
from energy_logger_server.domain.startup import StartupState
from energy_logger_server.errors import NotificationFailed, StoreError
from energy_logger_server.store.notifications.memory import kept_notifications

from .disk import disk_space
from .observing import OpenServer
from .service import Service
from .services import send_trial, services_of

_LOG = logging.getLogger(__name__)
_CHECK_EVERY = timedelta(minutes=1)
_DISK_EVERY = timedelta(hours=1)


class Notifier:
    """Looks at everything each minute, also while the store is not open.

    What has been sent is kept in the store; while that is not open, in memory.
    """

    def __init__(
        self, settings: Settings, clock: Clock, startup: Callable[[], StartupState]
    ) -> None:
        """Know nothing, and send nothing yet.

        Args:
            settings: Of the machine, until a store with others is open.
            clock: Tells the time.
            startup: Gives how opening the store goes.
        """
        self._clock = clock
        self._startup = startup
        self._settings = settings
        self._services = services_of(settings, clock)
        self._server: OpenServer | None = None
        self._is_loaded = False
        self._state = NotificationState()
        self._kept = self._state
        self._disk: DiskOutlook | None = None
        self._disk_seen_at: datetime | None = None

    def apply_settings(self, settings: Settings) -> None:
        """Go by other settings from the next message on."""
        self._settings = settings
        self._services = services_of(settings, self._clock)
        self._name_services()

    async def use(self, server: OpenServer) -> None:
        """Go by a store that is open now, and by what it remembers of earlier.

        Raises:
            StoreUnavailable: If it does not answer.
        """
        if not self._is_loaded:
            kept = await server.store.read(kept_notifications)
            self._state = self._state.after(kept)
            self._kept = kept
            self._is_loaded = True
        self._server = server

    def leave(self) -> None:
        """Go on without a store: it is closed."""
        self._server = None

    @property
    def is_set_up(self) -> bool:
        """Whether there is anybody to notify."""
        return bool(self._services)

    @property
    def alerts(self) -> tuple[Alert, ...]:
        """What is wrong, as the last look found it, oldest first."""
        return self._state.alerts

    @property
    def services(self) -> dict[str, ServiceState]:
        """How each service that is set up does, by its name."""
        return {**self._state.services}

    @property
    def disk(self) -> DiskOutlook | None:
        """How long the disk lasts; None where that is not known."""
        return self._disk

    async def send_trial(self, *, is_mail_only: bool = False) -> tuple[str, ...]:
        """Send a test message at once; return the names of the services.

        Args:
            is_mail_only: Whether other services than mail are left out.

        Raises:
            NoRecipient: If there is none.
            NotificationFailed: If not all took it.
        """
        return await send_trial(self._services, is_mail_only=is_mail_only)

    async def check(self) -> None:
        """Check everything once, and send by each service what is due."""
        now = self._clock.now()
        seen = await self._observe(now) + await self._observe_disk(now)
        self._state = self._state.observed(seen, now)
        self._name_services()
        await self._keep()
        for service in self._services:
            await self._send_due(service, now)
        await self._keep()

    async def wait(self) -> None:
        """Return when it is time for the next check."""
        await asyncio.sleep(_CHECK_EVERY.total_seconds())

    async def _observe(self, now: datetime) -> Observation:
        if self._server is None:
            return of_startup(self._startup(), now)
        known = {alert.key: alert for alert in self._state.alerts}
        return await self._server.observe(now, known)

    async def _observe_disk(self, now: datetime) -> Observation:
        """Check the disk now and then; return what holds of it."""
        seen_at = self._disk_seen_at
        if seen_at is None or abs(now - seen_at) >= _DISK_EVERY:
            self._disk_seen_at = now
            space = await asyncio.to_thread(disk_space, self._settings)
            self._disk = None
            if space is not None:
                growth = self._state.growth.noted(now, space.store_bytes)
                self._state = replace(self._state, growth=growth)
                self._disk = DiskOutlook.of(space, growth, now)
        if self._disk is None:
            return Observation(unknown=frozenset({DISK_NEARLY_FULL}))
        was_nearly_full = any(one.key == DISK_NEARLY_FULL for one in self.alerts)
        return self._disk.observed(now, was_nearly_full=was_nearly_full)

    async def _send_due(self, service: Service, now: datetime) -> None:
        """Send what is due; a service that fails is left alone for a while."""
        state = self._state.services[service.name]
        settings = self._settings
        reader = Reader(settings.tz or UTC, settings.page)
        quiet = settings.notification_quiet_hours
        due_at = state.due_at(now, quiet, reader.zone)
        if due_at is None or due_at > now:
            return
        try:
            await service.send(message_of(state.news, reader))
        except NotificationFailed as err:
            if not state.failures:
                _LOG.warning(
                    "no messages by %s: %s; tried again, at least once an hour",
                    service.name,
                    err,
                )
            state = state.after_failure(self._clock.now(), str(err))
        else:
            if state.failures:
                _LOG.info("messages by %s arrive again", service.name)
            state = state.after_success(self._clock.now())
        self._state = self._state.with_service(service.name, state)

    async def _keep(self) -> None:
        """Remember the state, if it is another one and the store can be written."""
        server, state = self._server, self._state
        if server is None or state == self._kept or server.store.state.is_damaged:
            return
        try:
            await server.store.keep_notifications(state)
        except StoreError as err:
            # the store itself says so; the next check tries again
            _LOG.debug("what was sent is not remembered: %s", err)
        else:
            self._kept = state

    def _name_services(self) -> None:
        names = [service.name for service in self._services]
        self._state = self._state.with_services(names, self._clock.now())
