"""A back-test that is under way, or has ended."""

from dataclasses import dataclass
from datetime import datetime

from .report import BacktestOrder, BacktestStage, Report


@dataclass(frozen=True, slots=True)
class BacktestJob:
    """A back-test of an area's stored hours.

    Attributes:
        area_id: KAMO's number.
        area_name: Its name.
        order: What is judged.
        started_at: Instant (UTC).
        stage: What is being done; None before the first step.
        share: How much of that is done, 0 to 1.
        ended_at: Instant (UTC); None while it is under way.
        error: Why it found nothing, a sentence; None if it did not fail.
        report: What it found; None while it is under way, and if it failed.
    """

    area_id: int
    area_name: str
    order: BacktestOrder
    started_at: datetime
    stage: BacktestStage | None = None
    share: float = 0.0
    ended_at: datetime | None = None
    error: str | None = None
    report: Report | None = None

    @property
    def is_running(self) -> bool:
        """Whether it is under way."""
        return self.ended_at is None
