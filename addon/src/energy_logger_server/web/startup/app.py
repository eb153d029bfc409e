"""The web application of a server whose store is not open.

It shows signs of life and says what is wrong; everything else is answered with that
sentence, too, and with when to ask again.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import datetime
from html import escape
from http import HTTPStatus
from math import ceil
from typing import TYPE_CHECKING

from aiohttp import hdrs, web

from energy_logger_server import __version__
from energy_logger_server.clock import Clock
from energy_logger_server.domain.health import Health
from energy_logger_server.domain.notifications.alerts import Alert
from energy_logger_server.domain.startup import StartupState
from energy_logger_server.web.datasets import fields as wire
from energy_logger_server.web.http.cors import OriginHeaders, allow_origins
from energy_logger_server.web.http.error_page import home_of, message_page, wants_page
from energy_logger_server.web.http.errors import ApiError, answer_errors
from energy_logger_server.web.http.ingress import allow_only
from energy_logger_server.web.http.operation import routes_of
from energy_logger_server.web.http.parameters import LARGEST_BODY
from energy_logger_server.web.http.reply import json_reply
from energy_logger_server.web.http.security_headers import add_security_headers
from energy_logger_server.web.routes.docs import docs_operations
from energy_logger_server.web.routes.health import (
    health_answer,
    health_operations,
    not_ready_reply,
)
from energy_logger_server.web.routes.status.alerts import alert_answers
from energy_logger_server.web.routes.status.operations import status_operations

if TYPE_CHECKING:
    from energy_logger_server.web.routes.status.answers import UnopenedStatusAnswer

_LOOK_AGAIN_S = 15
_RETRY_AFTER_S = 5
"""While nobody knows when the store will be open, seconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StartupDeps:
    """What the answers say.

    Attributes:
        clock: The present.
        started_at: Instant (UTC) at which the server was started.
        state: Gives how opening goes.
        alerts: Gives what the owner has to know of.
    """

    clock: Clock
    started_at: datetime
    state: Callable[[], StartupState]
    alerts: Callable[[], tuple[Alert, ...]]


def make_startup_app(
    deps: StartupDeps,
    *,
    cors_origins: Collection[str] = (),
    ingress_from: Collection[str] | None = None,
) -> web.Application:
    """Return the application that answers on a port until the store is open.

    Args:
        deps: What it says.
        cors_origins: Web sites whose scripts may read answers.
        ingress_from: For the port of Home Assistant's ingress: the addresses that may
            ask. Who comes in there is shown places, too. None for the API's port.
    """
    answers = _Answers(deps, names_places=ingress_from is not None)
    ingress = [allow_only(ingress_from)] if ingress_from is not None else []
    app = web.Application(
        middlewares=[allow_origins(cors_origins), answer_errors, *ingress],
        client_max_size=LARGEST_BODY,
    )
    app.on_response_prepare.append(add_security_headers)
    app.on_response_prepare.append(OriginHeaders(cors_origins))
    described = {
        one.path: one
        for one in (
            *health_operations(),
            *status_operations(),
            *docs_operations(tuple),
        )
    }
    for path, handler in (
        ("/api/health", answers.health),
        ("/api/ready", answers.ready),
        ("/api/status", answers.status),
    ):
        app.add_routes(routes_of(replace(described[path], handler=handler)))
    # the style of the page
    app.add_routes(routes_of(described["/api/docs.css"]))
    app.add_routes(
        [web.get("/", answers.page), web.route("*", "/{path:.*}", answers.refuse)]
    )
    return app


class _Answers:
    def __init__(self, deps: StartupDeps, *, names_places: bool) -> None:
        self._deps = deps
        self._names_places = names_places

    async def health(self, _request: web.Request) -> web.Response:
        return json_reply(health_answer(self._deps.clock.now()))

    async def ready(self, _request: web.Request) -> web.Response:
        return not_ready_reply([self._message()], self._retry_after())

    async def status(self, _request: web.Request) -> web.Response:
        state = self._deps.state()
        now = self._deps.clock.now()
        answer: UnopenedStatusAnswer = {
            "status": Health.UNHEALTHY,
            "version": __version__,
            "uptime_seconds": (now - self._deps.started_at).total_seconds(),
            "storage": {
                "is_working": False,
                "last_write_at": None,
                "failing_since": wire.utc_text(state.since),
                "problem": self._message(),
                "next_attempt_at": wire.utc_text(state.next_attempt_at),
                "checked_at": None,
                "journal_mode": None,
            },
            "alerts": alert_answers(self._deps.alerts()),
        }
        return json_reply(answer)

    async def page(self, request: web.Request) -> web.Response:
        """Answer a person; the real pages appear without any help."""
        message = self._message()
        page = message_page(
            "Not ready yet",
            f"""<p>{escape(message[:1].upper() + message[1:])}.</p>
<p>What is stored is kept. This page looks again every {_LOOK_AGAIN_S}
seconds; the log of the server says more.</p>""",
            home=home_of(request),
            status=HTTPStatus.SERVICE_UNAVAILABLE,
        )
        page.headers.update(self._retry_after())
        page.headers["Refresh"] = str(_LOOK_AGAIN_S)
        return page

    async def refuse(self, request: web.Request) -> web.StreamResponse:
        if wants_page(request):
            return await self.page(request)
        raise ApiError(
            HTTPStatus.SERVICE_UNAVAILABLE,
            self._deps.state().problem.code,
            self._message(),
            headers=self._retry_after(),
        )

    def _message(self) -> str:
        problem = self._deps.state().problem
        return problem.message if self._names_places else problem.public_message

    def _retry_after(self) -> dict[str, str]:
        at = self._deps.state().next_attempt_at
        wait_s = _RETRY_AFTER_S
        if at is not None:
            wait_s = max(1, ceil((at - self._deps.clock.now()).total_seconds()))
        return {hdrs.RETRY_AFTER: str(wait_s)}
