"""How far an export or an import has come: a bar on a terminal, log lines elsewhere."""

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
)

from energy_logger_server.portable.export import OnProgress, TransferProgress

_LOG = logging.getLogger(__name__)
_STEPS = 10
"""Log lines of a whole transfer."""


@contextmanager
def showing_progress(what: str) -> Iterator[OnProgress]:
    """Give what to call with how far something has come.

    Args:
        what: What is done, in a word.
    """
    if not sys.stderr.isatty():
        yield _LogLines(what)
        return
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
    )
    with bar:
        task = bar.add_task(what, total=None)

        def show(progress: TransferProgress) -> None:
            bar.update(
                task,
                total=progress.rows_total,
                completed=progress.rows_done,
                description=f"{what} {progress.table}",
            )

        yield show


class _LogLines:
    """Logs every tenth of the way."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._steps = 0

    def __call__(self, progress: TransferProgress) -> None:
        steps = progress.rows_done * _STEPS // max(1, progress.rows_total)
        if steps > self._steps:
            self._steps = steps
            _LOG.info(
                "%s: %d of %d rows, in %s",
                self._what,
                progress.rows_done,
                progress.rows_total,
                progress.table,
            )
