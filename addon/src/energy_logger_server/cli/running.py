"""Running work until it ends, or a signal asks to stop."""

import asyncio
import logging
import signal
import time
from collections.abc import Callable, Coroutine
from typing import Any

_SIGNALS = (signal.SIGINT, signal.SIGTERM)
_FORMAT = "%(asctime)sZ %(levelname)s %(name)s: %(message)s"
_TIMES = "%Y-%m-%dT%H:%M:%S"


def log_to_stderr(level: str) -> None:
    """Write log lines with UTC times to standard error.

    Args:
        level: As in ``LOG_LEVEL``.
    """
    formatter = logging.Formatter(_FORMAT, _TIMES)
    formatter.converter = time.gmtime
    stream = logging.StreamHandler()
    stream.setFormatter(formatter)
    logging.basicConfig(level=level, handlers=[stream], force=True)
    # they log every migration step and request: too much at any level of ours
    for name in ("alembic", "aiohttp.access"):
        logging.getLogger(name).setLevel(logging.WARNING)


def run_until_stopped[Result](
    work: Coroutine[Any, Any, Result],
    *,
    loop_factory: Callable[[], asyncio.AbstractEventLoop] | None = None,
) -> Result | None:
    """Run work to its end; on SIGINT or SIGTERM cancel it and let it clean up.

    Returns:
        What the work returned; None when a signal stopped it.
    """
    with asyncio.Runner(loop_factory=loop_factory) as runner:
        return runner.run(_watched(work))


async def _watched[Result](work: Coroutine[Any, Any, Result]) -> Result | None:
    task = asyncio.ensure_future(work)
    loop = asyncio.get_running_loop()
    stopped = False

    def stop() -> None:
        nonlocal stopped
        stopped = True
        task.cancel()

    for number in _SIGNALS:
        loop.add_signal_handler(number, stop)
    try:
        return await task
    except asyncio.CancelledError:
        if not stopped:
            raise
        logging.getLogger(__name__).info("stopped")
        return None
    finally:
        for number in _SIGNALS:
            loop.remove_signal_handler(number)
