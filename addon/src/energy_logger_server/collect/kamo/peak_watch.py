"""Running the peak watch on what KAMO's runs bring."""

import asyncio
import logging
from dataclasses import dataclass

from energy_logger_server.collect.shared import Shared
from energy_logger_server.config.settings import Settings
from energy_logger_server.domain.events import PeakCheck, PeakNotice
from energy_logger_server.domain.peak_watch.history import DAY_HOURS, LoadHistory
from energy_logger_server.domain.peak_watch.live import (
    Hours,
    Lesson,
    LiveWatch,
    SavedWatch,
    Step,
)
from energy_logger_server.store.db.reader import Reader
from energy_logger_server.store.kamo.areas import area_named
from energy_logger_server.store.kamo.load_hours import load_history
from energy_logger_server.store.kamo.peak_watch import saved_watch
from energy_logger_server.store.records import KnownArea

_LOG = logging.getLogger(__name__)
_HOUR_S = 3600


@dataclass(frozen=True, slots=True)
class _Found:
    area: KnownArea
    saved: SavedWatch
    history: LoadHistory | None


class PeakWatcher:
    """Looks once in each hour, after the first run of KAMO in it.

    Attributes:
        newest: What the last look saw; None before the first, and while nothing can
            be said.
    """

    def __init__(self, shared: Shared, settings: Settings) -> None:
        """Nothing is looked at yet.

        Args:
            shared: What all collectors use.
            settings: Say which area is watched, and how.
        """
        self._store = shared.store
        self._clock = shared.clock
        self._clock_watch = shared.clock_watch
        self._publisher = shared.publisher
        self._settings = settings
        self._hour: int | None = None
        self._lesson: Lesson | None = None
        self.newest: PeakCheck | None = None

    def apply_settings(self, settings: Settings) -> None:
        """Go by other settings from the next look on; another area is looked at now."""
        if settings.peak_watch_area != self._settings.peak_watch_area:
            self._hour, self._lesson, self.newest = None, None, None
        self._settings = settings

    async def run(self) -> None:
        """Look, if this hour has not been looked at.

        Raises:
            StoreUnavailable: If the store does not answer, or cannot write.
        """
        settings = self._settings
        name = settings.peak_watch_area
        now = int(self._clock.now().timestamp())
        hour = now // _HOUR_S
        if name is None or hour == self._hour or self._clock_watch.is_wrong:
            return
        found = await self._store.read(_read, name, hour)
        if found is None or found.history is None:
            self.newest = None
        if found is None:
            _LOG.warning("PEAK_WATCH_AREA names no area of KAMO: %s", name)
        elif found.history is not None:
            await self._look(found.area, found.saved, found.history, settings, now)
        if name == self._settings.peak_watch_area:
            self._hour = hour
        else:
            # another area was set meanwhile; what was learnt is of the one before
            self._lesson, self.newest = None, None

    async def _look(
        self,
        area: KnownArea,
        saved: SavedWatch,
        history: LoadHistory,
        settings: Settings,
        now: int,
    ) -> None:
        """Look by settings at an instant, epoch seconds."""
        lead_hours = settings.peak_watch_lead_hours
        hours = Hours.at(now, lead_hours, settings.poll_interval_minutes)
        watch = LiveWatch(
            lead_hours, settings.peak_watch_budget_hours, settings.peak_rule
        )
        step: Step
        # learning takes seconds, and what the server answers must not wait for it
        step, self._lesson = await asyncio.to_thread(
            watch.step, saved, history, hours, self._lesson
        )
        if step.saved != saved:
            await self._store.save_peak_watch(area.area_id, step.saved)
        for notice in step.notices:
            self._publisher.publish_peaks(
                PeakNotice(
                    area.area_id,
                    area.name,
                    notice.kind,
                    notice.hour * _HOUR_S,
                    notice.probability,
                    step.saved.is_probability_shown,
                )
            )
        self.newest = PeakCheck(area.area_id, area.name, step.outlook)
        self._publisher.publish_peaks(self.newest)


def _read(connection: Reader, name: str, hour: int) -> _Found | None:
    """Return what is known before an hour (epoch seconds // 3600) of an area.

    Without any load of the last day nothing can be said, and the history is None.
    """
    area = area_named(connection, name)
    if area is None:
        return None
    history = load_history(connection, area.area_id, hour)
    return _Found(
        area,
        saved_watch(connection, area.area_id),
        history if history and _is_recent(history) else None,
    )


def _is_recent(history: LoadHistory) -> bool:
    """Return whether a load of the last day is known."""
    return any(load is not None for load in history.load_kw[-DAY_HOURS:])
