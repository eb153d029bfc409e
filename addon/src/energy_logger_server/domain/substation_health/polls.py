"""Faults that single readings show: values that stay, are zero, or are not there."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from math import gcd
from typing import NamedTuple

from .faults import Fault, HealthRules, Holding, Subject

_LEAST_MOVEMENT = 0.02
"""Share by which the other substations must have moved before one can be frozen."""
_STEPS_EXPECTED = 5
"""How many steps of its resolution a frozen load should have moved meanwhile."""
_DISTINCT_FOR_STEP = 3


class Value(NamedTuple):
    """A reading.

    Attributes:
        load_e1: Tenths of kW.
        reactive_e1: Tenths of kVAR; None if it is not known.
    """

    load_e1: int
    reactive_e1: int | None


type Poll = Mapping[str, Value]
"""What one answer listed, by substation."""


@dataclass(frozen=True, slots=True)
class Polls:
    """The newest answers of an area.

    Attributes:
        newest: Ascending in time, as many as ``readings_looked_at`` or fewer.
        usual_kw: Mean load of the last days of every substation that was read in them.
        before: Values of the day before the last ``frozen_readings`` of them, of those
            substations that ``unchanged`` names, ascending.
    """

    newest: Sequence[Poll]
    usual_kw: Mapping[str, float]
    before: Mapping[str, Sequence[Value]]


def unchanged(newest: Sequence[Poll], rules: HealthRules) -> frozenset[str]:
    """Return the substations whose last values are the same, of those large enough."""
    if len(newest) < rules.frozen_readings:
        return frozenset()
    first, *others = newest[-rules.frozen_readings :]
    return frozenset(
        name
        for name, value in first.items()
        if value.load_e1
        and abs(value.load_e1) >= rules.least_kw * 10
        and all(poll.get(name) == value for poll in others)
    )


def of_polls(
    polls: Polls, open_ones: Iterable[Subject], rules: HealthRules
) -> Mapping[Subject, Holding | None]:
    """Return what is there, and None for what is over; the rest stays as it was.

    Args:
        polls: The newest answers, at least one.
        open_ones: Faults that were there before.
        rules: From when on something is wrong.
    """
    found: dict[Subject, Holding | None] = {}
    was_open = frozenset(open_ones)
    recent = polls.newest[-rules.gone_readings :]
    if len(recent) == rules.gone_readings:
        for name in {*polls.usual_kw, *polls.newest[-1]}:
            values = [poll.get(name) for poll in recent]
            found |= _missing(name, values)
            found |= _zero(name, values, polls, was_open, rules)
    still = unchanged(polls.newest, rules)
    for name in still:
        if _is_frozen(name, polls, still, rules):
            load_kw = polls.newest[-1][name].load_e1 / 10
            found[Subject(Fault.FROZEN, name)] = Holding(load_kw)
    for one in was_open:
        if one.fault is Fault.FROZEN and one.name and _moves(one.name, polls, rules):
            found[one] = None
        # what is not expected any more has been taken out of the list for good
        if one.fault is Fault.MISSING and one.name not in polls.usual_kw:
            found[one] = None
    return found


def _missing(
    name: str, values: Sequence[Value | None]
) -> Mapping[Subject, Holding | None]:
    if all(value is None for value in values):
        return {Subject(Fault.MISSING, name): Holding()}
    if None not in values:
        return {Subject(Fault.MISSING, name): None}
    return {}


def _zero(
    name: str,
    values: Sequence[Value | None],
    polls: Polls,
    was_open: frozenset[Subject],
    rules: HealthRules,
) -> Mapping[Subject, Holding | None]:
    subject = Subject(Fault.ZERO, name)
    are_zero = [value is not None and value.load_e1 == 0 for value in values]
    if all(are_zero):
        is_usual = polls.usual_kw.get(name, 0.0) >= rules.least_kw
        return {subject: Holding()} if is_usual or subject in was_open else {}
    if None not in values and not any(are_zero):
        return {subject: None}
    return {}


def _is_frozen(
    name: str, polls: Polls, still: frozenset[str], rules: HealthRules
) -> bool:
    """Return whether equal values are no accident of a coarse or quiet meter."""
    newest = polls.newest[-rules.frozen_readings :]
    value = newest[-1][name]
    movement = _movement(newest, still)
    before = [*polls.before.get(name, ())]
    length = len(newest)
    while before and before[-1] == value:
        before.pop()
        length += 1
    expected_e1 = abs(value.load_e1) * movement
    if movement < _LEAST_MOVEMENT:
        return False
    if expected_e1 < _STEPS_EXPECTED * _step(value, before):
        return False
    longest = max((len([*run]) for _value, run in groupby(before)), default=0)
    return length > 2 * longest


def _movement(newest: Sequence[Poll], still: frozenset[str]) -> float:
    """Return by which share the other substations together moved."""
    names = set(newest[0]).intersection(*newest[1:]) - still
    sums = [sum(poll[name].load_e1 for name in names) for poll in newest]
    mean = sum(sums) / len(sums)
    return (max(sums) - min(sums)) / mean if mean > 0 else 0.0


def _step(value: Value, before: Iterable[Value]) -> int:
    """Return the resolution of a substation's loads, tenths of kW.

    Meters count in steps of their transformers' ratio, and what is sent is rounded.
    """
    loads = {value.load_e1, *(one.load_e1 for one in before)}
    common = gcd(*loads)
    if len(loads) >= _DISTINCT_FOR_STEP:
        return common
    # of one or two values only the zeros at their end are known to be a resolution
    step = 1
    while common and common % (step * 10) == 0:
        step *= 10
    return step


def _moves(name: str, polls: Polls, rules: HealthRules) -> bool:
    recent = [poll.get(name) for poll in polls.newest[-rules.gone_readings - 1 :]]
    return len({*recent} - {None}) > 1
