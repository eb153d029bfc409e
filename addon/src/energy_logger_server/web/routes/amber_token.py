"""``/api/amber/try``: whether a token is of use, before it is saved."""

from datetime import datetime
from http import HTTPMethod, HTTPStatus
from math import ceil
from typing import TypedDict

import voluptuous as vol
from aiohttp import hdrs, web

from energy_logger_server.api.amber_models import Site
from energy_logger_server.api.errors import (
    SourceError,
    SourceRateLimited,
    SourceRefused,
)
from energy_logger_server.api.key_text import clean_key
from energy_logger_server.config.secret import Secret
from energy_logger_server.web.deps import deps_of
from energy_logger_server.web.http.answer_types import Date
from energy_logger_server.web.http.errors import ApiError
from energy_logger_server.web.http.operation import Answer, Group, Operation
from energy_logger_server.web.http.parameters import body_of
from energy_logger_server.web.http.reply import json_reply

_TOKEN = vol.Schema(
    {vol.Required("token", description="Amber's token, such as psk_...."): str}
)


class ChannelAnswer(TypedDict):
    """A register of a site."""

    identifier: str
    """Such as E1."""
    type: str
    """general, controlledLoad, feedIn or a word that is not known yet."""


class TriedSiteAnswer(TypedDict):
    """A site of the token's account."""

    id: str
    nmi: str
    network: str | None
    status: str
    active_from: Date | None
    channels: list[ChannelAnswer]


class TriedTokenAnswer(TypedDict):
    """What Amber answers to a token."""

    sites: list[TriedSiteAnswer]


def token_operations() -> tuple[Operation, ...]:
    """Return what tries a token."""
    return (
        Operation(
            method=HTTPMethod.POST,
            path="/api/amber/try",
            handler=_try,
            summary="Ask Amber for the sites of a token's account; the token is not "
            "saved.",
            group=Group.SETTINGS,
            answer=Answer(
                description="Amber accepts the token.", schema=TriedTokenAnswer
            ),
            body=_TOKEN,
            errors=(HTTPStatus.UNPROCESSABLE_ENTITY,),
        ),
    )


async def _try(request: web.Request) -> web.Response:
    deps = deps_of(request)
    token = Secret(clean_key(body_of(request)["token"]))
    try:
        sites = await deps.amber_sites(token)
    except SourceError as err:
        raise _refusal(err, deps.clock.now()) from err
    answer: TriedTokenAnswer = {"sites": [_site(site) for site in sites]}
    return json_reply(answer)


def _refusal(err: SourceError, now: datetime) -> ApiError:
    if isinstance(err, SourceRefused):
        return ApiError(
            HTTPStatus.UNPROCESSABLE_ENTITY,
            "token_refused",
            "Amber does not accept this token: copy it again from app.amber.com.au, "
            "under Developers, or generate another one there",
            parameter="token",
        )
    headers: dict[str, str] = {}
    if isinstance(err, SourceRateLimited):
        wait_s = max(1, ceil((err.retry_at - now).total_seconds()))
        headers = {hdrs.RETRY_AFTER: str(wait_s)}
    return ApiError(
        HTTPStatus.SERVICE_UNAVAILABLE,
        f"amber_{err.code}",
        f"whether the token is right is not known, Amber did not say: {err}",
        headers=headers,
    )


def _site(site: Site) -> TriedSiteAnswer:
    return {
        "id": site.id,
        "nmi": site.nmi,
        "network": site.network,
        "status": site.status,
        "active_from": None if site.active_from is None else str(site.active_from),
        "channels": [
            {"identifier": channel.identifier, "type": channel.type}
            for channel in site.channels
        ],
    }
