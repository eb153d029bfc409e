"""``/api/prices/cheapest``: when electricity is cheapest in the hours to come."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import TypedDict

import voluptuous as vol
from aiohttp import web

from energy_logger_server.api.amber_models import Price
from energy_logger_server.api.channels import ChannelType
from energy_logger_server.api.plan import cheapest_window
from energy_logger_server.domain.collecting.ledger import Kind
from energy_logger_server.store.amber.forecast import forecast
from energy_logger_server.web.datasets.fields import nem_text, rounded
from energy_logger_server.web.datasets.lookups import check_channel, find_site
from energy_logger_server.web.deps import deps_of
from energy_logger_server.web.http.answer_types import Time
from energy_logger_server.web.http.checks import Matching, SomeText, WholeNumber
from energy_logger_server.web.http.operation import Answer, Group, Operation
from energy_logger_server.web.http.parameters import query_of
from energy_logger_server.web.http.reply import json_reply

_PRICE_DIGITS = 7
_LENGTH = "(?:[5-9]|[1-9][0-9]{1,2}|1[0-3][0-9]{2}|14[0-3][0-9]|1440)"
_QUERY = vol.Schema(
    {
        vol.Optional(
            "hours", default="24", description="How many hours to look ahead."
        ): WholeNumber(1, 168),
        vol.Optional(
            "minutes",
            default="60",
            description="Lengths of the spans in minutes, 5 to 1440, at most six with "
            "commas between.",
        ): Matching(
            f"{_LENGTH}(?:,{_LENGTH}){{0,5}}",
            "must be up to six numbers from 5 to 1440, with commas between",
        ),
        vol.Optional(
            "channel",
            default=ChannelType.GENERAL.value,
            description="Type of the channel.",
        ): SomeText(),
    }
)


class WindowAnswer(TypedDict):
    """The cheapest span of a length; null where not enough prices are known."""

    minutes: int
    starts_at: Time | None
    ends_at: Time | None
    mean_aud_per_kwh: float | None
    """You pay on import, you earn on feed-in."""


class CheapestAnswer(TypedDict):
    """The cheapest spans of a site's channel."""

    site_id: str
    channel: str
    timestamp: Time
    """The instant from which on spans were looked for."""
    windows: list[WindowAnswer]
    """In the order in which their lengths were asked for."""


def cheapest_operations() -> tuple[Operation, ...]:
    """Return what finds the cheapest spans."""
    return (
        Operation(
            path="/api/prices/cheapest/{site}",
            handler=_find,
            summary="Get the cheapest spans of the hours to come, by what is expected "
            "of prices.",
            group=Group.AMBER,
            query=_QUERY,
            answer=Answer(description="A span for each length.", schema=CheapestAnswer),
            errors=(HTTPStatus.UNPROCESSABLE_ENTITY,),
        ),
    )


async def _find(request: web.Request) -> web.Response:
    query = query_of(request)
    site_id = await find_site(request)
    channel: str = query["channel"]
    await check_channel(request, Kind.PRICE, site_id, channel)
    deps = deps_of(request)
    now = deps.clock.now().replace(microsecond=0)
    end = now + timedelta(hours=query["hours"])
    span = int(now.timestamp()), int(end.timestamp())
    expected = await deps.store.read(forecast, site_id, span, channel)
    prices = [known.price for known in expected.prices]
    answer: CheapestAnswer = {
        "site_id": site_id,
        "channel": channel,
        "timestamp": nem_text(now),
        "windows": [
            _window(prices, int(minutes), now, end)
            for minutes in query["minutes"].split(",")
        ],
    }
    return json_reply(answer)


def _window(
    prices: Sequence[Price], minutes: int, now: datetime, end: datetime
) -> WindowAnswer:
    found = cheapest_window(
        prices, duration=timedelta(minutes=minutes), earliest=now, latest=end
    )
    if found is None:
        return {
            "minutes": minutes,
            "starts_at": None,
            "ends_at": None,
            "mean_aud_per_kwh": None,
        }
    return {
        "minutes": minutes,
        "starts_at": nem_text(found.starts_at),
        "ends_at": nem_text(found.ends_at),
        "mean_aud_per_kwh": rounded(found.mean_aud_per_kwh, _PRICE_DIGITS),
    }
