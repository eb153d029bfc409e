"""``/api/export``: whole sets of data as files of any length."""

from collections.abc import Callable, Generator, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from typing import Any

import voluptuous as vol
from aiohttp import web
from aiohttp.typedefs import Handler

from energy_logger_server.domain.collecting.ledger import Kind
from energy_logger_server.store.amber.export_costs import export_costs
from energy_logger_server.store.amber.export_intervals import SiteSeries
from energy_logger_server.store.amber.export_prices import (
    export_archived_price_forecasts,
    export_price_forecasts,
    export_prices,
)
from energy_logger_server.store.amber.export_usage import export_usage
from energy_logger_server.store.amber.prices import is_known_site
from energy_logger_server.store.db.stream import ReadTransaction
from energy_logger_server.store.kamo.areas import area_named
from energy_logger_server.store.kamo.export_load import export_loads
from energy_logger_server.store.kamo.export_load_forecasts import (
    export_archived_load_forecasts,
    export_load_forecasts,
)
from energy_logger_server.store.kamo.export_substations import export_readings
from energy_logger_server.store.kamo.substations import is_known
from energy_logger_server.store.records import KnownArea
from energy_logger_server.web.datasets import fields as wire
from energy_logger_server.web.datasets.columns import Columns, names_of
from energy_logger_server.web.datasets.costs import COSTS
from energy_logger_server.web.datasets.load import LOAD, LOAD_FORECASTS
from energy_logger_server.web.datasets.lookups import (
    check_channel,
    find_area,
    find_site,
    name_in_path,
)
from energy_logger_server.web.datasets.prices import FORECASTS, PRICES
from energy_logger_server.web.datasets.substations import SUBSTATIONS
from energy_logger_server.web.datasets.usage import USAGE
from energy_logger_server.web.deps import deps_of
from energy_logger_server.web.http.checks import Flag, SomeText
from energy_logger_server.web.http.errors import contradiction, unknown
from energy_logger_server.web.http.history_query import AMBER, KAMO, OPEN_END
from energy_logger_server.web.http.operation import Answer, Group, Operation
from energy_logger_server.web.http.rows import Format

from .cells import CellKinds, csv_style, json_style
from .query import (
    FILE_TYPES,
    ExportQuery,
    FileFormat,
    export_schema,
    last_nem_days,
    read_export,
)
from .reply import GZIP, export_reply, file_name
from .schema import (
    COST_EXPORT,
    FORECAST_EXPORT,
    LOAD_EXPORT,
    PRICE_EXPORT,
    SUBSTATION_EXPORT,
    USAGE_EXPORT,
)
from .workbook_place import Sheets
from .writing import gzipped, written_rows

_HOUR_S = 3600
_CHANNEL = {"channel": SomeText()}
_SUBSTATION = {"substation": SomeText()}
_EVERY_FORECAST = tuple(
    dict.fromkeys((*names_of(FORECASTS), *names_of(LOAD_FORECASTS)))
)


def export_operations() -> tuple[Operation, ...]:
    """Return what is below ``/api/export``."""
    return (
        _operation(
            "load/{area}",
            _load,
            "Export an area's hourly loads.",
            export_schema(names_of(LOAD)),
            LOAD_EXPORT,
        ),
        _operation(
            "substations/{area}",
            _substations,
            "Export every reading of an area's substations.",
            export_schema(names_of(SUBSTATIONS), _SUBSTATION),
            SUBSTATION_EXPORT,
        ),
        _operation(
            "prices/{site}",
            _prices,
            "Export a site's prices, also those of intervals that have only begun.",
            export_schema(names_of(PRICES), _CHANNEL),
            PRICE_EXPORT,
        ),
        _operation(
            "usage/{site}",
            _usage,
            "Export a site's usage by interval and register.",
            export_schema(names_of(USAGE), _CHANNEL),
            USAGE_EXPORT,
        ),
        _operation(
            "costs/{site}",
            _costs,
            "Export a site's energy and cost by NEM date and register.",
            export_schema(names_of(COSTS), _CHANNEL, has_times=False),
            COST_EXPORT,
        ),
        _operation(
            "forecasts/{owner}",
            _forecasts,
            "Export what is expected of a site's prices or an area's loads.",
            export_schema(_EVERY_FORECAST, {**_CHANNEL, "archive": Flag()}),
            FORECAST_EXPORT,
        ),
    )


