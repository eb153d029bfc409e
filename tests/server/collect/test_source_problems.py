"""What is wrong with a source is said once, and stands in its status meanwhile."""

import logging
from datetime import timedelta

import pytest

from energy_logger_server.collect.runs.source_problems import SourceProblems
from energy_logger_server.domain.collecting.problems import Problem, ProblemCode
from energy_logger_server.domain.collecting.runs import Source
from energy_logger_simulator.settable_clock import SettableClock
from tests.server.collect.conftest import NOON

MISSING = ProblemCode.FORECASTS_MISSING


@pytest.fixture
def problems(clock: SettableClock, caplog: pytest.LogCaptureFixture) -> SourceProblems:
    """Problems of a source that has none."""
    caplog.set_level(logging.INFO)
    return SourceProblems(Source.AMBER, clock)


def test_one_line_when_it_begins_and_one_when_it_ends(
    problems: SourceProblems, clock: SettableClock, caplog: pytest.LogCaptureFixture
):
    for _time in range(3):
        problems.begin(MISSING, "No forecasts.", subject="price/S", detail="why")
        clock.advance(60)
    assert problems.present == (Problem(MISSING, "No forecasts.", NOON),)
    assert problems.is_present(MISSING)

    for _time in range(2):
        problems.end(MISSING, "forecasts again", subject="price/S")

    assert caplog.messages == [
        "amber price/S: why",
        "amber price/S: forecasts again",
    ]
    assert not problems.is_present(MISSING)


def test_of_several_series_with_one_problem_the_status_names_one(
    problems: SourceProblems, clock: SettableClock
):
    problems.begin(MISSING, "No forecasts.", subject="price/S")
    clock.advance(60)
    problems.begin(MISSING, "No forecasts.", subject="price/T")
    problems.begin(ProblemCode.FAILING, "Nothing.")

    problems.end(MISSING, "again", subject="price/S")

    assert [one.code for one in problems.present] == [MISSING, ProblemCode.FAILING]
    assert problems.present[0].since == NOON + timedelta(minutes=1)


def test_what_comes_and_goes_is_logged_once_an_hour(
    problems: SourceProblems, clock: SettableClock, caplog: pytest.LogCaptureFixture
):
    for _time in range(13):
        problems.begin(MISSING, "No forecasts.")
        problems.end(MISSING, "again")
        clock.advance(300)

    assert len(caplog.messages) == 4
