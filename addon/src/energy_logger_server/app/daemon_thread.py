"""Long work in a thread that ends with the server."""

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import Future
from threading import Thread

UNFORESEEN = "it ended by a mistake of this program: please report it with its log"
"""What is said of work that raised what nobody expected; the log has it."""

_LOG = logging.getLogger(__name__)


class Stopping(Exception):
    """The server stops: work ends at its next step."""


def in_daemon_thread[Result](
    name: str, work: Callable[[], Result]
) -> asyncio.Future[Result]:
    """Start work in a thread that does not keep the program from ending.

    It bears being cut off at any moment.

    Args:
        name: Of the thread.
        work: What is done.
    """
    ended: Future[Result] = Future()
    # who gives up waiting does not cancel it: it goes on, and its end must be taken
    ended.set_running_or_notify_cancel()

    def run() -> None:
        try:
            ended.set_result(work())
        except BaseException as err:  # noqa: BLE001 - raised where it is awaited
            ended.set_exception(err)

    Thread(target=run, name=name, daemon=True).start()
    return asyncio.wrap_future(ended)


def log_unforeseen(task: asyncio.Task[object]) -> None:
    """Log what a task raised, at once: asyncio does so when it is forgotten."""
    if not task.cancelled() and (error := task.exception()) is not None:
        _LOG.error("%s", UNFORESEEN, exc_info=error)
