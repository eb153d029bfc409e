"""The application behind the socket in ``RUNTIME_DIR``.

Who may open the socket is its owner, or root: no key is asked for.
"""

from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Protocol

from aiohttp import web
from aiohttp.typedefs import Handler

from energy_logger_server.api.errors import EnergyLoggerError
from energy_logger_server.web.http.errors import ApiError, answer_errors
from energy_logger_server.web.http.reply import json_reply

BACKUP_HOLD = "/backup-hold"
"""Path of the hold on the store's file: POST begins it, DELETE ends it."""


class BackupHoldControl(Protocol):
    """Begins and ends a hold on the store's file; both say what was done."""

    async def begin(self) -> str:
        """Begin; raises ``EnergyLoggerError`` if the file cannot be held."""
        ...

    async def end(self) -> str:
        """End; raises ``BackupNotHeld`` if it has not been held until now."""
        ...


def make_control_app(hold: BackupHoldControl) -> web.Application:
    """Return the application that answers on the socket."""
    app = web.Application(middlewares=[answer_errors])
    app.add_routes(
        [
            web.post(BACKUP_HOLD, _answering(hold.begin)),
            web.delete(BACKUP_HOLD, _answering(hold.end)),
        ]
    )
    return app


def _answering(work: Callable[[], Awaitable[str]]) -> Handler:
    async def answer(_request: web.Request) -> web.Response:
        try:
            message = await work()
        except EnergyLoggerError as err:
            # who is here owns the machine: nothing is left out
            raise ApiError(HTTPStatus.CONFLICT, err.code, str(err)) from err
        return json_reply({"message": message})

    return answer
