"""What the web is given by the one who starts it."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from aiohttp import web

from energy_logger_server.api.amber_models import Site
from energy_logger_server.backups.folder import BackupFolder
from energy_logger_server.clock import Clock
from energy_logger_server.config.secret import Secret
from energy_logger_server.config.settings import Settings
from energy_logger_server.domain.backups.schedule import BackupStatus
from energy_logger_server.domain.backups.work import BackupJob
from energy_logger_server.domain.collecting.backfill_progress import BackfillStatus
from energy_logger_server.domain.collecting.runs import RunRecord, Source
from energy_logger_server.domain.collecting.status import CollectingStatus
from energy_logger_server.domain.events import PeakCheck
from energy_logger_server.domain.notifications.alerts import Alert
from energy_logger_server.domain.notifications.disk_space import DiskOutlook
from energy_logger_server.domain.notifications.plan import ServiceState
from energy_logger_server.domain.peak_watch.backtest_job import BacktestJob
from energy_logger_server.domain.peak_watch.report import BacktestOrder
from energy_logger_server.domain.setting_state import SettingState
from energy_logger_server.store import Store
from energy_logger_server.store.records import KnownArea

from .http.event_feed import EventFeed


class BackfillControl(Protocol):
    """Passes over Amber's history: how they stand, and what may be asked of them."""

    def status(self) -> BackfillStatus:
        """Return how backfill stands."""
        ...

    def start(self) -> None:
        """Start a pass in the background; raises ``RunInProgress`` if one is on."""
        ...

    def queue(self) -> bool:
        """Start a pass now (True), or when the one under way has ended (False)."""
        ...

    def pause(self) -> None:
        """Read nothing more after the window under way, until ``resume``."""
        ...

    def resume(self) -> None:
        """Go on after ``pause``."""
        ...

    def cancel(self) -> bool:
        """End the pass after the window under way; False if there is none."""
        ...


class SettingsService(Protocol):
    """Shows and changes settings; names in capitals or in small letters."""

    @property
    def current(self) -> Settings:
        """The settings in force."""
        ...

    def states(self) -> dict[str, SettingState]:
        """Return every setting by its name."""
        ...

    def warnings(self) -> tuple[str, ...]:
        """Return what was set but has no effect, a sentence each."""
        ...

    def state(self, name: str) -> SettingState:
        """Return one setting; raises ``SettingUnknown``."""
        ...

    async def save(self, values: Mapping[str, object]) -> None:
        """Save values, all or none; raises ``SettingRefused``, ``StoreUnavailable``."""
        ...

    async def reset(self, name: str) -> SettingState:
        """Forget what was saved; raises ``SettingRefused``, ``StoreUnavailable``."""
        ...


class Notifications(Protocol):
    """Notifies the owner of the server of what is wrong."""

    @property
    def is_set_up(self) -> bool:
        """Whether there is anybody to notify."""
        ...

    @property
    def alerts(self) -> tuple[Alert, ...]:
        """What is wrong, oldest first."""
        ...

    @property
    def services(self) -> Mapping[str, ServiceState]:
        """How each service that sends messages does, by its name."""
        ...

    @property
    def disk(self) -> DiskOutlook | None:
        """How long the disk lasts; None where that is not known."""
        ...

    async def send_trial(self, *, is_mail_only: bool = False) -> tuple[str, ...]:
        """Send a test message; raises ``NoRecipient``, ``NotificationFailed``."""
        ...


class BackupControl(Protocol):
    """Backups: which there are, and what can be done with them in the background.

    What is begun raises ``BackupInProgress`` while other work is under way, and
    ``BackupUnknown`` of a backup that is not there.
    """

    @property
    def folder(self) -> BackupFolder:
        """Where they are; its methods block."""
        ...

    @property
    def job(self) -> BackupJob | None:
        """Work under way, or the last that ended."""
        ...

    def start_create(self) -> BackupJob:
        """Make one."""
        ...

    def start_verify(self, name: str) -> BackupJob:
        """Restore one for a trial."""
        ...

    def start_restore(self, name: str) -> BackupJob:
        """Restore one: the store is closed soon; raises ``BackupError``."""
        ...

    async def status(self) -> BackupStatus:
        """Return how backups stand; raises ``PlaceUnusable``."""
        ...


class BacktestControl(Protocol):
    """Back-tests of the peak watch, one at a time in the background."""

    @property
    def job(self) -> BacktestJob | None:
        """The one under way, or the last that ended."""
        ...

    def start(self, area: KnownArea, order: BacktestOrder) -> BacktestJob:
        """Begin one; raises ``BacktestInProgress``."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class WebDeps:
    """Everything that a request may need.

    Attributes:
        store: Read only.
        clock: The present.
        started_at: Instant (UTC) at which the server was started.
        api_key: Gives the key in force; asked anew for every request that needs one.
        collect_now: Runs a source at once and returns the run as logged; raises
            ``RunInProgress`` if one is under way.
        collecting_status: Gives the state of every source that is set up.
        find_backfill: Gives what reads Amber's history; None without a token.
        peak_look: Gives what the peak watch saw last; None before its first look, and
            while nothing can be said.
        amber_sites: Asks Amber for the sites of a token's account; raises
            ``SourceError`` if it refuses, or does not answer.
        settings_service: Shows and changes settings.
        store_checked_at: Gives the instant (UTC) at which the store's file was last
            looked over and found whole; None before, and of PostgreSQL.
        notifications: Tells the owner what is wrong.
        backups: Makes and restores backups.
        backtests: Judges the peak watch on what is stored.
        events: What happens, for streams.
        export_folder: Holds workbooks while they are made.
    """

    store: Store
    clock: Clock
    started_at: datetime
    api_key: Callable[[], Secret]
    collect_now: Callable[[Source], Awaitable[RunRecord]]
    collecting_status: Callable[[], CollectingStatus]
    find_backfill: Callable[[], BackfillControl | None]
    peak_look: Callable[[], PeakCheck | None]
    amber_sites: Callable[[Secret], Awaitable[tuple[Site, ...]]]
    settings_service: SettingsService
    store_checked_at: Callable[[], datetime | None]
    notifications: Notifications
    backups: BackupControl
    backtests: BacktestControl
    events: EventFeed
    export_folder: Path

    @property
    def settings(self) -> Settings:
        """The settings in force."""
        return self.settings_service.current

    @property
    def backfill(self) -> BackfillControl | None:
        """What reads Amber's history; None without a token."""
        return self.find_backfill()


DEPS = web.AppKey("deps", WebDeps)


def deps_of(request: web.Request) -> WebDeps:
    """Return what the application was given."""
    return request.app[DEPS]
