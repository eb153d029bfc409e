"""Client of KAMO's API, or of our own server's mirror of it."""

from collections.abc import Callable, Mapping, Sized
from datetime import datetime

import aiohttp

from . import endpoints
from .errors import SourceUnreadable
from .exact_json import JsonValue
from .fields import check_readable
from .http import HttpAnswer, get_json
from .kamo_models import Area, AreaGrid, SubstationTable
from .kamo_parse import (
    AgreementError,
    parse_area_grid,
    parse_areas,
    parse_substations,
)
from .models import Answer, RejectedRecord
from .response_headers import read_http_date

_SOURCE = "kamo"


class KamoClient:
    """Fetches areas, their hourly load and their substations; needs no key.

    Every method raises the errors of ``http.get_json``, and ``SourceUnreadable`` when
    an answer has content but none that can be read. Trying again is for its caller to
    plan.
    """

    def __init__(
        self,
        session: aiohttp.ClientSession,
        *,
        now: Callable[[], datetime],
        base_url: str | None = None,
        timeout_s: float = 30.0,
    ) -> None:
        """Keep what every request needs; asks nothing yet.

        Args:
            session: Whose connections to use; it stays the caller's.
            now: Clock, UTC.
            base_url: None for the public API.
            timeout_s: Limit for one request, seconds.
        """
        self._session = session
        self._now = now
        self._base_url = base_url
        self._timeout_s = timeout_s

    async def fetch_areas(self) -> Answer[Area]:
        """Return all cooperatives and aggregates."""
        path = "/area"
        answer = await self._get(path)
        records, rejected = _agreed(path, answer, parse_areas)
        _check_readable(path, answer, records, rejected)
        return Answer(
            records=records,
            rejected=rejected,
            fetched_at=answer.fetched_at,
            last_modified=_last_modified(answer),
            server_time=answer.server_time,
        )

    async def fetch_area_grid(
        self, area_id: int, *, hours: int | None = None
    ) -> AreaGrid:
        """Return an area's hourly load, measured and forecast.

        Args:
            area_id: KAMO's number of the area.
            hours: How far to look back; only our own server knows this parameter,
                KAMO itself always gives about 12 hours.
        """
        path = f"/areagrid/{area_id}"
        answer = await self._get(path, {} if hours is None else {"hours": str(hours)})
        grid = _agreed(path, answer, lambda value: parse_area_grid(value, area_id))
        points = [point for line in grid.series for point in line.points]
        _check_readable(path, answer, points, grid.rejected)
        return AreaGrid(
            area_id=area_id,
            series=grid.series,
            rejected=grid.rejected,
            fetched_at=answer.fetched_at,
            raw=grid.raw,
            last_modified=_last_modified(answer),
            server_time=answer.server_time,
        )

    async def fetch_substations(self, area_id: int) -> SubstationTable:
        """Return the present reading of an area's substations.

        Args:
            area_id: KAMO's number of the area; aggregates have no substations.
        """
        path = f"/arealoadtable/{area_id}"
        answer = await self._get(path)
        table = _agreed(path, answer, lambda value: parse_substations(value, area_id))
        _check_readable(path, answer, table.readings, table.rejected)
        return SubstationTable(
            area_id=area_id,
            readings=table.readings,
            rejected=table.rejected,
            fetched_at=answer.fetched_at,
            raw=table.raw,
            last_modified=_last_modified(answer),
            server_time=answer.server_time,
        )

    async def _get(
        self, path: str, params: Mapping[str, str] | None = None
    ) -> HttpAnswer:
        base_url = self._base_url or endpoints.KAMO_BASE_URL
        return await get_json(
            self._session,
            f"{base_url.rstrip('/')}{path}",
            source=_SOURCE,
            path=path,
            now=self._now,
            params=params,
            timeout_s=self._timeout_s,
        )


def _agreed[Parsed](
    path: str, answer: HttpAnswer, parse: Callable[[JsonValue], Parsed]
) -> Parsed:
    try:
        return parse(answer.json)
    except AgreementError as err:
        sample = answer.sample
        raise SourceUnreadable(_SOURCE, path, str(err), sample=sample) from err


def _check_readable(
    path: str,
    answer: HttpAnswer,
    records: Sized,
    rejected: tuple[RejectedRecord, ...],
) -> None:
    check_readable(_SOURCE, path, records, rejected, sample=answer.sample)


def _last_modified(answer: HttpAnswer) -> datetime | None:
    return read_http_date(answer.headers.get("Last-Modified"))
