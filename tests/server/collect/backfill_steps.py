"""What an observer of backfill is told."""

from collections.abc import Callable

from energy_logger_server.domain.collecting.backfill_progress import (
    BackfillProgress,
    BackfillState,
)


class Steps:
    """Keeps what an observer is given, and acts on it."""

    def __init__(self, act: Callable[[BackfillProgress], object] | None = None) -> None:
        self.seen: list[BackfillProgress] = []
        self._act = act

    async def __call__(self, progress: BackfillProgress) -> None:
        """See how far it is."""
        self.seen.append(progress)
        if self._act is not None:
            self._act(progress)

    @property
    def states(self) -> list[BackfillState]:
        """The states in order, each once in a row."""
        states: list[BackfillState] = []
        for progress in self.seen:
            if not states or states[-1] is not progress.state:
                states.append(progress.state)
        return states
