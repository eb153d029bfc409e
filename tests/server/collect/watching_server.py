"""A peak watch on a real store, whose clock and hours a test brings on."""

from collections.abc import Iterable
from datetime import UTC, datetime

from energy_logger_server.collect.kamo.peak_watch import PeakWatcher
from energy_logger_server.collect.shared import shared_by_collectors
from energy_logger_server.config.settings import Settings
from energy_logger_server.domain.events import Event, EventKind, PeakCheck, PeakNotice
from energy_logger_server.domain.peak_watch.history import LoadHistory
from energy_logger_server.domain.peak_watch.watch import NoticeKind
from energy_logger_server.store import Store
from energy_logger_simulator.settable_clock import SettableClock
from tests.server.store.material import area, areas_read, write
from tests.server.web.answers import grid

AREA_ID = 1
HOURS_TOLD = 12


class WatchingServer:
    """What is watched, and what was told; hours are indexes of a history."""

    def __init__(
        self,
        store: Store,
        clock: SettableClock,
        history: LoadHistory,
        settings: Settings,
    ) -> None:
        self.store = store
        self.clock = clock
        self.history = history
        self.published: list[Event] = []
        self.start(settings)

    def start(self, settings: Settings) -> None:
        """Start anew: only the store remembers."""
        shared = shared_by_collectors(
            self.store,
            self.clock,
            forecast_retention=None,
            publish=self.published.append,
        )
        self.watcher = PeakWatcher(shared, settings)

    async def bring(self, first: int, end: int) -> None:
        """Store hours that are over, as KAMO tells them; a gap is told by nobody."""
        loads = {
            datetime.fromtimestamp(self.history.hour_at(hour), UTC): load
            for hour in range(first, end)
            if (load := self.history.load_kw[hour]) is not None
        }
        now = self.clock.now()
        if loads:
            read = areas_read([area(AREA_ID)]), grid(AREA_ID, loads, at=now)
            await write(self.store, *read, at=now)

    def set_clock(self, hour: int, minute: int = 0) -> None:
        """Let an hour have begun so long ago."""
        epoch_s = self.history.hour_at(hour) + minute * 60
        self.clock.set(datetime.fromtimestamp(epoch_s, UTC))

    async def pass_hours(self, hours: Iterable[int]) -> None:
        """Let hours pass; each is there when the next begins.

        As KAMO does, each answer has the hours before it, too: of two labels that are
        alike, in the night of autumn, only their order says which is which.
        """
        for hour in hours:
            self.set_clock(hour)
            await self.bring(max(hour - HOURS_TOLD, 0), hour)
            await self.watcher.run()

    def told(self) -> list[tuple[NoticeKind, int]]:
        """Return what was said of which hour."""
        notices = [one for one in self.published if isinstance(one, PeakNotice)]
        assert {one.kind for one in notices} <= {EventKind.PEAK_WATCH}
        first = self.history.first_hour
        return [(one.notice, one.hour_at // 3600 - first) for one in notices]

    def announced(self) -> list[int]:
        """Return which hours were announced."""
        return [hour for kind, hour in self.told() if kind is NoticeKind.ANNOUNCED]

    @property
    def looks(self) -> list[PeakCheck]:
        """What was told of looks."""
        return [one for one in self.published if isinstance(one, PeakCheck)]
