"""How opening the store goes: what is survived and reported, when it is tried again."""

import asyncio
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import NoReturn

from energy_logger_server.api.errors import EnergyLoggerError
from energy_logger_server.clock import Clock
from energy_logger_server.collect.waiting import sleep_until
from energy_logger_server.domain.startup import (
    RESTORING,
    STOPPING,
    StartupProblem,
    StartupState,
    restoring,
)
from energy_logger_server.errors import (
    ConfigurationError,
    KeyFileDamaged,
    PlaceUnusable,
    StoreDamaged,
    StoreError,
    public_message,
)

_LOG = logging.getLogger(__name__)
_MENDED_WITHOUT_A_RESTART = (StoreError, PlaceUnusable, KeyFileDamaged)


class Startup:
    """Keeps a server up while its store cannot be opened.

    Attributes:
        clock: Tells the time.
        started_at: Instant (UTC) at which the server was started.
        state: How opening goes.
    """

    def __init__(
        self, clock: Clock, backup_advice: Callable[[], str] = lambda: ""
    ) -> None:
        """The first attempt begins now.

        Args:
            clock: Tells the time.
            backup_advice: Gives which backup to restore, to be put behind a sentence.
        """
        self.clock = clock
        self._backup_advice = backup_advice
        self.started_at = clock.now()
        self.state = StartupState(self.started_at)
        self._logged = ""

    @contextmanager
    def surviving(self, *, exits_on_error: bool, is_app: bool) -> Iterator[None]:
        """Note what an attempt fails with; let through what is to end the server.

        Args:
            exits_on_error: Whether everything is.
            is_app: Whether this is the app of Home Assistant, in which wrong settings
                are survived, too: its panel is where its user looks, and a restart
                would be the next one of many.
        """
        try:
            yield
        except _MENDED_WITHOUT_A_RESTART as err:
            if exits_on_error:
                raise
            self._note_failure(err, is_retried=True)
        except ConfigurationError as err:
            if exits_on_error or not is_app:
                raise
            self._note_failure(err, is_retried=False)

    def record_success(self) -> None:
        """The store is open."""
        if self.state.failures:
            lasted = self.clock.now() - self.state.since
            _LOG.warning(
                "the store is open, after %.0f minutes", lasted.total_seconds() / 60
            )
        self._logged = ""

    def record_closing(self) -> None:
        """It is closed again."""
        self.state = StartupState(self.clock.now(), STOPPING)

    def record_restoring_begun(self) -> None:
        """It is closed for a restore."""
        self.state = StartupState(self.clock.now(), RESTORING)

    def record_restoring(self, stage: str, share: float) -> None:
        """The restore has come so far; called in any thread."""
        self.state = replace(self.state, problem=restoring(stage, share))

    async def wait_for_next_attempt(self) -> None:
        """Return when it is time to try again."""
        at = self.state.next_attempt_at
        if at is None:
            await _wait_for_the_end()
        await sleep_until(self.clock, at)
        self.state = replace(self.state, next_attempt_at=None)

    async def wait_for_a_restart(self, problem: EnergyLoggerError) -> NoReturn:
        """Say which settings are wrong until cancelled."""
        self._note_failure(problem, is_retried=False)
        await _wait_for_the_end()

    def _note_failure(self, err: EnergyLoggerError, *, is_retried: bool) -> None:
        message, for_anybody = str(err), public_message(err)
        if isinstance(err, StoreDamaged):
            advice = self._backup_advice()
            message, for_anybody = message + advice, for_anybody + advice
        if not is_retried:
            advice = ": change that, and restart the app"
            message, for_anybody = message + advice, for_anybody + advice
        problem = StartupProblem(err.code, message, for_anybody)
        now = self.clock.now()
        self.state = self.state.after_failure(now, problem, is_retried=is_retried)
        if message != self._logged:
            # every attempt fails with it until somebody has mended it
            self._logged = message
            again = "; trying again, at least once a minute" if is_retried else ""
            _LOG.error("cannot work: %s%s", message, again)


async def _wait_for_the_end() -> NoReturn:
    await asyncio.get_running_loop().create_future()
    raise AssertionError("only a cancellation ends this")