def _operation(
    path: str, handler: Handler, summary: str, query: vol.Schema, answer: object
) -> Operation:
    return Operation(
        path=f"/api/export/{path}",
        handler=handler,
        summary=summary,
        group=Group.EXPORTS,
        query=query,
        answer=Answer(
            description="A file, ascending in time; 404 when it would be empty.",
            schema=answer,
            media_types=(*FILE_TYPES.values(), GZIP),
        ),
        errors=(HTTPStatus.UNPROCESSABLE_ENTITY,),
        is_stream=True,
    )


@dataclass(frozen=True, slots=True)
class _Subject:
    """Whose data: its part of the file's name, and how its JSON begins."""

    name: str
    fields: Mapping[str, Any]


async def _load(request: web.Request) -> web.StreamResponse:
    area = await find_area(request)
    now = deps_of(request).clock.now()
    wanted = read_export(request, KAMO, names_of(LOAD), now)
    return await _export(
        request,
        wanted,
        ("load", _of_area(area)),
        LOAD,
        partial(export_loads, area_id=area.area_id, span=wanted.span),
    )


async def _substations(request: web.Request) -> web.StreamResponse:
    area = await find_area(request)
    now = deps_of(request).clock.now()
    wanted = read_export(request, KAMO, names_of(SUBSTATIONS), now)
    name: str | None = wanted.others.get("substation")
    if name is not None and not await deps_of(request).store.read(
        is_known, area.area_id, name
    ):
        raise unknown("substation", f"{area.name} has no substation {name!r}")
    return await _export(
        request,
        wanted,
        ("substations", _of_area(area)),
        SUBSTATIONS,
        partial(export_readings, area_id=area.area_id, span=wanted.span, name=name),
    )


async def _prices(request: web.Request) -> web.StreamResponse:
    site_id = await find_site(request)
    now = deps_of(request).clock.now()
    wanted = read_export(request, AMBER, names_of(PRICES), now)
    first, end = wanted.span
    if end == OPEN_END:
        # what is expected of later intervals is a forecast
        end = int(now.timestamp()) + 1
    series = await _series(request, Kind.PRICE, site_id, wanted)
    return await _export(
        request,
        wanted,
        ("prices", _of_site(site_id)),
        PRICES,
        partial(export_prices, series=series, span=(first, end)),
    )


async def _usage(request: web.Request) -> web.StreamResponse:
    site_id = await find_site(request)
    now = deps_of(request).clock.now()
    wanted = read_export(request, AMBER, names_of(USAGE), now)
    series = await _series(request, Kind.USAGE, site_id, wanted)
    return await _export(
        request,
        wanted,
        ("usage", _of_site(site_id)),
        USAGE,
        partial(export_usage, series=series, span=wanted.span),
    )


async def _costs(request: web.Request) -> web.StreamResponse:
    site_id = await find_site(request)
    now = deps_of(request).clock.now()
    wanted = read_export(request, AMBER, names_of(COSTS), now, has_times=False)
    span = last_nem_days(wanted, request, now)
    series = await _series(request, Kind.USAGE, site_id, wanted)
    return await _export(
        request,
        wanted,
        ("costs", _of_site(site_id)),
        COSTS,
        partial(export_costs, series=series, span=span),
    )


async def _forecasts(request: web.Request) -> web.StreamResponse:
    """Answer for an area if one has that name, else for a site: no name is both."""
    name = name_in_path(request, "owner")
    store = deps_of(request).store
    area = await store.read(area_named, name)
    if area is not None:
        return await _load_forecasts(request, area)
    if await store.read(is_known_site, name):
        return await _price_forecasts(request, name)
    raise unknown(
        "owner",
        f"there is no area or site {name!r}: see /api/cooperatives and /api/sites",
    )


