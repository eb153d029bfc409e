"""Says in the log when a source, or some of its series, stops working or is back.

Every run stands in the run log; the program's log has one line for each change.
"""

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from energy_logger_server.api.errors import SourceRefused
from energy_logger_server.domain.collecting.problems import ProblemCode
from energy_logger_server.domain.collecting.runs import Failure, Outcome, RunEnd, Source

from .source_problems import SourceProblems

_LOG = logging.getLogger(__name__)
_LOGGED_ELSEWHERE = frozenset({*ProblemCode})
_LOGGED_BY_KEY_WATCH = frozenset({SourceRefused.code})
"""Of a source with a key. One without that refuses all the same does not work."""

_QUIET = timedelta(hours=1)
"""A series that comes and goes is logged once in so long."""

_MOST_NAMED = 3


class FailureLog:
    """Compares each run of a source that ended with those before it."""

    def __init__(self, source: Source, problems: SourceProblems) -> None:
        """Nothing has failed yet."""
        self._source = source
        self._problems = problems
        self._logged_elsewhere = _LOGGED_ELSEWHERE
        if source is Source.AMBER:
            self._logged_elsewhere |= _LOGGED_BY_KEY_WATCH
        self._failing: set[str] = set()
        self._logged_at: dict[str, datetime] = {}

    def record(self, end: RunEnd, series: Mapping[str, bool]) -> None:
        """Note how a run ended; an interrupted one says nothing about the source.

        Args:
            end: How it ended.
            series: Those that it asked for, and whether anything of each was read.
        """
        if end.outcome is Outcome.INTERRUPTED:
            return
        failures = [
            one for one in end.failures if one.code not in self._logged_elsewhere
        ]
        if end.outcome is Outcome.FAILED:
            if failures:
                self._begin_failing(failures)
            return
        self._problems.end(ProblemCode.FAILING, "it works again")
        self._compare_series(end.finished_at, failures, series)

    def _begin_failing(self, failures: Sequence[Failure]) -> None:
        codes = ", ".join(sorted({one.code for one in failures}))
        self._problems.begin(
            ProblemCode.FAILING,
            f"The last run got nothing ({codes}).",
            detail=f"a run got nothing: {_named(failures)}",
        )

    def _compare_series(
        self, now: datetime, failures: Sequence[Failure], series: Mapping[str, bool]
    ) -> None:
        subjects = {one.subject for one in failures}
        back = sorted(self._failing.intersection(series) - subjects)
        new = [
            one
            for one in failures
            if one.subject not in self._failing and not self._is_quiet(one, now)
        ]
        if new:
            _LOG.warning(
                "%s: %d of %d series failed: %s",
                self._source,
                len(failures),
                len(series),
                _named(new),
            )
            self._failing.update(one.subject for one in new)
            self._logged_at.update((one.subject, now) for one in new)
        if back:
            _LOG.info("%s: read again: %s", self._source, ", ".join(back))
            self._failing.difference_update(back)

    def _is_quiet(self, failure: Failure, now: datetime) -> bool:
        logged_at = self._logged_at.get(failure.subject)
        return logged_at is not None and abs(now - logged_at) < _QUIET


def _named(failures: Sequence[Failure]) -> str:
    """Return the first failures by series and message, and how many more there are."""
    named = [f"{one.subject}: {one.message}" for one in failures[:_MOST_NAMED]]
    left = len(failures) - len(named)
    return "; ".join([*named, *([f"and {left} more"] if left else [])])
