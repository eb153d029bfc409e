"""How far a replay is: a bar at a terminal, else a line for every tenth."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

_LINES = 10
"""Of a whole replay, where there is no terminal."""

type OnReplayed = Callable[[datetime], None]
"""Called with the simulated instant (UTC) that the replay has reached."""


@contextmanager
def showing_replay(
    console: Console, began: datetime, present: datetime
) -> Iterator[OnReplayed]:
    """Give what to call as simulated time goes on.

    Args:
        console: Shows it.
        began: Where the replay begins, UTC.
        present: Where it ends, UTC, later.
    """
    if not console.is_terminal:
        yield _Lines(console, began, present)
        return
    bar = Progress(
        TextColumn("{task.description} {task.fields[at]}"),
        BarColumn(),
        TimeRemainingColumn(),
        console=console,
    )
    with bar:
        task = bar.add_task("replaying", total=(present - began).total_seconds(), at="")

        def show(now: datetime) -> None:
            done_s = (now - began).total_seconds()
            bar.update(task, completed=done_s, at=_text(now))

        yield show


class _Lines:
    """Prints a line for every tenth of the way."""

    def __init__(self, console: Console, began: datetime, present: datetime) -> None:
        self._console = console
        self._began = began
        self._span = present - began
        self._lines = 0

    def __call__(self, now: datetime) -> None:
        share = (now - self._began) / self._span
        if int(share * _LINES) > self._lines:
            self._lines = int(share * _LINES)
            self._console.print(f"replaying {_text(now)}, {share:.0%}", highlight=False)


def _text(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"
