"""What is said of substations by their readings: one notice for each fault."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pytest

from energy_logger_server.domain.substation_health.faults import (
    Fault,
    HealthRules,
    Holding,
    Subject,
)
from energy_logger_server.domain.substation_health.polls import Poll, Polls, Value
from energy_logger_server.domain.substation_health.reactive import (
    HourOfSubstation,
    kvar_needed,
    of_reactive_power,
)
from energy_logger_server.domain.substation_health.sums import HourOfArea
from energy_logger_server.domain.substation_health.watch import AreaReadings, check

RULES = HealthRules()
NAMES = ("North", "South", "Mill", "Lake")
A_DAY = 288


def value(kw: float, kvar: float | None = None) -> Value:
    return Value(round(kw * 10), None if kvar is None else round(kvar * 10))


def moving(poll: int, factor: float = 1.0) -> Value:
    """Return a load that goes up and down by a tenth within two hours, in whole kW."""
    step = abs(poll % 24 - 12)
    return value(round((1000 + 8 * step) * factor), round(100 * factor + step))


@dataclass
class Area:
    """Polls that follow each other; remembers what is open, as a store does."""

    planted: Mapping[str, Mapping[int, Value | None]] = field(default_factory=dict)
    usual_kw: Mapping[str, float] = field(
        default_factory=lambda: dict.fromkeys(NAMES, 1000.0)
    )
    open_ones: set[Subject] = field(default_factory=set)
    said: list[tuple[int, str, Fault, str | None]] = field(default_factory=list)

    def poll(self, number: int) -> Poll:
        """Return what is read at a poll."""
        found = {}
        for place, name in enumerate(NAMES):
            planted = self.planted.get(name, {})
            one = planted.get(number, moving(number + place))
            if one is not None:
                found[name] = one
        return found

    def run(self, first: int, end: int) -> None:
        """Look after each poll, at a day of those before it."""
        for number in range(first, end):
            newest = [self.poll(one) for one in range(number - 11, number + 1)]
            earlier = [
                self.poll(one) for one in range(number - 11 - A_DAY, number - 11)
            ]
            before = {
                name: [poll[name] for poll in earlier if name in poll] for name in NAMES
            }
            polls = Polls(newest, self.usual_kw, before)
            self.look(number, AreaReadings(polls, {}, ()))

    def look(self, number: int, readings: AreaReadings) -> None:
        """Look once, and note what is said."""
        news = check(readings, self.open_ones, RULES)
        for subject in news.begun:
            self.said.append((number, "began", subject.fault, subject.name))
        for subject in news.ended:
            self.said.append((number, "ended", subject.fault, subject.name))
        self.open_ones = (self.open_ones | set(news.begun)) - set(news.ended)


def planted(one: Value | None, first: int, end: int) -> dict[int, Value | None]:
    return dict.fromkeys(range(first, end), one)


def test_nothing_is_said_of_loads_that_move():
    area = Area()

    area.run(0, 300)

    assert area.said == []


@pytest.mark.parametrize(
    ("what", "fault", "begins", "ends"),
    [
        # the twelfth equal reading, and the first that is another
        (value(1040, 104), Fault.FROZEN, 111, 140),
        (value(0, 0), Fault.ZERO, 102, 142),
        (None, Fault.MISSING, 102, 142),
    ],
)
def test_a_planted_fault_is_said_once_and_so_is_its_end(what, fault, begins, ends):
    area = Area({"South": planted(what, 100, 140)})

    area.run(90, 180)

    assert area.said == [
        (begins, "began", fault, "South"),
        (ends, "ended", fault, "South"),
    ]


def test_what_was_said_before_a_restart_is_not_said_again():
    area = Area({"South": planted(value(0, 0), 100, 140)})
    area.run(90, 110)

    again = Area(area.planted, open_ones={*area.open_ones})
    again.run(110, 180)

    assert [word for _poll, word, *_what in again.said] == ["ended"]


def test_a_value_that_stands_while_the_others_do_too_is_not_frozen():
    still = Area({name: planted(moving(3), 0, 200) for name in NAMES})

    still.run(20, 120)

    assert still.said == []


@pytest.mark.parametrize(
    "readings",
    [
        # a small one, whose whole kW hide that it moves
        {poll: value(3) for poll in range(-400, 300)},
        # a meter that counts in steps of 500 kW
        {poll: value(500 * round(2 + poll % 40 / 40)) for poll in range(-400, 300)},
        # a meter that gives a value each two hours
        {
            poll: value(1000 + poll // 24 % 7 * 11, poll // 24)
            for poll in range(-400, 300)
        },
        # a load of zero is no frozen one
        {poll: value(0, 0) for poll in range(-400, 300)},
    ],
)
def test_a_coarse_or_quiet_meter_is_not_frozen(readings):
    usual = {**dict.fromkeys(NAMES, 1000.0), "Mill": 3.0}
    area = Area({"Mill": readings}, usual)

    area.run(0, 200)

    assert area.said == []


def test_a_substation_that_never_moved_is_frozen_unless_its_zeros_are_its_steps():
    area = Area(
        {
            "Mill": {poll: value(1043) for poll in range(-400, 300)},
            "Lake": {poll: value(1000) for poll in range(-400, 300)},
        }
    )

    area.run(0, 20)

    assert [(fault, name) for *_when, fault, name in area.said] == [
        (Fault.FROZEN, "Mill")
    ]


def test_a_substation_that_is_out_of_the_list_for_good_is_missing_no_more():
    area = Area({"South": planted(None, 100, 400)})
    area.run(95, 110)

    area.usual_kw = {name: 1000.0 for name in NAMES if name != "South"}
    area.run(110, 112)

    assert [word for _poll, word, *_what in area.said] == ["began", "ended"]


def hours_of(*needed: tuple[float, float] | None) -> AreaReadings:
    """Return hours of load and reactive power of one substation."""
    hours = [None if one is None else HourOfSubstation(*one) for one in needed]
    day = [*[HourOfSubstation(1000, 0)] * (24 - len(hours)), *hours]
    reactive = of_reactive_power({"North": day}, RULES)
    return AreaReadings(Polls([{}], {}, {}), reactive, ())


@pytest.mark.parametrize(
    ("load_kw", "kvar", "needed"),
    [
        # 1,000 kW at 0.95 may have 328.7 kVAR
        (1000, 700, 371.3),
        (1000, -700, -371.3),
        (1000, 300, 0),
        (1000, -300, 0),
        (0, 50, 50),
        # power that flows back
        (-1000, 700, 371.3),
    ],
)
def test_what_a_target_takes_is_worked_out(load_kw, kvar, needed):
    assert kvar_needed(load_kw, kvar, 0.95) == pytest.approx(needed, abs=0.05)


def test_the_power_factor_of_an_hour_is_that_of_its_sums():
    assert HourOfSubstation(4031, -200).power_factor == pytest.approx(0.9988, abs=1e-4)


@pytest.mark.parametrize(
    ("kvar", "fault"), [(700.0, Fault.LAGGING), (-700.0, Fault.LEADING)]
)
def test_six_hours_of_too_much_reactive_power_are_said_until_a_day_without(kvar, fault):
    area = Area()
    short, fine = (1000.0, kvar), (1000.0, 0.0)

    area.look(5, hours_of(*[short] * 5))
    area.look(6, hours_of(*[short] * 6))
    area.look(7, hours_of(*[short] * 6, fine))
    area.look(20, hours_of(*[short] * 6, *[fine] * 17, None))
    area.look(30, hours_of(*[fine] * 24))

    assert area.said == [
        (6, "began", fault, "North"),
        (30, "ended", fault, "North"),
    ]


def test_hours_that_were_not_read_say_nothing_of_reactive_power():
    area = Area()

    area.look(1, hours_of(*[(1000.0, 700.0)] * 5, None))
    area.look(2, hours_of(*[None] * 24))

    assert area.said == []


def sums(
    *kw: float,
    since: int | None = None,
    loads_kw: Sequence[float] = (1000.0, 1050.0, 1100.0),
    is_whole: bool = True,
) -> AreaReadings:
    """Return sums of hours, and the area's loads around each."""
    hours = [
        HourOfArea(100 + place, one, loads_kw, is_whole) for place, one in enumerate(kw)
    ]
    return AreaReadings(Polls([{}], {}, {}), {}, hours, troubled_until=since)


