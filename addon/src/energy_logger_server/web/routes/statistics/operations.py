"""``/api/statistics``: figures of whole hours, and what of them changed since.

Made for those who keep a copy: every answer has a cursor that leads to what is added
or revised later. Hours are in the order of change.
"""

from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus

from aiohttp import web

from energy_logger_server.store.db.reader import Reader
from energy_logger_server.store.runs.state_mark import (
    StateMark,
    has_grown_from,
    mark_state,
)
from energy_logger_server.store.statistics.hour_feed import (
    START,
    FeedCursor,
    HourPage,
    HoursWanted,
)
from energy_logger_server.store.statistics.read import (
    LoadMeanHour,
    PriceHour,
    SubstationHour,
    UsageHour,
    load_hours,
    price_hours,
    substation_hours,
    usage_hours,
)
from energy_logger_server.web.datasets.fields import AreaAnswer, area_fields, utc_text
from energy_logger_server.web.datasets.lookups import find_area, find_site
from energy_logger_server.web.deps import deps_of
from energy_logger_server.web.http.errors import contradiction
from energy_logger_server.web.http.history_query import (
    AMBER,
    KAMO,
    SourceCalendar,
    read_history,
)
from energy_logger_server.web.http.operation import Access, Answer, Group, Operation
from energy_logger_server.web.http.page_cursor import (
    ListOrder,
    is_count,
    is_milliseconds,
    next_link,
)
from energy_logger_server.web.http.parameters import query_of
from energy_logger_server.web.http.reply import body_reply, json_body
from energy_logger_server.web.routes.substations import check_substation

from .answers import (
    OF_AREA,
    OF_SITE,
    OF_SUBSTATIONS,
    AreaHoursAnswer,
    HourAnswer,
    HoursAnswer,
    LoadHourAnswer,
    PriceHourAnswer,
    SiteAnswer,
    SiteHoursAnswer,
    SubstationHourAnswer,
    UsageHourAnswer,
)

_HOUR_S = 3600
_FACTOR_DIGITS = 4
_LOST = (
    "was made in a state that this store has lost, as by restoring a backup: begin "
    "without it"
)
_CONTRADICTION = (HTTPStatus.UNPROCESSABLE_ENTITY,)


def statistics_operations() -> tuple[Operation, ...]:
    """Return what is below ``/api/statistics``."""
    return (
        Operation(
            path="/api/statistics/price/{site}",
            handler=_price,
            summary="List hourly settled prices of a site, and what changed since.",
            group=Group.STATISTICS,
            query=OF_SITE,
            answer=Answer(
                description="Hours that are over, by channel.",
                schema=SiteHoursAnswer[PriceHourAnswer],
            ),
            errors=_CONTRADICTION,
        ),
        Operation(
            path="/api/statistics/usage/{site}",
            handler=_usage,
            summary="List hourly usage and cost of a site, and what changed since.",
            group=Group.STATISTICS,
            query=OF_SITE,
            answer=Answer(
                description="Hours that are over, by register.",
                schema=SiteHoursAnswer[UsageHourAnswer],
            ),
            errors=_CONTRADICTION,
        ),
        Operation(
            path="/api/statistics/load/{area}",
            handler=_load,
            summary="List hourly loads of an area, and what changed since.",
            group=Group.STATISTICS,
            query=OF_AREA,
            answer=Answer(
                description="Hours that are over.",
                schema=AreaHoursAnswer[LoadHourAnswer],
            ),
            access=Access.PUBLIC,
            errors=_CONTRADICTION,
        ),
        Operation(
            path="/api/statistics/substations/{area}",
            handler=_substations,
            summary="List hourly figures of substations, and what changed since.",
            group=Group.STATISTICS,
            query=OF_SUBSTATIONS,
            answer=Answer(
                description="Hours that are over, by substation.",
                schema=AreaHoursAnswer[SubstationHourAnswer],
            ),
            access=Access.PUBLIC,
            errors=_CONTRADICTION,
        ),
    )


@dataclass(frozen=True, slots=True)
class _Shown[Hour]:
    """How one kind of hour is read and shown.

    Attributes:
        order: Of its hours: change, hour, series, the hour that was running, and the
            mark of the state in which the place was reached.
        head: How the answer begins.
        read: Reads a page; gets a reader's connection.
        fields_of: One hour in JSON.
    """

    order: ListOrder
    head: SiteAnswer | AreaAnswer
    read: Callable[[Reader, HoursWanted], HourPage[Hour]]
    fields_of: Callable[[Hour], HourAnswer]


async def _price(request: web.Request) -> web.Response:
    site_id = await find_site(request)
    shown = _Shown(
        _order("price", site_id),
        {"site_id": site_id},
        lambda connection, wanted: price_hours(connection, site_id, wanted),
        _price_fields,
    )
    return await _answer(request, AMBER, shown)


