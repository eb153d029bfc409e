"""What is wrong with one source at present: logged when it begins and when it ends."""

import logging
from dataclasses import replace
from datetime import datetime, timedelta

from energy_logger_server.clock import Clock
from energy_logger_server.domain.collecting.problems import Problem, ProblemCode
from energy_logger_server.domain.collecting.runs import Source

_LOG = logging.getLogger(__name__)
_QUIET = timedelta(hours=1)
"""What comes and goes is logged once in so long."""


class SourceProblems:
    """Kept in memory: after a restart they are noticed again by the first run."""

    def __init__(self, source: Source, clock: Clock) -> None:
        """Nothing is wrong yet."""
        self._source = source
        self._clock = clock
        self._present: dict[tuple[ProblemCode, str], Problem] = {}
        self._is_logged: dict[tuple[ProblemCode, str], bool] = {}
        self._logged_at: dict[tuple[ProblemCode, str], datetime] = {}

    @property
    def present(self) -> tuple[Problem, ...]:
        """What is wrong, oldest first; of several series with one problem the first."""
        by_code: dict[ProblemCode, Problem] = {}
        for problem in self._present.values():
            by_code.setdefault(problem.code, problem)
        return tuple(by_code.values())

    def begin(
        self, code: ProblemCode, message: str, *, subject: str = "", detail: str = ""
    ) -> bool:
        """Note that something is wrong, however often that is noticed.

        Args:
            code: What.
            message: A sentence for the status page; names no household.
            subject: The series that it is about; empty for the source as a whole.
            detail: What the log says instead.

        Returns:
            Whether it is new, or another one than before.
        """
        key = (code, subject)
        known = self._present.get(key)
        if known is not None:
            self._present[key] = replace(known, message=message)
            return known.message != message
        now = self._clock.now()
        self._present[key] = Problem(code, message, now)
        logged_at = self._logged_at.get(key)
        self._is_logged[key] = logged_at is None or abs(now - logged_at) >= _QUIET
        if self._is_logged[key]:
            self._logged_at[key] = now
            _LOG.warning("%s: %s", self._name(subject), detail or message)
        return True

    def end(self, code: ProblemCode, message: str, *, subject: str = "") -> None:
        """Note that something is right again, or still.

        Args:
            code: What.
            message: A sentence for the log.
            subject: As it was begun.
        """
        key = (code, subject)
        if self._present.pop(key, None) is not None and self._is_logged.pop(key):
            _LOG.info("%s: %s", self._name(subject), message)

    def is_present(self, code: ProblemCode) -> bool:
        """Return whether it is wrong with any series."""
        return any(present is code for present, _subject in self._present)

    def _name(self, subject: str) -> str:
        return f"{self._source.value} {subject}".rstrip()
