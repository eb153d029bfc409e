"""The present that a plan was made by, and whether it still holds."""

from collections.abc import Callable
from datetime import timedelta

from energy_logger_server.clock import Clock
from energy_logger_server.collect.clock_watch import ClockWatch

_CLOCK_SET = timedelta(minutes=2)
"""A plan outlives what a clock is put right by, but not another day."""


class PlanPresent:
    """Says when a plan is outdated because the clock is wrong, or was set since."""

    def __init__(
        self, clock: Clock, clock_watch: ClockWatch, steady_s: Callable[[], float]
    ) -> None:
        """The plan is made now.

        Args:
            clock: What the plan goes by.
            clock_watch: Whether that is right.
            steady_s: Seconds of a clock that nobody sets.
        """
        self._clock = clock
        self._clock_watch = clock_watch
        self._steady_s = steady_s
        self.renew()

    def renew(self) -> None:
        """The plan is made anew now."""
        self._now, self._now_s = self._clock.now(), self._steady_s()

    @property
    def is_outdated(self) -> bool:
        """Whether the plan must be made anew."""
        by_clock = self._clock.now() - self._now
        really = timedelta(seconds=self._steady_s() - self._now_s)
        return self._clock_watch.is_wrong or abs(by_clock - really) > _CLOCK_SET
