"""The server's own command, whose clock is ahead of the wall's by so many seconds.

    python server_ahead.py SECONDS serve

Whatever follows the seconds are the command's own arguments.
"""

import sys
from datetime import UTC, datetime, timedelta

from energy_logger_server import clock
from energy_logger_server.cli import main


def put_ahead(ahead: timedelta) -> None:
    """Shift what the only reader of the wall clock tells."""

    def now(self: clock.SystemClock) -> datetime:  # noqa: ARG001 - a method of it
        return datetime.now(UTC) + ahead  # noqa: TID251 - in that reader's place

    clock.SystemClock.now = now  # type: ignore[method-assign] # of this process


if __name__ == "__main__":
    put_ahead(timedelta(seconds=float(sys.argv.pop(1))))
    main()
