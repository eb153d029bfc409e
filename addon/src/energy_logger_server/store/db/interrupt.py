"""Giving up a statement that runs in another thread."""

import sys
from contextlib import suppress
from sqlite3 import Connection as SqliteConnection

from .driver_errors import driver_errors

ASK_AGAIN_S = 0.1
"""Between two statements there is nothing to interrupt: whoever waits asks again."""

_CANCEL_TIMEOUT_S = 1.0


def interrupt(driver: object) -> None:
    """Have the statement under way on a driver's connection fail, if there is one."""
    # connections that are closed by now say so
    with suppress(*driver_errors()):
        if isinstance(driver, SqliteConnection):
            driver.interrupt()
        elif "psycopg" in sys.modules:
            from psycopg import Connection  # noqa: PLC0415 - loaded by now

            if isinstance(driver, Connection):
                driver.cancel_safe(timeout=_CANCEL_TIMEOUT_S)
