"""Whether this machine's clock is right, by the time that answers bring.

A small computer without a battery clock starts with a time of the past, and keeps it
until it reaches a time server: what it files by its own clock until then is filed
wrongly for ever.
"""

import logging
from dataclasses import replace
from datetime import datetime, timedelta

from energy_logger_server.api.kamo_models import AreaGrid, SubstationTable
from energy_logger_server.api.models import Answer
from energy_logger_server.clock import Clock
from energy_logger_server.domain.problems import Problem, ProblemCode
from energy_logger_server.domain.runs import Source

_LOG = logging.getLogger(__name__)
_MOST_DIFFERENCE = timedelta(minutes=2)

type Dated = Answer[object] | AreaGrid | SubstationTable


class ClockWatch:
    """Compares every answer's arrival with the ``Date`` it carries.

    Our clock counts as wrong while none of the sources that told their time agrees
    with it: a single one that does not may be wrong itself.
    """

    def __init__(self, clock: Clock) -> None:
        """No source has told its time yet."""
        self._clock = clock
        self._differences: dict[Source, timedelta] = {}
        self._wrong_since: datetime | None = None

    @property
    def is_wrong(self) -> bool:
        """Whether our clock is off by more than two minutes."""
        return self._wrong_since is not None

    def difference_s(self, source: Source) -> float | None:
        """Return the seconds by which we were ahead of a source, None if not told."""
        difference = self._differences.get(source)
        return None if difference is None else difference.total_seconds()

    def problems(self, source: Source) -> tuple[Problem, ...]:
        """Return what the status of a source says about the clock."""
        if self._wrong_since is None or source not in self._differences:
            return ()
        message = (
            f"{self._sentence(source)} No substation reading is stored and no day is "
            "given up until it is right: check the time synchronisation (NTP)."
        )
        return (Problem(ProblemCode.CLOCK_DIFFERS, message, self._wrong_since),)

    def see(self, source: Source, arrived_at: datetime, told: datetime | None) -> None:
        """Note the time that an answer told.

        Args:
            source: Whose answer.
            arrived_at: Our time of it.
            told: The source's own time; None when the answer has none.
        """
        if told is None:
            return
        self._differences[source] = arrived_at - told
        is_wrong = all(
            abs(one) > _MOST_DIFFERENCE for one in self._differences.values()
        )
        if is_wrong and self._wrong_since is None:
            self._wrong_since = self._clock.now()
            _LOG.warning("%s", self.problems(source)[0].message)
        elif not is_wrong and self._wrong_since is not None:
            self._wrong_since = None
            _LOG.info("this machine's clock is right again")

    def dated[Seen: Dated](self, source: Source, answer: Seen) -> Seen:
        """Return an answer under the time that is the better one, and note its own.

        While our clock is wrong that is the source's, but for readings of substations:
        they have no time but ours.
        """
        self.see(source, answer.fetched_at, answer.server_time)
        told = answer.server_time
        if not self.is_wrong or told is None or isinstance(answer, SubstationTable):
            return answer
        return replace(answer, fetched_at=told)

    def _sentence(self, source: Source) -> str:
        difference = self._differences[source]
        side = "ahead of" if difference > timedelta() else "behind"
        whole = abs(difference) - abs(difference) % timedelta(seconds=1)
        return f"This machine's clock is {whole} {side} {source.value}'s."