async def _usage(request: web.Request) -> web.Response:
    site_id = await find_site(request)
    shown = _Shown(
        _order("usage", site_id),
        {"site_id": site_id},
        lambda connection, wanted: usage_hours(connection, site_id, wanted),
        _usage_fields,
    )
    return await _answer(request, AMBER, shown)


async def _load(request: web.Request) -> web.Response:
    area = await find_area(request)
    shown = _Shown(
        _order("load", area.area_id),
        area_fields(area),
        lambda connection, wanted: load_hours(connection, area.area_id, wanted),
        _load_fields,
    )
    return await _answer(request, KAMO, shown)


async def _substations(request: web.Request) -> web.Response:
    area = await find_area(request)
    name: str | None = query_of(request).get("substation")
    if name is not None:
        await check_substation(request, area, name)
    shown = _Shown(
        _order("substations", area.area_id),
        area_fields(area),
        lambda connection, wanted: substation_hours(
            connection, area.area_id, wanted, name
        ),
        _substation_fields,
    )
    return await _answer(request, KAMO, shown)


async def _answer[Hour](
    request: web.Request, feed: SourceCalendar, shown: _Shown[Hour]
) -> web.Response:
    deps = deps_of(request)
    now = deps.clock.now()
    history = read_history(request, feed, now, of="statistics")
    since, seen = START, None
    if "since" in query_of(request):
        change_id, hour, series_id, running, *mark = shown.order.values(
            query_of(request)["since"], "since"
        )
        since = FeedCursor((change_id, hour, series_id), running)
        seen = StateMark(*mark)
    wanted = HoursWanted(
        since=since,
        first=history.first,
        end=history.end,
        running=int(now.timestamp()) // _HOUR_S,
        limit=history.limit,
    )

    def page(connection: Reader) -> tuple[bytes, str | None]:
        """Return the body and the cursor; made in the reader's thread."""
        if seen is not None and not has_grown_from(connection, seen):
            raise contradiction("since", _LOST)
        found = shown.read(connection, wanted)
        mark = seen
        if mark is None or found.cursor.place != since.place:
            mark = mark_state(connection, int(now.timestamp()))
        cursor = shown.order.cursor((*found.cursor.place, found.cursor.running, *mark))
        hours: HoursAnswer[HourAnswer] = {
            "data": [shown.fields_of(hour) for hour in found.hours],
            "count": len(found.hours),
            "truncated": found.is_truncated,
            "cursor": cursor,
        }
        body = json_body({**shown.head, **hours})
        return body, cursor if found.is_truncated else None

    body, more = await deps.store.read(page)
    link = {} if more is None else next_link(request.query.items(), since=more)
    return body_reply(body, headers=link)


def _order(kind: str, owner: str | int) -> ListOrder:
    return ListOrder(f"statistics/{kind}/{owner}", (*(is_count,) * 6, is_milliseconds))


def _price_fields(hour: PriceHour) -> PriceHourAnswer:
    return {
        "start": utc_text(hour.start_at),
        "channel_type": hour.channel_type,
        "mean_cents_per_kwh": hour.mean_cents_per_kwh,
        "min_cents_per_kwh": hour.min_cents_per_kwh,
        "max_cents_per_kwh": hour.max_cents_per_kwh,
        "mean_aud_per_kwh": hour.mean_aud_per_kwh,
        "minutes": hour.minutes,
        "intervals": hour.intervals,
    }


def _usage_fields(hour: UsageHour) -> UsageHourAnswer:
    return {
        "start": utc_text(hour.start_at),
        "channel_identifier": hour.channel_identifier,
        "channel_type": hour.channel_type,
        "energy_kwh": hour.energy_kwh,
        "cost_cents": hour.cost_cents,
        "cost_aud": hour.cost_aud,
        "minutes": hour.minutes,
        "estimated_minutes": hour.estimated_minutes,
        "unpriced_minutes": hour.unpriced_minutes,
    }


def _load_fields(hour: LoadMeanHour) -> LoadHourAnswer:
    return {
        "start": utc_text(hour.start_at),
        "mean_kw": hour.mean_kw,
        "is_settled": hour.is_settled,
    }


def _substation_fields(hour: SubstationHour) -> SubstationHourAnswer:
    factor = hour.power_factor
    return {
        "start": utc_text(hour.start_at),
        "substation_name": hour.name,
        "mean_kw": hour.mean_kw,
        "min_kw": hour.min_kw,
        "max_kw": hour.max_kw,
        "mean_kvar": hour.mean_kvar,
        "power_factor": None if factor is None else round(factor, _FACTOR_DIGITS),
        "readings": hour.readings,
    }
