"""What of a set of data an export is asked for, and how it is to be written."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from enum import StrEnum
from math import ceil, floor
from typing import Any

import voluptuous as vol
from aiohttp import web

from energy_logger_server.api.nem import nem_day_start
from energy_logger_server.web.datasets.nem_dates import DAYS, last_days
from energy_logger_server.web.deps import deps_of
from energy_logger_server.web.http.checks import OneOf, SomeOf
from energy_logger_server.web.http.errors import contradiction
from energy_logger_server.web.http.history_query import (
    AMBER,
    OPEN_END,
    OPEN_START,
    Moment,
    SourceCalendar,
)
from energy_logger_server.web.http.parameters import last_hours, query_of
from energy_logger_server.web.http.rows import CSV, JSON, NDJSON, RAW, XLSX, Format
from energy_logger_server.web.http.zone import Zone

_DAY = timedelta(days=1)
_DAY_HOURS = 24
_OWN = frozenset(
    {"format", "raw", "start", "end", "days", "tz", "columns", "compression"}
)


class FileFormat(StrEnum):
    """What an export is written in."""

    JSON = Format.JSON.value
    CSV = Format.CSV.value
    NDJSON = Format.NDJSON.value
    XLSX = "xlsx"


FILE_TYPES: Mapping[FileFormat, str] = {
    FileFormat.JSON: JSON,
    FileFormat.CSV: CSV,
    FileFormat.NDJSON: NDJSON,
    FileFormat.XLSX: XLSX,
}
"""The media type of each."""


class Compression(StrEnum):
    """How an export is packed."""

    GZIP = "gzip"


@dataclass(frozen=True, slots=True)
class ExportQuery:
    """What an export is to hold.

    Attributes:
        form: What it is written in.
        is_raw: Whether its CSV has texts that a spreadsheet would run.
        columns: Their names, in order, each once.
        is_gzip: Whether it is packed.
        zone: In which times are shown.
        span: First instant and the one past the last, epoch seconds; ``OPEN_START``
            and ``OPEN_END`` without a bound.
        others: Further parameters, checked.
    """

    form: FileFormat
    is_raw: bool
    columns: tuple[str, ...]
    is_gzip: bool
    zone: tzinfo
    span: tuple[int, int]
    others: Mapping[str, Any]

    @property
    def is_unbounded(self) -> bool:
        """Whether neither an end nor a beginning was asked for."""
        return self.span == (OPEN_START, OPEN_END)


def export_schema(
    columns: tuple[str, ...],
    others: Mapping[str, Any] | None = None,
    *,
    has_times: bool = True,
) -> vol.Schema:
    """Return the schema of an export's query.

    Args:
        columns: The names that can be asked for.
        others: Further parameters with their validators.
        has_times: Whether a time zone makes a difference: not to NEM dates.
    """
    # the zone is known when all are: these check the form, ``read_export`` the instant
    moments = {
        vol.Optional("start"): Moment(AMBER.zone, is_end=False),
        vol.Optional("end"): Moment(AMBER.zone, is_end=True),
    }
    return vol.Schema(
        {
            vol.Optional("format", default=FileFormat.CSV.value): OneOf(FileFormat),
            **RAW,
            **moments,
            vol.Optional("days"): DAYS,
            **({vol.Optional("tz"): Zone()} if has_times else {}),
            vol.Optional("columns"): SomeOf(columns),
            vol.Optional("compression"): OneOf(Compression),
            **{vol.Optional(name): check for name, check in (others or {}).items()},
        }
    )


def read_export(
    request: web.Request,
    feed: SourceCalendar,
    columns: tuple[str, ...],
    now: datetime,
    *,
    has_times: bool = True,
) -> ExportQuery:
    """Return what an export is asked for.

    Args:
        request: Its query has been checked by ``export_schema``.
        feed: Whose clock is used when neither the request nor ``TZ`` names a zone.
        columns: What there is when no columns are asked for.
        now: For ``days``.
        has_times: As for ``export_schema``.

    Raises:
        ApiError: If end lies before start, a column belongs to other data, or a
            workbook is to be packed.
    """
    query = query_of(request)
    configured = deps_of(request).settings.tz if has_times else None
    zone: tzinfo = query.get("tz") or configured or feed.zone
    asked: tuple[str, ...] = query.get("columns", columns)
    for name in asked:
        if name not in columns:
            allowed = ", ".join(columns)
            raise contradiction("columns", f"has no {name!r}, allowed: {allowed}")
    if "compression" in query and query["format"] is FileFormat.XLSX:
        raise contradiction("compression", "cannot be combined with format=xlsx")
    return ExportQuery(
        form=query["format"],
        is_raw=query["raw"],
        columns=tuple(dict.fromkeys(asked)),
        is_gzip="compression" in query,
        zone=zone,
        span=_span(request, feed, zone, now),
        others={name: query[name] for name in query.keys() - _OWN},
    )


def last_nem_days(
    wanted: ExportQuery, request: web.Request, now: datetime
) -> tuple[int, int]:
    """Return the span of an export of NEM dates.

    Among them ``days`` counts those that are over, as it does for ``/api/costs``.
    """
    days = query_of(request).get("days")
    if days is None:
        return wanted.span
    first, last = last_days(days, now)
    begin, end = nem_day_start(first), nem_day_start(last + _DAY)
    return int(begin.timestamp()), int(end.timestamp())


def _span(
    request: web.Request, feed: SourceCalendar, zone: tzinfo, now: datetime
) -> tuple[int, int]:
    query = query_of(request)
    if "days" in query:
        return last_hours(_DAY_HOURS * query["days"], now)
    first, end = OPEN_START, OPEN_END
    if "start" in query:
        first = ceil(Moment(zone, is_end=False)(request.query["start"]).seconds)
    if "end" in query:
        moment = Moment(zone, is_end=True)(request.query["end"])
        is_open = moment.is_day or not feed.counts_end
        end = ceil(moment.seconds) if is_open else floor(moment.seconds) + 1
    if end <= first and {"start", "end"} <= query.keys():
        raise contradiction("end", "must not lie before start")
    return first, end
