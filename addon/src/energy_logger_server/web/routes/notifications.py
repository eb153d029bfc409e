"""``/api/notifications/test`` and ``/api/test-email``: whether messages arrive."""

from http import HTTPMethod, HTTPStatus
from typing import Literal, TypedDict

from aiohttp import web

from energy_logger_server.domain.notifications.texts import sent_by
from energy_logger_server.errors import NoRecipient, NotificationFailed
from energy_logger_server.web.deps import deps_of
from energy_logger_server.web.http.errors import ApiError
from energy_logger_server.web.http.operation import Answer, Group, Operation
from energy_logger_server.web.http.reply import json_reply

_LONGEST_S = 300
"""A service that does not answer is given up after half a minute."""

_ERRORS = (HTTPStatus.CONFLICT, HTTPStatus.BAD_GATEWAY)


class TrialAnswer(TypedDict):
    """Every service took the message."""

    success: Literal[True]
    message: str
    """A sentence for the reader."""
    services: list[str]
    """Those that took it, by name."""


def notification_operations() -> tuple[Operation, ...]:
    """Return what sends test messages."""
    answer = Answer(description="It was sent.", schema=TrialAnswer)
    return (
        Operation(
            method=HTTPMethod.POST,
            path="/api/notifications/test",
            handler=_try_all,
            summary="Send a test message by every service that is set up.",
            group=Group.SETTINGS,
            answer=answer,
            errors=_ERRORS,
            time_limit_s=_LONGEST_S,
        ),
        Operation(
            method=HTTPMethod.POST,
            path="/api/test-email",
            handler=_try_mail,
            summary="Send a test message by e-mail.",
            group=Group.SETTINGS,
            answer=answer,
            errors=_ERRORS,
            time_limit_s=_LONGEST_S,
        ),
    )


async def _try_all(request: web.Request) -> web.Response:
    return await _try(request, is_mail_only=False)


async def _try_mail(request: web.Request) -> web.Response:
    return await _try(request, is_mail_only=True)


async def _try(request: web.Request, *, is_mail_only: bool) -> web.Response:
    notifications = deps_of(request).notifications
    try:
        services = await notifications.send_trial(is_mail_only=is_mail_only)
    except NoRecipient as err:
        raise ApiError(HTTPStatus.CONFLICT, err.code, str(err)) from err
    except NotificationFailed as err:
        raise ApiError(HTTPStatus.BAD_GATEWAY, err.code, str(err)) from err
    answer: TrialAnswer = {
        "success": True,
        "message": sent_by(services),
        "services": [*services],
    }
    return json_reply(answer)
