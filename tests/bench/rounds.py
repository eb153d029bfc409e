"""Measuring two things side by side: alternating rounds, ratios, medians."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from statistics import median
from time import perf_counter


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured goal.

    Attributes:
        name: What was measured.
        value: The figure.
        unit: Its unit.
        goal: What it should be, as a sentence; None when it is only reported.
        is_met: Whether it is; None when it is only reported.
        detail: What it was made of.
    """

    name: str
    value: float
    unit: str
    goal: str | None
    is_met: bool | None
    detail: str


async def alternate(
    ours: Callable[[], Awaitable[None]],
    plain: Callable[[], None],
    *,
    rounds: int,
) -> tuple[float, float, float]:
    """Run both in turn; return the median of the ratios and both medians in seconds."""
    ratios, our_times, plain_times = [], [], []
    for _round in range(rounds):
        start = perf_counter()
        plain()
        between = perf_counter()
        await ours()
        end = perf_counter()
        plain_times.append(between - start)
        our_times.append(end - between)
        ratios.append((end - between) / (between - start))
    return median(ratios), median(our_times), median(plain_times)
