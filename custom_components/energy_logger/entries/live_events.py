"""Listening to the server: what its events announce is fetched at once.

The five-minute polls of the coordinators go on beside it, so that a lost event costs
five minutes at most.
"""

import asyncio
from collections.abc import Awaitable, Iterable
from contextlib import aclosing

from custom_components.energy_logger.api.errors import SourceError, SourceRefused
from custom_components.energy_logger.api.server import EventKind, ServerEvent
from custom_components.energy_logger.const import LOGGER
from custom_components.energy_logger.coordinator import (
    AnyCoordinator,
    EnergyLoggerConfigEntry,
    LinkedData,
    ServerCoordinator,
    UsageCoordinator,
)

_FIRST_PAUSE_S = 1.0
_LONGEST_PAUSE_S = 60.0


async def listen(entry: EnergyLoggerConfigEntry, linked: LinkedData) -> None:
    """Listen until cancelled.

    Args:
        entry: Loaded; its coordinators are refreshed.
        linked: What the entry holds of the server.
    """
    await _Listener(entry, linked).run()


class _Listener:
    """One listener: where it is in the stream, and whether the stream is broken."""

    def __init__(self, entry: EnergyLoggerConfigEntry, linked: LinkedData) -> None:
        self._entry = entry
        self._linked = linked
        self._last_id: str | None = None
        self._pause_s = _FIRST_PAUSE_S
        self._is_up = True
        self._was_away = False
        self._is_reported = False

    async def run(self) -> None:
        while True:
            # a key that is refused is tried by the coordinator of the server
            if not self._linked.server.is_refused:
                try:
                    await self._receive()
                except SourceError as err:
                    await self._fail(err)
            self._was_away = True
            await asyncio.sleep(self._pause_s)
            self._pause_s = min(self._pause_s * 2, _LONGEST_PAUSE_S)

    async def _receive(self) -> None:
        """Hear events until the connection ends."""
        stream = self._linked.client.events(self._last_id)
        async with aclosing(stream):
            async for events in stream:
                await self._handle(events)

    async def _handle(self, events: tuple[ServerEvent, ...]) -> None:
        """Refresh what the events are about, each thing once."""
        self._last_id = events[-1].id or self._last_id
        self._pause_s = _FIRST_PAUSE_S
        self._is_up = True
        due = {one for event in events for one in self._affected_by(event)}
        if self._was_away:
            # however short that was, polls may have failed meanwhile
            due.update(one for one in self._all() if not one.last_update_success)
            for statistics in self._entry.runtime_data.statistics.values():
                if not statistics.last_update_success:
                    statistics.refresh_later()
            self._was_away = False
        if self._is_reported:
            LOGGER.info("Live events of the server arrive again")
            self._is_reported = False
        await asyncio.gather(*(_refreshed(one) for one in due))

    async def _fail(self, err: SourceError) -> None:
        """Log once that no events arrive, unless the log says that nothing does.

        A connection that is lost may stand again at the next try.
        """
        LOGGER.debug("No live events: %s", err)
        was_up, self._is_up = self._is_up, False
        if was_up and not isinstance(err, SourceRefused):
            return
        if self._is_reported or await self._linked.server.is_down():
            return
        self._is_reported = True
        LOGGER.warning(
            "Live events of the server do not arrive (%s); it is asked every five "
            "minutes instead",
            err.reason,
        )

    def _affected_by(self, event: ServerEvent) -> Iterable["_Refreshed"]:
        """Return what an event makes worth a look."""
        runtime, server = self._entry.runtime_data, self._linked.server
        if event.kind == EventKind.MISSED:
            return self._all()
        if event.kind in (EventKind.PEAK_WATCH, EventKind.PEAK_OUTLOOK):
            return (self._linked.watch,)
        if event.kind == EventKind.SUBSTATION_HEALTH:
            return self._linked.substations
        if event.kind == EventKind.RUN_FINISHED:
            # sites and areas may have come up with it
            due: list[_Refreshed] = [server, *self._linked.waiting]
            if event.source == "kamo":
                due.extend(runtime.areas.values())
                if self._linked.watch.area_id is not None:
                    # its headroom goes by the newest load
                    due.append(self._linked.watch)
            else:
                due.extend(site.usage for site in runtime.sites.values())
            return due
        site = runtime.sites.get(event.site_id or "")
        return () if site is None else (site.prices,)

    def _all(self) -> Iterable["_Refreshed"]:
        runtime = self._entry.runtime_data
        return (
            self._linked.server,
            self._linked.watch,
            *self._linked.substations,
            *self._linked.waiting,
            *(site.prices for site in runtime.sites.values()),
            *(site.usage for site in runtime.sites.values()),
            *runtime.areas.values(),
        )


type _Refreshed = AnyCoordinator | ServerCoordinator


def _refreshed(coordinator: _Refreshed) -> Awaitable[None]:
    if isinstance(coordinator, UsageCoordinator):
        return coordinator.force_refresh()
    return coordinator.async_refresh()
