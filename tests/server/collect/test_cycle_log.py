"""Durations of the latest cycles."""

from energy_logger_server.collect.runs.cycle_log import CycleLog
from energy_logger_server.domain.collecting.status import CycleTimes


def test_before_the_first_cycle_there_are_no_figures():
    assert CycleLog().times == CycleTimes()


def test_the_median_and_the_longest_are_of_the_latest_cycles():
    log = CycleLog()

    for duration_s in (99.0, *([1.0] * 144), *([3.0] * 143), 7.0):
        log.add(duration_s)

    assert log.times == CycleTimes(count=289, last_s=7.0, p50_s=2.0, max_s=7.0)
