"""Giving up a statement that runs in another thread."""

from contextlib import suppress
from sqlite3 import Connection as SqliteConnection

from psycopg import Connection as PostgresConnection

from .driver_errors import DRIVER_ERRORS

ASK_AGAIN_S = 0.1
"""Between two statements there is nothing to interrupt: whoever waits asks again."""

_CANCEL_TIMEOUT_S = 1.0


def interrupt(driver: object) -> None:
    """Have the statement under way on a driver's connection fail, if there is one."""
    # connections that are closed by now say so
    with suppress(*DRIVER_ERRORS):
        if isinstance(driver, SqliteConnection):
            driver.interrupt()
        elif isinstance(driver, PostgresConnection):
            driver.cancel_safe(timeout=_CANCEL_TIMEOUT_S)
