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
    """

    name: str
    value: float | None
    unit: str
    goal: str | None
    is_met: bool | None
    detail: str


def at_most(
    name: str, value: float | None, limit: tuple[float, str], detail: str
) -> Figure:
    """Return a figure that should be small; ``limit`` comes with its unit."""
    most, unit = limit
    is_met = None if value is None else value <= most
    return Figure(name, value, unit, f"at most {most:g} {unit}", is_met, detail)


def at_least(name: str, value: float, limit: tuple[float, str], detail: str) -> Figure:
    """Return a figure that should be great; ``limit`` comes with its unit."""
    least, unit = limit
    return Figure(
        name, value, unit, f"at least {least:g} {unit}", value >= least, detail
    )


def reported(name: str, value: float | None, unit: str, detail: str) -> Figure:
    """Return a figure without a goal."""
    return Figure(name, value, unit, None, None, detail)
