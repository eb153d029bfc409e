"""``/api/determinants/{area}/reviews``: whether a day can be a month's peak."""

from datetime import date
from http import HTTPMethod
from typing import TypedDict

import voluptuous as vol
from aiohttp import web

from energy_logger_server.domain.determinants.substation_peaks import PeakReview
from energy_logger_server.web.datasets.lookups import find_area, name_in_path
from energy_logger_server.web.deps import deps_of
from energy_logger_server.web.http.answer_types import Date
from energy_logger_server.web.http.checks import SomeText
from energy_logger_server.web.http.errors import unknown
from energy_logger_server.web.http.operation import Answer, Group, Operation
from energy_logger_server.web.http.parameters import body_of
from energy_logger_server.web.http.reply import json_reply

_PATH = "/api/determinants/{area}/reviews/{substation}/{date}"
_REVIEW = vol.Schema(
    {vol.Required("counts"): bool, vol.Required("note"): vol.All(str, SomeText())}
)


class ReviewAnswer(TypedDict):
    """What was said of a day."""

    substation_name: str
    date: Date
    counts: bool
    """Whether its load can be the month's peak."""
    note: str


class RemovedReviewAnswer(TypedDict):
    """What was forgotten."""

    success: bool


def review_operations() -> tuple[Operation, ...]:
    """Return what overrules how a substation's day is taken."""
    return (
        Operation(
            method=HTTPMethod.PUT,
            path=_PATH,
            handler=_save,
            summary="Say whether a substation's day can be its month's peak, and why: "
            "a spike that was real, or a fault that was none.",
            group=Group.LOAD,
            answer=Answer(description="It is kept.", schema=ReviewAnswer),
            body=_REVIEW,
        ),
        Operation(
            method=HTTPMethod.DELETE,
            path=_PATH,
            handler=_remove,
            summary="Forget what was said of a day: it is taken as it seems again.",
            group=Group.LOAD,
            answer=Answer(description="It is gone.", schema=RemovedReviewAnswer),
        ),
    )


async def _save(request: web.Request) -> web.Response:
    area = await find_area(request)
    sent = body_of(request)
    note: str = sent["note"].strip()
    name = name_in_path(request, "substation")
    review = PeakReview(name, _date(request), sent["counts"], note)
    if not await deps_of(request).store.save_peak_review(area.area_id, review):
        raise unknown(
            "substation",
            f"{area.name} has no substation {name!r}: see /api/substations/list",
        )
    answer: ReviewAnswer = {
        "substation_name": name,
        "date": review.day.isoformat(),
        "counts": review.counts,
        "note": note,
    }
    return json_reply(answer)


async def _remove(request: web.Request) -> web.Response:
    area = await find_area(request)
    name = name_in_path(request, "substation")
    store = deps_of(request).store
    if not await store.remove_peak_review(area.area_id, name, _date(request)):
        raise unknown("date", f"nothing was said of that day of {name!r}")
    answer: RemovedReviewAnswer = {"success": True}
    return json_reply(answer)


def _date(request: web.Request) -> date:
    text = name_in_path(request, "date")
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise unknown("date", f"{text!r} is no date such as 2026-07-21") from None
