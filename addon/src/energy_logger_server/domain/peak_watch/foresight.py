"""What could be forecast at any hour of a history, from nothing that came later."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field

from energy_logger_server.api.nem import date_of_day_number

from .history import DAY_HOURS, LoadHistory
from .load_forecast import Estimate, Learning, LoadModel, lead_for
from .steps import Step, ignore_progress


@dataclass(frozen=True)
class Foresight:
    """Forecasts of a history's hours, each by the model of its month.

    A model is learnt anew at the beginning of each Central month, from the months
    before.

    Attributes:
        history: Whose hours.
        since: Index of the first hour of each month.
        models: What was learnt before each of those hours.
    """

    history: LoadHistory
    since: Sequence[int]
    models: Sequence[LoadModel]
    _known: dict[tuple[int, int], Estimate | None] = field(
        default_factory=dict, repr=False, compare=False
    )

    @classmethod
    def of(cls, history: LoadHistory, step: Step = ignore_progress) -> "Foresight":
        """Learn month by month, and report how far that is."""
        since = month_starts(history)
        learning = Learning()
        models: list[LoadModel] = []
        learnt = 0
        for start in since:
            learning.add(history, learnt, start)
            learnt = start
            models.append(learning.model())
            step(len(models) / len(since))
        return cls(history, since, models)

    def estimate(self, index: int, known: int) -> Estimate | None:
        """Return an hour's load, as it was forecast when ``known`` was the newest.

        Args:
            index: Of the hour, behind ``known``.
            known: Index of the newest hour that counts as known.

        Returns:
            None where there was too little to go by, or more than 24 hours behind.
        """
        if index - known > DAY_HOURS:
            return None
        lead = lead_for(index - known)
        key = index, lead
        if key not in self._known:
            place = bisect_right(self.since, index - lead + 1) - 1
            self._known[key] = self.models[place].estimate(self.history, index, lead)
        return self._known[key]

    def next_day(self, known: int) -> Sequence[Estimate | None]:
        """Return the 24 hours behind the newest known one."""
        hours = range(known + 1, known + 1 + DAY_HOURS)
        return [self.estimate(index, known) for index in hours]


def month_starts(history: LoadHistory) -> list[int]:
    """Return the index of the first hour of each Central month, ascending.

    The first is 0, whatever hour it is.
    """
    starts = [0]
    for day, index in history.calendar.starts.items():
        if 0 < index <= len(history) and date_of_day_number(day).day == 1:
            starts.append(index)
    return starts
