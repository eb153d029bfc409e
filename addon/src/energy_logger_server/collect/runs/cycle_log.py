"""How long the latest cycles of a source took."""

from collections import deque
from statistics import median

from energy_logger_server.domain.collecting.status import CycleTimes

_KEPT = 288


class CycleLog:
    """Durations of the latest 288 cycles: a day of five-minute ticks."""

    def __init__(self) -> None:
        self._durations_s: deque[float] = deque(maxlen=_KEPT)
        self.times = CycleTimes()
        """The figures; median and longest are of the latest cycles."""

    def add(self, duration_s: float) -> None:
        """Note a cycle that ended."""
        self._durations_s.append(duration_s)
        self.times = CycleTimes(
            count=self.times.count + 1,
            last_s=duration_s,
            p50_s=median(self._durations_s),
            max_s=max(self._durations_s),
        )