async def _load_forecasts(request: web.Request, area: KnownArea) -> web.StreamResponse:
    now = deps_of(request).clock.now()
    wanted = read_export(request, KAMO, names_of(LOAD_FORECASTS), now)
    if "channel" in wanted.others:
        raise contradiction("channel", "is for sites, and this is an area")
    first, end = wanted.span
    blocks = export_load_forecasts
    if wanted.others.get("archive"):
        blocks = export_archived_load_forecasts
    elif wanted.is_unbounded:
        # those of the past only if somebody asks for them
        first = int(now.timestamp()) // _HOUR_S * _HOUR_S
    return await _export(
        request,
        wanted,
        ("forecasts", _of_area(area)),
        LOAD_FORECASTS,
        partial(blocks, area_id=area.area_id, span=(first, end)),
    )


async def _price_forecasts(request: web.Request, site_id: str) -> web.StreamResponse:
    now = deps_of(request).clock.now()
    wanted = read_export(request, AMBER, names_of(FORECASTS), now)
    series = await _series(request, Kind.PRICE, site_id, wanted)
    blocks = partial(export_archived_price_forecasts, series=series, span=wanted.span)
    if not wanted.others.get("archive"):
        blocks = partial(
            export_price_forecasts,
            series=series,
            span=wanted.span,
            now=int(now.timestamp()),
        )
    return await _export(
        request,
        wanted,
        ("forecasts", _of_site(site_id)),
        FORECASTS,
        blocks,
    )


async def _export[Rows](
    request: web.Request,
    wanted: ExportQuery,
    of: tuple[str, _Subject],
    columns: Columns[Any, Rows],
    blocks: Callable[[ReadTransaction], Iterable[Rows]],
) -> web.StreamResponse:
    """Send rows as they are wanted; ``of`` says of what kind and whose they are."""
    kind, subject = of
    now = deps_of(request).clock.now()
    by_name = {column.name: column for column in columns}
    chosen = tuple(by_name[name] for name in wanted.columns)
    folder = deps_of(request).export_folder
    fields = {**subject.fields, "exported_at": wire.utc_text(now)}

    def make(read: ReadTransaction) -> Generator[bytes]:
        rows = blocks(read)
        if wanted.form is FileFormat.XLSX:
            # loads the library that writes workbooks
            from .workbook import workbook_chunks  # noqa: PLC0415

            sheets = Sheets(folder=folder, name=kind, zone=wanted.zone)
            return workbook_chunks(sheets, chosen, rows)
        return _text_chunks(wanted, chosen, rows, fields)

    return await export_reply(request, file_name(kind, subject.name, now), wanted, make)


def _text_chunks[Rows](
    wanted: ExportQuery,
    columns: Columns[Any, Rows],
    blocks: Iterable[Rows],
    fields: Mapping[str, Any],
) -> Generator[bytes]:
    form = Format(wanted.form.value)
    style = json_style()
    if form is Format.CSV:
        style = csv_style(is_only_column=len(columns) == 1, is_raw=wanted.is_raw)
    cells = CellKinds(style, wanted.zone)
    chunks = written_rows(form, columns, cells, blocks, fields)
    yield from gzipped(chunks) if wanted.is_gzip else chunks


def _of_area(area: KnownArea) -> _Subject:
    return _Subject(area.abbreviation, wire.area_fields(area))


def _of_site(site_id: str) -> _Subject:
    return _Subject(site_id, {"site_id": site_id})


async def _series(
    request: web.Request, kind: Kind, site_id: str, wanted: ExportQuery
) -> SiteSeries:
    channel: str | None = wanted.others.get("channel")
    await check_channel(request, kind, site_id, channel)
    return SiteSeries(site_id, channel)
