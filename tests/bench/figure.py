"""What a benchmark tells: one figure, and what it should be."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured figure.

    Attributes:
        name: What was measured.
        value: The figure; None where this machine cannot measure it.
        unit: Its unit.
        goal: What it should be, as a sentence; None when it is only reported.
        is_met: Whether it is; None when it is only reported or not measured.
        detail: What it was made of.
        share_of_goal: How much of what is allowed it takes, 1 being all: of a figure
            that should be great, the goal to the figure; None where there is neither,
            or no finite one.
    """

    name: str
    value: float | None
    unit: str
    goal: str | None
    is_met: bool | None
    detail: str
    share_of_goal: float | None = None


def at_most(
    name: str, value: float | None, limit: tuple[float, str], detail: str
) -> Figure:
    """Return a figure that should be small; ``limit`` comes with its unit."""
    most, unit = limit
    is_met = None if value is None else value <= most
    share = value / most if value is not None and most else None
    return Figure(name, value, unit, f"at most {most:g} {unit}", is_met, detail, share)


def at_least(name: str, value: float, limit: tuple[float, str], detail: str) -> Figure:
    """Return a figure that should be great; ``limit`` comes with its unit."""
    least, unit = limit
    goal, share = f"at least {least:g} {unit}", least / value if value else None
    return Figure(name, value, unit, goal, value >= least, detail, share)


def reported(name: str, value: float | None, unit: str, detail: str) -> Figure:
    """Return a figure without a goal."""
    return Figure(name, value, unit, None, None, detail)
