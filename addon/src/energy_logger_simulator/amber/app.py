"""The simulated Amber's pages: keys, limits, faults, request log."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import orjson
from aiohttp import hdrs, web

from energy_logger_server.api.nem import nem_date_at
from energy_logger_simulator.faults.edits import Edit
from energy_logger_simulator.faults.fault import Fault, FaultAction
from energy_logger_simulator.faults.plan import FaultPlan
from energy_logger_simulator.replies import json_reply
from energy_logger_simulator.request_log import RequestLog

from .answers import AmberAnswers
from .config import AmberConfig
from .edits import price_edits, renewable_edits, site_edits, usage_edits
from .limits import Counter, RateLimits
from .query import RefusedError

_SITES = "amber.sites"
_DENIED = "User is not authorized to access this resource with an explicit deny"

type _Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(frozen=True, slots=True)
class _Endpoint:
    """Attributes: name, the counter it draws on (None: open to all), its parts."""

    name: str
    counter: Counter | None
    answer: Callable[[str, Mapping[str, str], datetime], list[dict[str, Any]]]
    edits: Callable[[date], Mapping[FaultAction, Edit]]


def amber_routes(
    config: AmberConfig,
    now: Callable[[], datetime],
    faults: FaultPlan,
    requests: RequestLog,
    limits: RateLimits,
) -> list[web.RouteDef]:
    """Return the routes below ``/v1``.

    Args:
        config: How Amber behaves.
        now: The simulated clock, aware.
        faults: Takes ``amber.*``; the owner is the site's id or the state.
        requests: Gets every request.
        limits: Counts those with a valid key.
    """
    pages = _Pages(config, now, faults, requests, limits)
    answers = AmberAnswers(config)
    metered = Counter.SITES_AND_USAGE

    return [
        _get(path, pages.handler(endpoint))
        for path, endpoint in {
            "/v1/sites": _Endpoint(_SITES, metered, answers.sites, site_edits),
            "/v1/sites/{owner}/prices": _Endpoint(
                "amber.prices", Counter.PRICES, answers.prices, price_edits
            ),
            "/v1/sites/{owner}/prices/current": _Endpoint(
                "amber.current", Counter.PRICES, answers.current, price_edits
            ),
            "/v1/sites/{owner}/usage": _Endpoint(
                "amber.usage", metered, answers.usage, usage_edits
            ),
            "/v1/state/{owner}/renewables/current": _Endpoint(
                "amber.renewables", None, answers.renewables, renewable_edits
            ),
        }.items()
    ] + [web.route(hdrs.METH_ANY, "/v1/{rest:.*}", pages.unknown)]


def _get(path: str, handler: _Handler) -> web.RouteDef:
    return web.get(path, handler, allow_head=False)


class _Pages:
    def __init__(
        self,
        config: AmberConfig,
        now: Callable[[], datetime],
        faults: FaultPlan,
        requests: RequestLog,
        limits: RateLimits,
    ) -> None:
        self._config = config
        self._now = now
        self._faults = faults
        self._requests = requests
        self._limits = limits

    def handler(self, endpoint: _Endpoint) -> _Handler:
        async def handle(request: web.Request) -> web.StreamResponse:
            owner = request.match_info.get("owner")
            self._requests.record(request, endpoint.name, owner)
            now = self._now()
            headers: Mapping[str, str] = {}
            try:
                if endpoint.counter is not None:
                    headers = self._admit(request, endpoint.counter, now)
                records = endpoint.answer(owner or "", request.query, now)
                fault = self._take_fault(endpoint.name, owner, request.query)
            except RefusedError as refused:
                return _refusal(request, refused, headers)
            return await self._faults.apply(
                fault,
                request,
                orjson.dumps(records),
                headers=headers,
                edits=endpoint.edits(nem_date_at(now)),
            )

        return handle

    async def unknown(self, request: web.Request) -> web.StreamResponse:
        """Refuse another path or method as the gateway does."""
        self._requests.record(request, "amber.unknown")
        return _refusal(request, RefusedError(403, "Missing Authentication Token"), {})

    def _admit(
        self, request: web.Request, counter: Counter, now: datetime
    ) -> Mapping[str, str]:
        """Return the headers of an answer to this key."""
        scheme, _, token = request.headers.get(hdrs.AUTHORIZATION, "").partition(" ")
        if scheme.lower() != "bearer":
            raise RefusedError(401, "Unauthorized")
        if token.strip() != self._config.token_valid:
            raise RefusedError(403, _DENIED)
        decision = self._limits.draw(token, counter, now.timestamp())
        if not decision.is_allowed:
            headers = decision.headers if self._config.headers_on_429 else {}
            raise RefusedError(429, "Too Many Requests", headers=headers)
        return decision.headers

    def _take_fault(
        self, endpoint: str, owner: str | None, query: Mapping[str, str]
    ) -> Fault | None:
        fault = self._faults.take(endpoint, owner, query)
        if (
            fault is not None
            and fault.action is FaultAction.SITE_VANISHES
            and endpoint != _SITES
        ):
            raise RefusedError(404, f"Site {owner} not found")
        return fault


def _refusal(
    request: web.Request, refused: RefusedError, headers: Mapping[str, str]
) -> web.Response:
    answer_headers = {
        **headers,
        **refused.headers,
        hdrs.CONTENT_TYPE: refused.content_type,
    }
    return json_reply(
        request, refused.body, status=refused.status, headers=answer_headers
    )
