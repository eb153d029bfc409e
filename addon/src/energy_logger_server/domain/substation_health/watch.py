"""Which faults begin and end, by what is known of an area; one notice for each."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from .faults import VALUE_FAULTS, Fault, HealthRules, Holding, Subject
from .polls import Polls, of_polls
from .sums import HourOfArea, of_sum

_HOUR_S = 3600


@dataclass(frozen=True, slots=True)
class AreaReadings:
    """What is known of an area.

    Attributes:
        polls: Its newest answers.
        reactive: What the last 24 hours that are over say, ``of_reactive_power``.
        sums: Hours of the area, ascending.
        spikes: Highest day of the running month, kW, of the substations of which it is
            a spike that the owner has said nothing of.
        troubled_until: End of the last fault of a substation's values, epoch seconds;
            None without any.
    """

    polls: Polls
    reactive: Mapping[Subject, Holding | None]
    sums: Sequence[HourOfArea]
    spikes: Mapping[str, float] = field(default_factory=dict)
    troubled_until: int | None = None


@dataclass(frozen=True, slots=True)
class FaultChanges:
    """What changed.

    Attributes:
        begun: Faults that are there now and were not.
        ended: Those that are over.
    """

    begun: Mapping[Subject, Holding]
    ended: Sequence[Subject]


def check(
    readings: AreaReadings, open_ones: Iterable[Subject], rules: HealthRules
) -> FaultChanges:
    """Return what begins and what ends; what is not known stays as it is.

    Args:
        readings: What is known now.
        open_ones: Faults that were there at the last look.
        rules: From when on something is wrong.
    """
    was_open = frozenset(open_ones)
    found = {**of_polls(readings.polls, was_open, rules)}
    found |= readings.reactive
    found |= {one: None for one in was_open if one.fault is Fault.SPIKE}
    found |= {
        Subject(Fault.SPIKE, name): Holding(kw)
        for name, kw in readings.spikes.items()
        if kw >= rules.least_kw
    }
    values_wrong = {one for one in was_open if found.get(one, one) is not None} | {
        one for one, holding in found.items() if holding is not None
    }
    if not any(one.fault in VALUE_FAULTS for one in values_wrong):
        since = readings.troubled_until or 0
        whole = [one for one in readings.sums if one.hour * _HOUR_S >= since]
        found |= dict([pair] if (pair := of_sum(whole, rules)) else [])
    begun = {
        one: holding
        for one, holding in found.items()
        if holding is not None and one not in was_open
    }
    ended = [one for one in was_open if one in found and found[one] is None]
    return FaultChanges(
        begun, sorted(ended, key=lambda one: (one.fault, one.name or ""))
    )
