"""A back-test as somebody orders it, and what it found."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import partial

from .backtest import JudgedPeriod, backtest
from .history import LoadHistory
from .past import FittedOn, Past
from .reliability import Reliability, reliability
from .rule import PeakRule
from .steps import Step, ignore_progress
from .training import Budget

_USUAL_MEAN_HOURS = 13.0


@dataclass(frozen=True, slots=True)
class Worth:
    """What being warned is worth to the user.

    Attributes:
        shed_kw: Load that is shed in each announced hour; None if not said.
        price: Of a kW of a month's peak, in any currency; None if not said.
    """

    shed_kw: float | None
    price: float | None

    def of(self, caught: int) -> "Saved":
        """Return what the peaks that were caught are worth."""
        if self.shed_kw is None:
            return Saved(None, None)
        kw = self.shed_kw * caught
        return Saved(kw, None if self.price is None else kw * self.price)


@dataclass(frozen=True, slots=True)
class Saved:
    """Billed kW that were saved over all months, and their price; None if not said."""

    kw_months: float | None
    money: float | None


@dataclass(frozen=True, slots=True)
class BacktestOrder:
    """What is to be judged.

    Attributes:
        rule: What sets the bill.
        lead_hours: From an announcement to the hour's beginning, at the least.
        most_hours: Announced in a month or season; None sets no bound.
        mean_hours: The same on average; None: as the bound, or 13.
        fitted_on: From which periods the watch learns.
        worth: What being warned is worth.
    """

    rule: PeakRule
    lead_hours: int
    most_hours: int | None
    mean_hours: float | None
    fitted_on: FittedOn
    worth: Worth

    @property
    def budget(self) -> Budget:
        """How many hours may be announced."""
        mean = self.mean_hours or self.most_hours or _USUAL_MEAN_HOURS
        return Budget(self.most_hours, mean)

    @property
    def too_little(self) -> str:
        """What is said of a history without a period to judge."""
        least = f"half a year and one whole {self.rule.period}"
        return f"there is too little history: it takes {least}"


class BacktestStage(StrEnum):
    """What is being done."""

    LEARNING = "learning"
    JUDGING = "in_every_period"


type ReportStep = Callable[[BacktestStage, float], None]
"""Called with a stage's share done, 0 to 1; what it raises ends the work."""


@dataclass(frozen=True, slots=True)
class Report:
    """A back-test.

    Attributes:
        history: Of which.
        judged: Its periods.
        reliability: Of its probabilities; None while nothing was trained.
        order: What was asked for.
    """

    history: LoadHistory
    judged: Sequence[JudgedPeriod]
    reliability: Reliability | None
    order: BacktestOrder


def report_on(past: Past, order: BacktestOrder, step: Step = ignore_progress) -> Report:
    """Return what a back-test finds.

    Args:
        past: Of the order's rule and lead.
        order: What is to be judged.
        step: Called with the share that is done.
    """
    judged = backtest(past, order.fitted_on, order.budget, step=step)
    return Report(
        past.evidence.history, judged, reliability(past, order.fitted_on), order
    )


def ordered_report(
    history: LoadHistory, order: BacktestOrder, report_step: ReportStep
) -> Report | None:
    """Return a back-test of a history; None if it has no period to judge.

    Args:
        history: Of which.
        order: What is to be judged.
        report_step: Called with the share that is done.
    """
    past = Past.of(
        history,
        order.rule,
        order.lead_hours,
        partial(report_step, BacktestStage.LEARNING),
    )
    if not past.periods:
        return None
    return report_on(past, order, partial(report_step, BacktestStage.JUDGING))
