"""What goes wrong on purpose: which request gets which fault.

Both halves of the simulator use the same plan and know nothing of each other::

    fault = faults.take("kamo.areagrid", "7")
    return await faults.apply(fault, request, body)

``take`` names the endpoint and whom the request is about (None: all of them); it
returns the fault that this request gets, or None. ``apply`` makes the reply, with or
without a fault, from the normal answer (JSON bytes). Headers of the normal answer
(``RateLimit-*``, another ``Content-Type``) go in ``headers``. Actions that edit records
work on any JSON list of objects; an endpoint with edits of its own passes ``edits``,
which go before the general ones.

Endpoints: ``amber.sites``, ``amber.prices``, ``amber.current``, ``amber.usage``,
``amber.renewables``, ``kamo.area``, ``kamo.areagrid``, ``kamo.arealoadtable``.
"""

import asyncio
import json
from collections.abc import Container, Mapping
from dataclasses import dataclass

from aiohttp import web

from energy_logger_simulator.keyed_hash import Draw, draw
from energy_logger_simulator.replies import json_reply

from .answers import FAULT_ANSWERS
from .edits import GENERAL_EDITS, Edit
from .fault import Fault, FaultAction


class InapplicableFaultError(ValueError):
    """The plan gave an endpoint a fault that makes no sense there: a test's mistake."""


@dataclass(slots=True)
class _Rule:
    fault: Fault
    uniform: Draw
    seen: int = 0
    befallen: int = 0

    def befalls_next(self) -> bool:
        """Count one matching request and say whether it is hit."""
        self.seen += 1
        fault = self.fault
        if self.seen < fault.nth or self.is_spent():
            return False
        return self.uniform(self.seen) < fault.probability

    def is_spent(self) -> bool:
        return self.fault.count is not None and self.befallen >= self.fault.count


class FaultPlan:
    """The faults to come. Does not know what an answer is about.

    Among several rules that match a request the one added first wins; the others
    count the request but keep their shot.

    Args:
        seed: Decides which requests a fault with a probability befalls.
    """

    def __init__(self, *, seed: int = 0) -> None:
        self._seed = seed
        self._added = 0
        self._rules: list[_Rule] = []
        self._stopped = asyncio.Event()

    def add(self, *faults: Fault) -> None:
        """Add rules behind those that are there."""
        for fault in faults:
            self._added += 1
            self._rules.append(_Rule(fault, draw(self._seed, f"fault/{self._added}")))

    def clear(self) -> None:
        """Drop all rules; requests that hang already go on hanging."""
        self._rules.clear()

    def pending(self) -> tuple[Fault, ...]:
        """Return the rules that are not spent, in their order."""
        return tuple(rule.fault for rule in self._rules if not rule.is_spent())

    def take(
        self, endpoint: str, owner: str | None = None, params: Container[str] = ()
    ) -> Fault | None:
        """Return the fault that this request gets, and count it.

        Args:
            endpoint: What is asked.
            owner: Whom it is about; None: all.
            params: Names of the query's parameters.
        """
        taken = None
        for rule in self._rules:
            if not rule.fault.matches(endpoint, owner, params):
                continue
            if rule.befalls_next() and taken is None:
                taken = rule
        if taken is None:
            return None
        taken.befallen += 1
        return taken.fault

    async def apply(
        self,
        fault: Fault | None,
        request: web.Request,
        body: bytes,
        *,
        headers: Mapping[str, str] | None = None,
        edits: Mapping[FaultAction, Edit] | None = None,
    ) -> web.StreamResponse:
        """Return the reply to a request that would normally be answered by ``body``.

        Raises:
            InapplicableFaultError: If the endpoint has no such edit.
        """
        headers = headers or {}
        if fault is None:
            return json_reply(request, body, headers=headers)
        if fault.action is FaultAction.TIMEOUT:
            await self._stopped.wait()
            raise web.HTTPServiceUnavailable
        answer = FAULT_ANSWERS.get(fault.action)
        if answer is not None:
            return await answer(fault, request, body, headers)
        edit = (edits or {}).get(fault.action) or GENERAL_EDITS.get(fault.action)
        if edit is None:
            raise InapplicableFaultError(f"{fault.action} of {request.path}")
        edited = edit(json.loads(body), fault)
        # the fast writer has no NaN
        sent = json.dumps(edited, separators=(",", ":")).encode()
        return json_reply(request, sent, headers=headers)

    async def hold(self, _app: web.Application) -> None:
        """Let requests hang from now on; an ``on_startup`` signal handler."""
        self._stopped = asyncio.Event()

    async def release(self, _app: web.Application) -> None:
        """End the requests that hang: the server stops; for ``on_shutdown``."""
        self._stopped.set()
