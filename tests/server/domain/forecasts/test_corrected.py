"""A corrected forecast stands beside the forecast."""

from energy_logger_server.domain.forecasts.corrected import (
    AHEAD_S,
    CorrectedForecast,
    Expected,
    corrected_forecasts,
)
from energy_logger_server.domain.forecasts.correction import Correction, Way
from energy_logger_server.domain.forecasts.report import CorrectionLine

HOUR = 3600
NOON = 12 * HOUR


def local_time(instant: int) -> tuple[int, int]:
    return divmod(instant // HOUR, 24)


def expected(start_at: int, forecast: str = "spot") -> Expected:
    return Expected("general", forecast, start_at, start_at + 1800, 30.0)


def corrected(*found: Expected, is_on: bool = True) -> list[CorrectedForecast]:
    one = Correction(Way.BY_HOUR, is_on, 100, 20, 5.0, 4.0, {13: 2.5})
    lines = [
        CorrectionLine("general", "spot", 60, one),
        CorrectionLine("general", "spot", 120, None),
    ]
    return [*corrected_forecasts(found, lines, NOON, local_time)]


def test_the_running_error_of_horizon_and_hour_is_taken_off():
    [found] = corrected(expected(NOON + HOUR))

    assert (found.horizon_minutes, found.expected.value) == (60, 30.0)
    assert found.corrected == 27.5


def test_nothing_is_corrected_where_no_error_is_known_or_a_correction_is_off():
    at_two, predicted = expected(NOON + 2 * HOUR), expected(NOON + HOUR, "predicted")

    assert [one.corrected for one in corrected(at_two, predicted)] == [None, None]
    assert [one.corrected for one in corrected(expected(NOON + HOUR), is_on=False)] == [
        None
    ]


def test_what_is_further_off_than_the_longest_horizon_is_passed_over():
    within, beyond = expected(NOON + AHEAD_S), expected(NOON + AHEAD_S + 60)

    assert [one.expected for one in corrected(within, beyond)] == [within]
