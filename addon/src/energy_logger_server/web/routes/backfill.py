"""``/api/backfill``: how far history is, and starting, pausing, ending a pass of it."""

from http import HTTPMethod, HTTPStatus

from aiohttp import web
from aiohttp.typedefs import Handler

from energy_logger_server.errors import RunInProgress
from energy_logger_server.web.datasets.backfill_fields import (
    NOT_SET_UP,
    BackfillAnswer,
    backfill_fields,
)
from energy_logger_server.web.deps import BackfillControl, deps_of
from energy_logger_server.web.http.errors import ApiError
from energy_logger_server.web.http.operation import Answer, Group, Operation
from energy_logger_server.web.http.reply import json_reply

_STATUS = "/api/backfill"


def backfill_operations() -> tuple[Operation, ...]:
    """Return the operations that show and steer backfill."""
    return (
        Operation(
            path=_STATUS,
            handler=_get_progress,
            summary="Get how far the pass over Amber's history is, or how the last "
            "one ended.",
            group=Group.BACKFILL,
            answer=Answer(
                description="The pass; nearly all null without an Amber token.",
                schema=BackfillAnswer,
            ),
        ),
        _order(
            "start",
            _start,
            "Start a pass over what is missing of Amber's history; it runs in the "
            "background.",
            HTTPStatus.ACCEPTED,
        ),
        _order(
            "pause",
            _pause,
            "Pause the pass after the window under way; a restart of the server "
            "forgets the pause.",
        ),
        _order("resume", _resume, "Resume a paused pass."),
        _order(
            "cancel",
            _cancel,
            "Cancel the pass after the window under way; the next one goes on from "
            "there.",
            HTTPStatus.ACCEPTED,
        ),
    )


def _order(
    name: str,
    handler: Handler,
    summary: str,
    status: HTTPStatus = HTTPStatus.OK,
) -> Operation:
    return Operation(
        method=HTTPMethod.POST,
        path=f"{_STATUS}/{name}",
        handler=handler,
        summary=summary,
        group=Group.BACKFILL,
        answer=Answer(description="The pass.", schema=BackfillAnswer, status=status),
        errors=(HTTPStatus.CONFLICT,),
    )


async def _get_progress(request: web.Request) -> web.Response:
    return _reply(request)


async def _start(request: web.Request) -> web.Response:
    try:
        _control(request).start()
    except RunInProgress as err:
        raise ApiError(HTTPStatus.CONFLICT, err.code, _busy(request)) from err
    return _reply(request, HTTPStatus.ACCEPTED)


async def _pause(request: web.Request) -> web.Response:
    _control(request).pause()
    return _reply(request)


async def _resume(request: web.Request) -> web.Response:
    _control(request).resume()
    return _reply(request)


async def _cancel(request: web.Request) -> web.Response:
    if not _control(request).cancel():
        raise ApiError(
            HTTPStatus.CONFLICT, "not_running", "no pass over history is under way"
        )
    return _reply(request, HTTPStatus.ACCEPTED)


def _control(request: web.Request) -> BackfillControl:
    control = deps_of(request).backfill
    if control is None:
        raise ApiError(
            HTTPStatus.CONFLICT,
            NOT_SET_UP,
            "this server has no Amber token: set AMBER_API_KEY",
        )
    return control


def _busy(request: web.Request) -> str:
    if _control(request).status().is_paused:
        return "a pass over history is under way, and paused: resume it"
    return f"a pass over history is under way: {_STATUS} shows how far it is"


def _reply(request: web.Request, status: HTTPStatus = HTTPStatus.OK) -> web.Response:
    deps = deps_of(request)
    stands = None if deps.backfill is None else deps.backfill.status()
    return json_reply(backfill_fields(stands, deps.clock.now()), status=status)
