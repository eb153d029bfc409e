"""The simulator's own pages below ``/_sim``: clock, faults, counters, request log.

For tests and demos in which the simulator is a process of its own. All bodies are
JSON; a bad one gets a 400 that says what is wrong.

* ``GET /_sim/clock`` returns ``{"now": "2026-01-01T00:00:00+00:00"}``;
  ``POST`` takes ``{"now": ...}`` (with an offset) or ``{"advance": seconds}``.
* ``GET /_sim/faults`` lists the faults that are not spent; ``POST`` adds one or a list
  of them, ``DELETE`` drops all. A fault is an object of the fields of `Fault`.
* ``POST /_sim/counters/reset`` opens new rate windows.
* ``GET /_sim/requests`` lists what was asked, optionally ``?endpoint=amber.prices``;
  ``DELETE`` forgets it.
"""

from collections.abc import Callable
from dataclasses import asdict, fields
from datetime import UTC, datetime
from typing import Any

import orjson
from aiohttp import web

from .amber.limits import RateLimits
from .faults.fault import Fault, FaultAction
from .faults.plan import FaultPlan
from .replies import json_reply
from .request_log import RequestLog
from .settable_clock import SettableClock

_FIELDS = {field.name for field in fields(Fault)}
_FIXED = "This simulator's clock cannot be set: it was started without a SettableClock."

_NONE = type(None)
_NUMBERS = (int, float)
_TYPES: dict[str, tuple[type, ...]] = {
    "endpoint": (str, _NONE),
    "owner": (str, _NONE),
    "nth": (int,),
    "probability": _NUMBERS,
    "count": (int, _NONE),
    "param": (str, _NONE),
    "options": (dict,),
}


class BadControlError(ValueError):
    """A control request that cannot be carried out; says why."""


class Control:
    """Changes a running simulator.

    Args:
        now: The simulated clock.
        clock: The same, if it can be set.
        faults: The plan of both utilities.
        requests: The log of both utilities.
        limits: Amber's counters.
    """

    def __init__(
        self,
        now: Callable[[], datetime],
        clock: SettableClock | None,
        faults: FaultPlan,
        requests: RequestLog,
        limits: RateLimits,
    ) -> None:
        self._now = now
        self._clock = clock
        self._faults = faults
        self._requests = requests
        self._limits = limits

    def routes(self) -> list[web.RouteDef]:
        """Return the routes below ``/_sim``."""
        return [
            web.get("/_sim/clock", self._get_clock),
            web.post("/_sim/clock", self._set_clock),
            web.get("/_sim/faults", self._get_faults),
            web.post("/_sim/faults", self._add_faults),
            web.delete("/_sim/faults", self._clear_faults),
            web.post("/_sim/counters/reset", self._reset_counters),
            web.get("/_sim/requests", self._get_requests),
            web.delete("/_sim/requests", self._clear_requests),
        ]

    async def _get_clock(self, request: web.Request) -> web.Response:
        return _reply(request, {"now": self._now().isoformat()})

    async def _set_clock(self, request: web.Request) -> web.Response:
        if self._clock is None:
            return _reply(request, {"message": _FIXED}, status=409)
        try:
            _move(self._clock, orjson.loads(await request.read()))
        except ValueError as err:
            return _reply(request, {"message": str(err)}, status=400)
        return await self._get_clock(request)

    async def _get_faults(self, request: web.Request) -> web.Response:
        return _reply(request, [asdict(fault) for fault in self._faults.pending()])

    async def _add_faults(self, request: web.Request) -> web.Response:
        try:
            body = orjson.loads(await request.read())
            faults = [
                read_fault(item)
                for item in (body if isinstance(body, list) else [body])
            ]
        except ValueError as err:
            return _reply(request, {"message": str(err)}, status=400)
        self._faults.add(*faults)
        return await self._get_faults(request)

    async def _clear_faults(self, request: web.Request) -> web.Response:
        self._faults.clear()
        return await self._get_faults(request)

    async def _reset_counters(self, _request: web.Request) -> web.Response:
        self._limits.reset()
        return web.Response(status=204)

    async def _get_requests(self, request: web.Request) -> web.Response:
        endpoint = request.query.get("endpoint")
        answer = [
            asdict(entry)
            for entry in self._requests
            if endpoint in (None, entry.endpoint)
        ]
        return _reply(request, answer)

    async def _clear_requests(self, _request: web.Request) -> web.Response:
        self._requests.clear()
        return web.Response(status=204)


def read_fault(item: Any) -> Fault:
    """Return the fault that a JSON object describes.

    Raises:
        BadControlError: If it is none; names the field.
    """
    if not isinstance(item, dict):
        raise BadControlError("a fault is an object")
    if unknown := item.keys() - _FIELDS:
        raise BadControlError(f"a fault has no {', '.join(sorted(unknown))}")
    try:
        action = FaultAction(str(item.get("action")))
    except ValueError as err:
        known = ", ".join(FaultAction)
        raise BadControlError(f"action must be one of {known}") from err
    for name, kinds in _TYPES.items():
        if name in item and type(item[name]) not in kinds:
            raise BadControlError(f"{name} has the wrong type")
    return Fault(**{**item, "action": action})


def _move(clock: SettableClock, body: Any) -> None:
    match body:
        case {"now": str(text), **rest} if not rest:
            at = datetime.fromisoformat(text)
            if at.tzinfo is None:
                raise BadControlError("now needs an offset, such as Z")
            clock.set(at.astimezone(UTC))
        case {"advance": seconds, **rest} if type(seconds) in _NUMBERS and not rest:
            clock.advance(seconds)
        case _:
            raise BadControlError('send {"now": "..."} or {"advance": seconds}')


def _reply(request: web.Request, answer: Any, status: int = 200) -> web.Response:
    return json_reply(request, orjson.dumps(answer), status=status)
