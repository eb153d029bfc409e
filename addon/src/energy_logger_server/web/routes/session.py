"""``/api/session``: a browser signs in with the key, once."""

from http import HTTPMethod, HTTPStatus
from typing import TypedDict

import voluptuous as vol
from aiohttp import web

from energy_logger_server.web.datasets import fields as wire
from energy_logger_server.web.http.answer_types import Time
from energy_logger_server.web.http.operation import Access, Answer, Group, Operation
from energy_logger_server.web.http.parameters import body_of
from energy_logger_server.web.http.reply import json_reply
from energy_logger_server.web.http.session_cookie import Session, remove_cookie
from energy_logger_server.web.http.sessions import SESSIONS

_PATH = "/api/session"
_SIGN_IN = vol.Schema({vol.Required("key", description="The API key."): str})


class SessionAnswer(TypedDict):
    """Whether the browser that asks is signed in."""

    needs_key: bool
    """False inside Home Assistant, which has let its user in already."""
    is_signed_in: bool
    """Whether what needs the key is answered."""
    expires_at: Time | None
    """When the session ends unless it is used."""


def session_operations() -> tuple[Operation, ...]:
    """Return what signs browsers in and out."""
    return (
        Operation(
            path=_PATH,
            handler=_show,
            summary="Get whether the browser is signed in; a session that is used "
            "lasts another 30 days.",
            group=Group.SESSION,
            answer=Answer(description="The session.", schema=SessionAnswer),
            access=Access.PUBLIC,
        ),
        Operation(
            method=HTTPMethod.POST,
            path=_PATH,
            handler=_sign_in,
            summary="Sign a browser in: the answer sets a cookie that stands for the "
            "key.",
            group=Group.SESSION,
            answer=Answer(description="The session.", schema=SessionAnswer),
            body=_SIGN_IN,
            access=Access.PUBLIC,
            errors=(
                HTTPStatus.UNAUTHORIZED,
                HTTPStatus.FORBIDDEN,
                HTTPStatus.TOO_MANY_REQUESTS,
            ),
        ),
        Operation(
            method=HTTPMethod.DELETE,
            path=_PATH,
            handler=_sign_out,
            summary="Sign a browser out: the answer removes the cookie.",
            group=Group.SESSION,
            answer=Answer(description="No session.", schema=SessionAnswer),
            access=Access.PUBLIC,
        ),
    )


async def _show(request: web.Request) -> web.Response:
    sessions = request.app.get(SESSIONS)
    if sessions is None:
        return _reply(None, needs_key=False)
    session = sessions.session_of(request)
    renewed = None if session is None else sessions.renewed(session)
    response = _reply(renewed or session)
    if renewed is not None:
        sessions.keep(response, renewed)
    return response


async def _sign_in(request: web.Request) -> web.Response:
    sessions = request.app.get(SESSIONS)
    if sessions is None:
        return _reply(None, needs_key=False)
    session = sessions.sign_in(request, body_of(request)["key"])
    response = _reply(session)
    sessions.keep(response, session)
    return response


async def _sign_out(request: web.Request) -> web.Response:
    response = _reply(None, needs_key=SESSIONS in request.app)
    remove_cookie(response)
    return response


def _reply(session: Session | None, *, needs_key: bool = True) -> web.Response:
    answer: SessionAnswer = {
        "needs_key": needs_key,
        "is_signed_in": session is not None or not needs_key,
        "expires_at": None if session is None else wire.utc_text(session.expires_at),
    }
    return json_reply(answer)
