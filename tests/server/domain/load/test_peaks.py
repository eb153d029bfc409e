"""Peaks by period."""

from datetime import date

import pytest

from energy_logger_server.domain.load.peaks import DayPeak, Period, highest_peaks

DAYS = [
    DayPeak(date(2025, 1, 31), 40, 100),
    DayPeak(date(2026, 1, 1), 70, 200),
    DayPeak(date(2026, 1, 2), 70, 300),
    DayPeak(date(2026, 2, 1), 50, 400),
]


@pytest.mark.parametrize(
    ("period", "instants"),
    [
        (Period.DAY, [200, 300, 400, 100]),
        (Period.MONTH, [200, 400, 100]),
        (Period.YEAR, [200, 100]),
    ],
)
@pytest.mark.parametrize("turn", [1, -1])
def test_each_period_is_there_once_with_its_first_highest_peak(
    period: Period, instants: list[int], turn: int
):
    found = highest_peaks(DAYS[::turn], period, 10)

    assert [peak.at for peak in found] == instants


def test_only_the_highest_are_returned():
    assert [peak.at for peak in highest_peaks(DAYS, Period.DAY, 2)] == [200, 300]


def test_without_days_there_is_no_peak():
    assert highest_peaks([], Period.YEAR, 3) == []
