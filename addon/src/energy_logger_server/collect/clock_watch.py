"""Whether this machine's clock is right, by the time that answers bring.

A small computer without a battery clock starts with a time of the past, and keeps it
until it reaches a time server: what it files by its own clock until then is filed
wrongly for ever.
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from energy_logger_server.api.kamo_models import AreaGrid, SubstationTable
from energy_logger_server.api.models import Answer
from energy_logger_server.clock import Clock
from energy_logger_server.domain.collecting.problems import Problem, ProblemCode
from energy_logger_server.domain.collecting.runs import Source

from .source_time import SourceTime

_LOG = logging.getLogger(__name__)
_MOST_DIFFERENCE = timedelta(minutes=2)

type Dated = Answer[object] | AreaGrid | SubstationTable


class ClockWatch:
    """Compares our clock with the ``Date`` that answers of the last hour carried.

    It counts as wrong while no source whose answers are dated agrees with it: a
    single one that does not may be wrong itself. What they said ages by a clock that
    nobody sets, so that setting ours is noticed at once. When no answer was dated
    for an hour, ours is not known to be wrong, as at the start.
    """

    def __init__(self, clock: Clock, steady_s: Callable[[], float]) -> None:
        """No answer was dated yet.

        Args:
            clock: The one that may be wrong.
            steady_s: Seconds of one that nobody sets, such as the event loop's.
        """
        self._clock = clock
        self._steady_s = steady_s
        self._times: dict[Source, SourceTime] = {}
        self._wrong_since: datetime | None = None

    @property
    def is_wrong(self) -> bool:
        """Whether our clock is off by more than two minutes."""
        return _is_wrong(self._leads())

    def difference_s(self, source: Source) -> float | None:
        """Return the seconds by which we are ahead of a source.

        None when no answer was dated within the last hour.
        """
        lead = self._lead(source)
        return None if lead is None else lead.total_seconds()

    def problems(self, source: Source) -> tuple[Problem, ...]:
        """Return what the status of a source says about the clock."""
        lead = self._lead(source)
        # most are right, and a status asks often
        if lead is None or abs(lead) <= _MOST_DIFFERENCE:
            return ()
        leads = self._leads()
        if not _is_wrong(leads):
            return ()
        message = (
            f"{_sentence(source, lead)} No substation reading is stored and "
            "no day is given up until it is right: check the time synchronisation "
            "(NTP)."
        )
        # it may have been set since the last answer
        since = self._wrong_since or self._clock.now()
        return (Problem(ProblemCode.CLOCK_DIFFERS, message, since),)

    def record_time(self, source: Source, server_time: datetime | None) -> None:
        """Note an answer's date as it comes, and log what that changes.

        Args:
            source: Whose answer.
            server_time: The source's own (UTC); None when the answer has none.
        """
        if server_time is not None:
            times = self._times.setdefault(source, SourceTime())
            times.record(server_time, self._steady_s())
        leads = self._leads()
        if _is_wrong(leads):
            if self._wrong_since is None:
                self._wrong_since = self._clock.now()
                example = source if source in leads else next(iter(leads))
                _LOG.warning("%s", self.problems(example)[0].message)
        elif self._wrong_since is not None:
            self._wrong_since = None
            if leads:
                _LOG.info("this machine's clock is right again")
            else:
                _LOG.info(
                    "no source has sent the time for an hour: this machine's clock is "
                    "taken for right"
                )

    def dated[Seen: Dated](self, source: Source, answer: Seen) -> Seen:
        """Return an answer under the time that is the better one, and note its own.

        While our clock is wrong that is the source's, but for readings of substations:
        they have no time but ours.
        """
        self.record_time(source, answer.server_time)
        leads = self._leads()
        if not _is_wrong(leads) or isinstance(answer, SubstationTable):
            return answer
        fetched_at = answer.server_time
        if fetched_at is None:
            # any whose answers are dated knows better than we do
            lead = leads[source] if source in leads else next(iter(leads.values()))
            fetched_at = self._clock.now() - lead
        return replace(answer, fetched_at=fetched_at)

    def _lead(self, source: Source) -> timedelta | None:
        """Return by how much we are ahead of one source, if its answers are dated."""
        time = self._times.get(source)
        return None if time is None else time.lead(self._clock.now(), self._steady_s())

    def _leads(self) -> Mapping[Source, timedelta]:
        """Return by how much we are ahead of each source whose answers are dated."""
        now, now_s = self._clock.now(), self._steady_s()
        leads = {source: time.lead(now, now_s) for source, time in self._times.items()}
        return {source: lead for source, lead in leads.items() if lead is not None}


def _is_wrong(leads: Mapping[Source, timedelta]) -> bool:
    return bool(leads) and all(abs(lead) > _MOST_DIFFERENCE for lead in leads.values())


def _sentence(source: Source, lead: timedelta) -> str:
    side = "ahead of" if lead > timedelta() else "behind"
    whole = abs(lead) - abs(lead) % timedelta(seconds=1)
    return f"This machine's clock is {whole} {side} {source.value}'s."
