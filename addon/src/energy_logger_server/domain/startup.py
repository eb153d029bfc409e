"""A server whose store is not open: why, since when, and when it tries again."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

_FIRST_PAUSE = timedelta(seconds=2)
_LONGEST_PAUSE = timedelta(minutes=1)
"""An attempt is cheap, and whoever has mended the cause watches."""


@dataclass(frozen=True, slots=True)
class StartupProblem:
    """What keeps the store from being opened.

    Attributes:
        code: Stable name of the error.
        message: For the owner of the machine.
        public_message: For anybody to read: names no place and no user.
    """

    code: str
    message: str
    public_message: str


def _for_anybody(code: str, message: str) -> StartupProblem:
    return StartupProblem(code, message, message)


OPENING = _for_anybody(
    "opening",
    "the store is being opened, which takes minutes when an update has changed its "
    "schema: wait",
)
"""Before the first attempt has ended."""


def _restoring(so_far: str) -> StartupProblem:
    return _for_anybody(
        "restoring",
        f"a backup is being restored{so_far}: the store is open again when that has "
        "ended",
    )


RESTORING = _restoring("")


def restoring(stage: str, share: float) -> StartupProblem:
    """Return that a backup is being restored, and how far it is.

    Args:
        stage: What is being done, a participle.
        share: How much of that is done, 0 to 1.
    """
    return _restoring(f", {stage}, {share * 100:.0f} %")


STOPPING = _for_anybody("stopping", "the server is stopping: start it again")


@dataclass(frozen=True, slots=True)
class StartupState:
    """How opening the store goes.

    Attributes:
        since: Instant (UTC) from which the store has not been open.
        problem: Why.
        failures: Attempts that failed since then.
        next_attempt_at: Instant (UTC) of the next attempt; None while one is under
            way, and where only a restart helps.
    """

    since: datetime
    problem: StartupProblem = OPENING
    failures: int = 0
    next_attempt_at: datetime | None = None

    def after_failure(
        self, at: datetime, problem: StartupProblem, *, is_retried: bool
    ) -> "StartupState":
        """Return the state after an attempt that failed; pauses grow up to a minute.

        Args:
            at: When it ended.
            problem: What it failed with.
            is_retried: Whether trying again can help.
        """
        pause = min(_FIRST_PAUSE * 2 ** min(self.failures, 10), _LONGEST_PAUSE)
        return replace(
            self,
            problem=problem,
            failures=self.failures + 1,
            next_attempt_at=at + pause if is_retried else None,
        )
