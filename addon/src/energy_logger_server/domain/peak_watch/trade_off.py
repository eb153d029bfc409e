"""What an announced hour buys: peaks caught, by the hours it takes."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from .backtest import Tally, backtest, tally
from .past import FittedOn, Past
from .threshold_rule import by_newest_load, by_nowcast
from .training import Budget
from .watch import DecisionRule

_MEANS = (6.0, 8.0, 10.0, 11.0, 12.0, 13.0, 14.0, 16.0, 20.0)
_MOST = (10, 15, 20, 30)
_NO_BUDGET = Budget(None, 0)


class Line(NamedTuple):
    """Points that belong together.

    Attributes:
        name: Of the line.
        points: Each with its name.
        is_curve: Whether what lies between two of them can be had, too.
    """

    name: str
    points: tuple[tuple[str, Tally], ...]
    is_curve: bool = True


def trade_off(past: Past, fitted_on: FittedOn) -> Iterator[Line]:
    """Return the watch at many budgets, and simple rules to compare with."""

    def at(budget: Budget) -> Tally:
        return tally(backtest(past, fitted_on, budget))

    yield Line(
        "aiming at a mean",
        tuple((f"{mean:g} h on average", at(Budget(None, mean))) for mean in _MEANS),
    )
    yield Line(
        "never more than",
        tuple((f"at most {most} h", at(Budget(most, most))) for most in _MOST),
    )
    yield Line(
        "simple rules",
        tuple(
            (
                name,
                tally(backtest(past, fitted_on, _NO_BUDGET, in_every_period(decide))),
            )
            for name, decide in BASELINES
        ),
        is_curve=False,
    )


BASELINES = (
    ("load at 99 % of the peak so far", by_newest_load(0.99)),
    ("nowcast within 1 % of the peak so far", by_nowcast(0.01)),
    ("nowcast above the peak so far", by_nowcast(0.0)),
)
"""Rules without anything learnt, by name."""


def in_every_period(decide: DecisionRule) -> Callable[[object], DecisionRule]:
    """Return one judge for every period."""
    return lambda _period: decide
