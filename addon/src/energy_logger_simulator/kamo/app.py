"""The simulated KAMO's pages: paths, faults, request log."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from email.utils import format_datetime

import orjson
from aiohttp import hdrs, web

from energy_logger_simulator.faults.edits import Edit
from energy_logger_simulator.faults.fault import FaultAction
from energy_logger_simulator.faults.plan import FaultPlan
from energy_logger_simulator.replies import json_reply
from energy_logger_simulator.request_log import RequestLog

from .answers import kamo_answers
from .config import KamoConfig
from .edits import GRID_EDITS, TABLE_EDITS


def kamo_routes(
    config: KamoConfig,
    now: Callable[[], datetime],
    faults: FaultPlan,
    requests: RequestLog,
) -> list[web.RouteDef]:
    """Return the routes below ``/kamo/api``; like KAMO's own they need no key.

    Args:
        config: What to answer.
        now: The simulated clock, aware.
        faults: Takes ``kamo.area``, ``kamo.areagrid`` and ``kamo.arealoadtable``; the
            owner of the latter two is the area's number as text.
        requests: Gets every request.
    """
    pages = _Pages(config, now, faults, requests)
    return [
        web.get("/kamo/api/area", pages.area),
        web.get("/kamo/api/areagrid/{id}", pages.areagrid),
        web.get("/kamo/api/arealoadtable/{id}", pages.arealoadtable),
    ]


class _Pages:
    def __init__(
        self,
        config: KamoConfig,
        now: Callable[[], datetime],
        faults: FaultPlan,
        requests: RequestLog,
    ) -> None:
        self._answers = kamo_answers(config, now)
        self._now = now
        self._faults = faults
        self._requests = requests

    async def area(self, request: web.Request) -> web.StreamResponse:
        self._requests.record(request, "kamo.area")
        fault = self._faults.take("kamo.area", params=request.query)
        body = self._answers.area_list()
        return await self._faults.apply(fault, request, body, headers=self._dated())

    async def areagrid(self, request: web.Request) -> web.StreamResponse:
        return await self._of_area(
            request, "kamo.areagrid", self._answers.grid, GRID_EDITS
        )

    async def arealoadtable(self, request: web.Request) -> web.StreamResponse:
        return await self._of_area(
            request, "kamo.arealoadtable", self._answers.table, TABLE_EDITS
        )

    async def _of_area(
        self,
        request: web.Request,
        endpoint: str,
        answer: Callable[[int], bytes | None],
        edits: Mapping[FaultAction, Edit],
    ) -> web.StreamResponse:
        asked_id = request.match_info["id"]
        self._requests.record(request, endpoint, asked_id)
        body = answer(int(asked_id)) if asked_id.isdecimal() else None
        if body is None:
            body = orjson.dumps({"message": f"No area {asked_id}"})
            return json_reply(request, body, status=404, headers=self._dated())
        fault = self._faults.take(endpoint, asked_id, request.query)
        return await self._faults.apply(
            fault, request, body, headers=self._dated(), edits=edits
        )

    def _dated(self) -> dict[str, str]:
        return {hdrs.DATE: format_datetime(self._now().astimezone(UTC), usegmt=True)}
