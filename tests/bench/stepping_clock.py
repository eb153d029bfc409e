"""The clock of a benchmark: it stands at the instant of the step."""

from datetime import datetime
from typing import override

from energy_logger_server.clock import Clock


class SteppingClock(Clock):
    """Stands where it is put.

    Args:
        at: Aware instant.
    """

    def __init__(self, at: datetime) -> None:
        self.at = at

    @override
    def now(self) -> datetime:
        return self.at
