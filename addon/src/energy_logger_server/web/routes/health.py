"""``/api/health``, ``/api/ready``, ``/api/info``: is it there, can it work, what is it.

All public, and none says anything about a household.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from http import HTTPStatus

from aiohttp import web

from energy_logger_server import __version__
from energy_logger_server.errors import StoreError
from energy_logger_server.store.runs.status import instance_id, schema_version
from energy_logger_server.web.datasets import fields as wire
from energy_logger_server.web.deps import WebDeps, deps_of
from energy_logger_server.web.http.operation import Access, Answer, Group, Operation
from energy_logger_server.web.http.reply import json_reply

from .status.answers import HealthAnswer, InfoAnswer, ReadyAnswer


def health_operations() -> tuple[Operation, ...]:
    """Return what monitors and clients ask first."""
    return (
        Operation(
            path="/api/health",
            handler=_health,
            summary="Get a sign of life; the database is not asked.",
            group=Group.SERVER,
            answer=Answer(description="It is there.", schema=HealthAnswer),
            access=Access.PUBLIC,
        ),
        Operation(
            path="/api/ready",
            handler=_ready,
            summary="Get whether the server can work, and if not, why.",
            group=Group.SERVER,
            answer=Answer(description="It can.", schema=ReadyAnswer),
            access=Access.PUBLIC,
        ),
        Operation(
            path="/api/info",
            handler=_info,
            summary="Get the versions of program and store, and the store's identity.",
            group=Group.SERVER,
            answer=Answer(description="Versions and identity.", schema=InfoAnswer),
            access=Access.PUBLIC,
        ),
    )


async def _health(request: web.Request) -> web.Response:
    """Answer without the database: whoever restarts us on this cannot mend that."""
    return json_reply(health_answer(deps_of(request).clock.now()))


def health_answer(now: datetime) -> HealthAnswer:
    """Return the sign of life of an instant (UTC)."""
    return {
        "status": "healthy",
        "timestamp": wire.utc_text(now),
        "version": __version__,
    }


async def _ready(request: web.Request) -> web.Response:
    deps = deps_of(request)
    reasons = [*await _store_reasons(deps), *_client_reasons(deps)]
    if not reasons:
        answer: ReadyAnswer = {"status": "ready"}
        return json_reply(answer)
    return not_ready_reply(reasons)


def not_ready_reply(
    reasons: Sequence[str], headers: Mapping[str, str] | None = None
) -> web.Response:
    """Return the answer of a server that cannot work, and why, a sentence each."""
    return json_reply(
        {
            "status": "not ready",
            "error": {
                "code": "not_ready",
                "message": "; ".join(reasons),
                "reasons": reasons,
            },
        },
        status=HTTPStatus.SERVICE_UNAVAILABLE,
        headers=headers,
    )


async def _store_reasons(deps: WebDeps) -> list[str]:
    try:
        found = await deps.store.read(schema_version)
    except StoreError:
        return ["the database does not answer"]
    if found != deps.store.schema_version:
        return ["the database is not the one that this server opened"]
    state = deps.store.state
    if state.is_failing:
        since = wire.utc_text(state.failing_since)
        return [f"nothing can be stored since {since}: {state.cause}"]
    return []


def _client_reasons(deps: WebDeps) -> list[str]:
    """Name the clients that are not up; a key that upstream refuses is no such."""
    return [
        f"the client of {source.source.value} has not been started"
        for source in deps.collecting_status().sources
        if not source.is_started
    ]


async def _info(request: web.Request) -> web.Response:
    store = deps_of(request).store
    answer: InfoAnswer = {
        "version": __version__,
        "schema_version": store.schema_version,
        "instance_id": await store.read(instance_id),
    }
    return json_reply(answer)