def begun(readings: AreaReadings, *open_ones: Subject) -> Mapping[Subject, Holding]:
    return check(readings, open_ones, RULES).begun


SUM = Subject(Fault.SUM_DIFFERS)


def test_a_sum_that_is_off_for_three_hours_is_said_with_how_much():
    assert begun(sums(1200, 1200, 1190)) == {SUM: Holding(90)}
    assert begun(sums(900, 900, 900)) == {SUM: Holding(-100)}
    # by less than 5 per cent, in two hours, on either side
    for fine in ((1150, 1150, 1150), (1200, 1200), (1200, 900, 1200)):
        assert begun(sums(*fine)) == {}
    assert begun(sums(1200, 1200, 1200, is_whole=False)) == {}
    assert begun(sums(1200, 1200, 1200, loads_kw=())) == {}


def test_a_sum_that_fits_again_for_three_hours_is_said_to():
    for fits, ended in (((1050, 1050, 1050), [SUM]), ((1200, 1050, 1050), [])):
        assert check(sums(*fits), [SUM], RULES).ended == ended


def test_a_sum_is_not_said_to_differ_because_of_a_substation_that_is_known_to():
    off: Sequence[float] = (1200, 1200, 1200)

    assert begun(sums(*off), Subject(Fault.ZERO, "North")) == {}
    # nor by the hours before that was over
    assert begun(sums(*off, since=101 * 3600)) == {}
    assert SUM in begun(sums(*off, since=100 * 3600))


def test_too_few_readings_say_nothing():
    polls = Polls([{"North": value(0)}] * 2, {"North": 1000.0, "South": 500.0}, {})

    assert check(AreaReadings(polls, {}, ()), (), RULES).begun == {}


def test_a_spike_is_said_until_the_owner_has_spoken_or_the_month_is_over():
    area = Area()
    spike = AreaReadings(Polls([{}], {}, {}), {}, (), {"North": 1800.0, "Mill": 4.0})
    without = AreaReadings(Polls([{}], {}, {}), {}, ())

    for number, readings in enumerate((without, spike, spike, without)):
        area.look(number, readings)

    assert area.said == [
        (1, "began", Fault.SPIKE, "North"),
        (3, "ended", Fault.SPIKE, "North"),
    ]
