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


def at_most(name: str, value: float | None, limit: float, detail: str) -> Figure:
    """Return a figure whose name ends in its unit and that should be small."""
    label, unit = name.rsplit(", ", 1)
    is_met = None if value is None else value <= limit
    return Figure(label, value, unit, f"at most {limit:g} {unit}", is_met, detail)


def at_least(name: str, value: float, limit: float, detail: str) -> Figure:
    """Return a figure whose name ends in its unit and that should be great."""
    label, unit = name.rsplit(", ", 1)
    return Figure(
        label, value, unit, f"at least {limit:g} {unit}", value >= limit, detail
    )
