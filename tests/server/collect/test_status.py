"""Figures for a status page."""

from energy_logger_server.collect.status import CycleTimes


def test_before_the_first_cycle_there_are_no_figures():
    assert (CycleTimes().p50_s(), CycleTimes().max_s()) == (None, None)


def test_the_median_and_the_longest_of_the_latest_cycles_are_told():
    times = CycleTimes()

    for duration_s in (99.0, *([1.0] * 144), *([3.0] * 143), 7.0):
        times.add(duration_s)

    assert (times.p50_s(), times.max_s()) == (2.0, 7.0)
