"""Amber's answers: stored for tests of the web, and compared with their shapes."""

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from energy_logger_server.domain.collecting.batch import Part, UsageRead
from energy_logger_server.domain.collecting.runs import Source
from energy_logger_server.web.amber_home.routes import home_operations
from energy_logger_server.web.routes.sites import amber_operations
from tests.server.store.material import (
    NOON,
    SITE_ID,
    TODAY,
    ends_of_day,
    price,
    prices_read,
    site,
    sites_read,
    usage,
    usage_read,
)
from tests.server.web.conftest import Api
from tests.server.web.shapes import require_shape

OTHER_SITE = "01S1MS1TEB0000000000000000"
HALF_HOUR = timedelta(minutes=30)
NOW_ENDS = datetime(2026, 1, 4, 9, 30, tzinfo=UTC)
"""End of the half hour that holds the recording's moment: 19:30 NEM."""
FEED_IN: dict[str, Any] = {"channelType": "feedIn", "channelIdentifier": "B1"}

_SHAPES = {
    re.compile(re.sub(r"{\w+}", "[^/]+", operation.path)): operation.answer.schema
    for operation in (*amber_operations(), *home_operations())
}


async def store(api: Api, *parts: Part) -> None:
    """Store parts of the account's one site."""
    await api.collector.run(sites_read(site()), *parts, source=Source.AMBER)


async def store_two_sites(api: Api, *parts: Part) -> None:
    """Store parts of an account with two sites."""
    both = sites_read(site(), site(id=OTHER_SITE, nmi="9000000002", intervalLength=5))
    await api.collector.run(both, *parts, source=Source.AMBER)


def forecast(ends_at: Any, cents: float, duration: int = 30, **fields: Any) -> Any:
    """Return an expected price as Amber sends it."""
    return {
        **price(ends_at, duration, cents=cents, **fields),
        "type": "ForecastInterval",
    }


def half_hours(*cents: float, **fields: Any) -> list[dict[str, Any]]:
    """Return prices of consecutive half hours from 12:00 NEM on."""
    return [
        price(NOON + (number + 1) * HALF_HOUR, cents=cent, **fields)
        for number, cent in enumerate(cents)
    ]


def forecasts(*cents: float, **fields: Any) -> list[Any]:
    """Return what is expected of the present half hour and of those to come."""
    return [
        forecast(NOW_ENDS + number * HALF_HOUR, cent, **fields)
        for number, cent in enumerate(cents)
    ]


def day_of_usage(
    day: date,
    *,
    duration: int = 30,
    site_id: str = SITE_ID,
    with_export: bool = True,
    **fields: Any,
) -> UsageRead:
    """Return a day of 1 kWh for 20.5 c and 2 kWh that earn 5.0001 c each interval."""
    ends = ends_of_day(day, duration)
    sent: list[Any] = [usage(end, duration, kwh=1, **fields) for end in ends]
    if with_export:
        sent += [
            usage(end, duration, kwh=2, cost=-5.0001, **FEED_IN, **fields)
            for end in ends
        ]
    return usage_read(sent, (day, day), site_id=site_id)


async def get_checked(api: Api, path: str) -> Any:
    """Return the JSON of a good answer, which must be of the shape it is said to be."""
    answer = await api.get(path)
    return checked(path, answer)


def checked(path: str, answer: Any) -> Any:
    """Return an answer if it has the shape of its operation; raises otherwise."""
    [shape] = [
        shape
        for form, shape in _SHAPES.items()
        if form.fullmatch(path.partition("?")[0])
    ]
    require_shape(answer, shape)
    return answer


def values(rows: Sequence[dict[str, Any]], *names: str) -> list[Any]:
    """Return some values of each row; bare ones of one name."""
    if len(names) == 1:
        return [row[names[0]] for row in rows]
    return [tuple(row[name] for name in names) for row in rows]


async def store_odd_prices(api: Api) -> None:
    ends = ends_of_day(TODAY, 30)
    await store(
        api,
        prices_read(
            [
                price(ends[0], cents=20),
                price(ends[0], cents=-20.5, channelType="feedIn"),
                price(
                    ends[1],
                    perKwh=Decimal("12.345678901234567890"),
                    channelType='odd, "quoted"\r\n',
                    descriptor="=cmd()",
                    spotPerKwh=None,
                ),
                price(ends[2], cents=0.00001, renewables=102),
            ]
        ),
    )
