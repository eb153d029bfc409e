"""The log has one line when something stops working, and one when it is back."""

import logging
from datetime import UTC, datetime, timedelta

import pytest

from energy_logger_server.collect.runs.failure_log import FailureLog
from energy_logger_server.collect.runs.source_problems import SourceProblems
from energy_logger_server.domain.collecting.problems import ProblemCode
from energy_logger_server.domain.collecting.runs import Failure, Outcome, RunEnd, Source
from energy_logger_simulator.settable_clock import SettableClock

START = datetime(2026, 3, 10, 2, 0, tzinfo=UTC)
SERIES = ("load/1", "load/2", "load/3", "load/4", "load/5")


class Runs:
    """Runs of a source every five minutes, and what the log says about them."""

    def __init__(
        self, caplog: pytest.LogCaptureFixture, source: Source = Source.KAMO
    ) -> None:
        self.clock = SettableClock(START)
        self.problems = SourceProblems(source, self.clock)
        self._log = FailureLog(source, self.problems)
        self._caplog = caplog
        caplog.set_level(logging.INFO)

    def end(
        self, *failing: str, outcome: Outcome | None = None, code: str = "unreachable"
    ) -> list[tuple[str, str]]:
        """End a run in which some series failed; return level and text of each line."""
        self._caplog.clear()
        self.clock.advance(300)
        failures = tuple(Failure(one, code, f"no answer to {one}") for one in failing)
        partial = Outcome.PARTIAL if failing else Outcome.SUCCESS
        end = RunEnd(self.clock.now(), outcome or partial, len(SERIES), failures)
        self._log.record(end, {one: one not in failing for one in SERIES})
        return [(line.levelname, line.getMessage()) for line in self._caplog.records]


@pytest.fixture
def runs(caplog: pytest.LogCaptureFixture) -> Runs:
    """Runs of which nothing is known yet."""
    return Runs(caplog)


def test_a_source_that_stops_working_is_said_once_and_once_when_it_is_back(runs: Runs):
    first = runs.end(*SERIES, outcome=Outcome.FAILED)
    more = [runs.end(*SERIES, outcome=Outcome.FAILED) for _run in range(72)]
    (problem,) = runs.problems.present
    back = runs.end()

    text = (
        "kamo: a run got nothing: load/1: no answer to load/1; load/2: no answer to "
        "load/2; load/3: no answer to load/3; and 2 more"
    )
    assert first == [("WARNING", text)]
    assert not any(more)
    assert (problem.code, problem.since) == (
        ProblemCode.FAILING,
        START + timedelta(minutes=5),
    )
    assert back == [("INFO", "kamo: it works again")]
    assert runs.problems.present == ()
    assert runs.end() == []


def test_series_that_fail_are_said_in_one_line_and_once(runs: Runs):
    text = (
        "kamo: 2 of 5 series failed: load/2: no answer to load/2; load/4: no answer "
        "to load/4"
    )
    assert runs.end("load/2", "load/4") == [("WARNING", text)]
    assert runs.end("load/2", "load/4") == []
    assert runs.end("load/4") == [("INFO", "kamo: read again: load/2")]
    assert runs.end() == [("INFO", "kamo: read again: load/4")]


def test_a_series_that_comes_and_goes_is_said_once_an_hour(runs: Runs):
    lines = [runs.end(*(["load/3"] if run % 2 else [])) for run in range(24)]

    assert sum(bool(of_run) for of_run in lines) == 4


def test_what_is_said_elsewhere_is_not_said_twice(caplog: pytest.LogCaptureFixture):
    runs = Runs(caplog, Source.AMBER)

    assert runs.end(*SERIES, outcome=Outcome.FAILED, code="refused") == []
    assert runs.end("load/1", code="forecasts_missing") == []
    assert runs.problems.present == ()


def test_a_source_without_a_key_that_refuses_everything_does_not_work(runs: Runs):
    (line,) = runs.end(*SERIES, outcome=Outcome.FAILED, code="refused")
    (problem,) = runs.problems.present

    assert line[1].startswith("kamo: a run got nothing: load/1: no answer to load/1")
    assert problem.code is ProblemCode.FAILING


def test_a_run_that_was_interrupted_says_nothing_about_the_source(runs: Runs):
    assert runs.end("load/1", outcome=Outcome.INTERRUPTED) == []
