"""While this machine's clock is wrong, nothing is filed under its time."""

import logging
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from energy_logger_server.api.kamo_models import AreaGrid
from energy_logger_server.api.nem import nem_date_at
from energy_logger_server.api.response_headers import read_server_time
from energy_logger_server.collect.clock_watch import ClockWatch
from energy_logger_server.domain.collecting.runs import Source
from energy_logger_simulator.settable_clock import SettableClock
from tests.server.collect.conftest import NOON
from tests.server.logged import logged_levels

START = datetime(2026, 1, 4, 15, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
TODAY = nem_date_at(NOON)
WRONG = [
    pytest.param(-timedelta(days=40), id="at-boot"),
    pytest.param(-timedelta(minutes=3), id="behind"),
    pytest.param(timedelta(hours=5), id="ahead"),
]


class Machine:
    """A machine's clock, which can be set, and time itself, which cannot."""

    def __init__(self) -> None:
        self.clock = SettableClock(START)
        self.steady_s = 5000.25
        self.watch = ClockWatch(self.clock, lambda: self.steady_s)

    @property
    def true_time(self) -> datetime:
        """The time that a source with a right clock would tell."""
        return START + timedelta(seconds=self.steady_s - 5000.25)

    def pass_time(self, seconds: float) -> None:
        """Let time go by; the clock goes with it."""
        self.steady_s += seconds
        self.clock.advance(seconds)

    def hear(self, source: Source, ahead: timedelta = timedelta()) -> None:
        """Let an answer of a source tell a time, so much ahead of the true one."""
        self.watch.record_time(source, (self.true_time + ahead).replace(microsecond=0))


@pytest.fixture
def machine() -> Machine:
    """A machine whose clock is right."""
    return Machine()


@pytest.mark.parametrize(
    ("difference_s", "is_wrong"), [(-121, True), (-120, False), (0, False), (121, True)]
)
def test_two_minutes_of_difference_are_none(
    machine: Machine, difference_s: int, is_wrong: bool
):
    machine.clock.advance(difference_s)

    machine.hear(Source.KAMO)

    assert machine.watch.is_wrong is is_wrong
    assert machine.watch.difference_s(Source.KAMO) == difference_s
    assert bool(machine.watch.problems(Source.KAMO)) is is_wrong
    assert machine.watch.problems(Source.AMBER) == ()


def test_a_source_that_disagrees_with_us_and_with_the_other_is_wrong_itself(
    machine: Machine,
):
    machine.hear(Source.KAMO, -HOUR)
    alone = machine.watch.is_wrong

    machine.hear(Source.AMBER, timedelta(seconds=1))

    assert (alone, machine.watch.is_wrong) == (True, False)
    assert machine.watch.problems(Source.KAMO) == ()
    assert machine.watch.difference_s(Source.KAMO) == 3600


def test_an_answer_that_does_not_tell_its_time_says_nothing(machine: Machine):
    machine.watch.record_time(Source.KAMO, None)

    assert not machine.watch.is_wrong
    assert machine.watch.difference_s(Source.KAMO) is None


def test_the_clock_is_said_to_be_wrong_once_and_to_be_right_once(
    machine: Machine, caplog: pytest.LogCaptureFixture
):
    caplog.set_level(logging.INFO)
    machine.clock.advance(-3900.25)
    for source in (Source.KAMO, Source.AMBER, Source.KAMO):
        machine.hear(source)
    machine.clock.set(machine.true_time)
    for source in (Source.KAMO, Source.AMBER):
        machine.hear(source)

    assert logged_levels(caplog) == ["WARNING", "INFO"]
    warning, info = caplog.messages
    assert "1:05:00 behind kamo's" in warning
    assert "NTP" in warning
    assert "right again" in info


def test_a_source_that_stops_telling_the_time_does_not_keep_the_clock_wrong(
    machine: Machine, caplog: pytest.LogCaptureFixture
):
    caplog.set_level(logging.INFO)
    machine.hear(Source.KAMO, -HOUR)
    machine.pass_time(3600)
    machine.watch.record_time(Source.KAMO, None)
    within_the_hour = machine.watch.is_wrong

    machine.pass_time(1)
    after_it = machine.watch.is_wrong
    for _ in range(2):
        machine.watch.record_time(Source.KAMO, None)

    assert (within_the_hour, after_it) == (True, False)
    assert machine.watch.difference_s(Source.KAMO) is None
    assert machine.watch.problems(Source.KAMO) == ()
    assert logged_levels(caplog) == ["WARNING", "INFO"]
    assert "no source has sent the time for an hour" in caplog.messages[1]


def test_a_source_that_fell_silent_does_not_hide_what_the_other_tells(
    machine: Machine,
):
    machine.hear(Source.AMBER)
    machine.hear(Source.KAMO, -HOUR)
    both = machine.watch.is_wrong

    machine.pass_time(3601)
    machine.hear(Source.KAMO, -HOUR)

    assert (both, machine.watch.is_wrong) == (False, True)


def test_a_silent_source_does_not_vouch_for_a_clock_that_is_set_wrong_later(
    machine: Machine,
):
    machine.hear(Source.AMBER)
    machine.pass_time(600)
    machine.clock.advance(-7200)

    machine.hear(Source.KAMO)

    assert machine.watch.is_wrong
    assert machine.watch.difference_s(Source.AMBER) == -7200


@pytest.mark.parametrize("behind", [timedelta(minutes=10), timedelta(days=2)])
def test_an_answer_out_of_a_cache_convicts_nobody_beside_a_fresh_one(
    machine: Machine, behind: timedelta
):
    machine.hear(Source.KAMO)
    verdicts = []

    for _ in range(11):
        machine.pass_time(300)
        machine.hear(Source.KAMO, -behind)
        verdicts.append(machine.watch.is_wrong)

    assert verdicts == [False] * 11
    assert machine.watch.difference_s(Source.KAMO) == 0


def test_a_fresh_answer_makes_good_what_one_out_of_a_cache_said_at_the_start(
    machine: Machine,
):
    machine.hear(Source.KAMO, -timedelta(minutes=10))
    alone = machine.watch.is_wrong

    machine.pass_time(0.5)
    machine.hear(Source.KAMO)

    assert (alone, machine.watch.is_wrong) == (True, False)
    assert machine.watch.difference_s(Source.KAMO) == 0.5


def test_many_old_answers_at_once_do_not_crowd_out_the_fresh_one(machine: Machine):
    machine.hear(Source.KAMO)
    cached = machine.true_time - timedelta(minutes=10)

    for _ in range(3000):
        machine.pass_time(1)
        machine.watch.record_time(Source.KAMO, cached)

    assert not machine.watch.is_wrong


def test_an_old_answer_does_not_vouch_for_a_clock_that_is_as_late(machine: Machine):
    machine.clock.advance(-600)
    machine.hear(Source.KAMO)

    machine.hear(Source.KAMO, -timedelta(minutes=10))

    assert machine.watch.is_wrong


@pytest.mark.parametrize("ahead", WRONG)
def test_a_clock_that_is_set_is_noticed_before_the_next_answer(
    machine: Machine, caplog: pytest.LogCaptureFixture, ahead: timedelta
):
    caplog.set_level(logging.INFO)
    machine.clock.advance(ahead.total_seconds())
    machine.hear(Source.KAMO)
    machine.pass_time(1200)
    set_wrong = machine.watch.is_wrong
    machine.clock.set(machine.true_time)
    set_right = machine.watch.is_wrong
    machine.pass_time(60)
    machine.clock.advance(ahead.total_seconds())

    assert (set_wrong, set_right, machine.watch.is_wrong) == (True, False, True)
    assert machine.watch.difference_s(Source.KAMO) == ahead.total_seconds()


def test_a_clock_that_is_set_wrong_is_reported_by_an_answer_without_a_time_too(
    machine: Machine, caplog: pytest.LogCaptureFixture
):
    machine.hear(Source.KAMO)
    machine.clock.advance(-7200)
    (unlogged,) = machine.watch.problems(Source.KAMO)
    machine.watch.record_time(Source.AMBER, None)
    machine.pass_time(60)
    (logged,) = machine.watch.problems(Source.KAMO)

    assert unlogged.since == logged.since == START - 2 * HOUR
    (line,) = caplog.messages
    assert "2:00:00 behind kamo's" in line


def test_a_machine_that_slept_is_right_with_the_next_answer(machine: Machine):
    machine.hear(Source.KAMO)
    # what does not go on in sleep is the loop's time
    machine.clock.advance(3 * 3600)

    machine.watch.record_time(Source.KAMO, machine.clock.now())

    assert not machine.watch.is_wrong


@pytest.mark.parametrize(
    "change",
    [
        datetime(2026, 3, 8, 8, 0, tzinfo=UTC),
        datetime(2026, 10, 3, 16, 0, tzinfo=UTC),
        datetime(2026, 11, 1, 7, 0, tzinfo=UTC),
    ],
    ids=["central-spring", "sydney-spring", "central-autumn"],
)
def test_daylight_saving_changes_nothing(machine: Machine, change: datetime):
    machine.clock.set(change - timedelta(minutes=10))
    machine.watch.record_time(Source.KAMO, change - timedelta(minutes=10))
    seen = []

    for minute in range(-5, 70, 5):
        machine.pass_time(300)
        server_time = read_server_time(
            {"Date": format_datetime(change + timedelta(minutes=minute), usegmt=True)}
        )
        machine.watch.record_time(Source.KAMO, server_time)
        seen.append(machine.watch.difference_s(Source.KAMO))

    assert seen == [0] * 15


def test_while_the_clock_is_wrong_an_answer_without_a_time_comes_under_the_sources(
    machine: Machine,
):
    machine.clock.advance(-7200)
    machine.hear(Source.KAMO)
    machine.pass_time(600)
    answers = [
        machine.watch.dated(source, AreaGrid(1, (), (), machine.clock.now(), {}))
        for source in (Source.KAMO, Source.AMBER)
    ]

    assert [one.fetched_at for one in answers] == [machine.true_time] * 2
