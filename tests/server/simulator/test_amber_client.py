"""The official client parses what the simulated Amber answers."""

import json
from datetime import date, timedelta

import pytest
from amberelectric.api.amber_api import AmberApi
from amberelectric.exceptions import ForbiddenException
from amberelectric.models.actual_renewable import ActualRenewable
from amberelectric.models.channel_type import ChannelType
from amberelectric.models.current_interval import CurrentInterval
from amberelectric.models.current_renewable import CurrentRenewable
from amberelectric.models.forecast_renewable import ForecastRenewable
from amberelectric.models.interval import Interval

from energy_logger_simulator.amber.config import ResolutionMode
from energy_logger_simulator.amber.sites import SITE_A, SITE_B, SITE_C, SITE_D
from energy_logger_simulator.keyed_hash import draw, shuffled_order
from tests.server.simulator.running_amber import (
    TODAY,
    RunningAmber,
    StartAmber,
    days_ago,
)

CUTOVER = days_ago(120)
RANDOM_DAYS = [days_ago(1 + n) for n in shuffled_order(draw(400, "days"), 569)[:24]]
SPECIAL_DAYS = [
    date(2025, 4, 6),  # daylight saving ends
    date(2025, 10, 5),  # begins
    date(2026, 4, 5),
    CUTOVER - timedelta(days=1),
    CUTOVER,
]
RENEWABLES = {
    "ActualRenewable": ActualRenewable.from_dict,
    "CurrentRenewable": CurrentRenewable.from_dict,
    "ForecastRenewable": ForecastRenewable.from_dict,
}


async def test_the_client_reads_the_sites(start_amber: StartAmber) -> None:
    amber = await start_amber(sites_extra=True)

    sites = await amber.with_client(AmberApi.get_sites)

    assert [site.id for site in sites] == [SITE_A, SITE_B, SITE_C, SITE_D]
    assert [site.interval_length for site in sites] == [30, 5, 30, 5]
    assert [site.status.value for site in sites] == [
        "active",
        "active",
        "closed",
        "pending",
    ]
    assert sites[1].nmi == sites[2].nmi
    assert sites[2].closed_on == sites[1].active_from
    assert sites[3].active_from is not None
    assert sites[3].active_from > TODAY


@pytest.mark.parametrize("chunk", range(4))
async def test_the_client_reads_prices_of_random_days(
    amber: RunningAmber, chunk: int
) -> None:
    def ask(api: AmberApi) -> None:
        for day in RANDOM_DAYS[chunk::4]:
            for site, channels in ((SITE_A, 2), (SITE_B, 3)):
                count = 288 if site == SITE_B and day >= CUTOVER else 48
                read = api.get_prices(site, start_date=day, end_date=day)
                assert len(read) == channels * count

    await amber.with_client(ask)


@pytest.mark.parametrize("day", SPECIAL_DAYS, ids=str)
async def test_the_client_reads_prices_of_special_days(
    amber: RunningAmber, day: date
) -> None:
    def ask(api: AmberApi) -> set[object]:
        read = api.get_prices(SITE_B, start_date=day, end_date=day)
        read += api.get_prices(SITE_A, start_date=day, end_date=day)
        return {interval.actual_instance.var_date for interval in read}

    assert await amber.with_client(ask) == {day}


async def test_the_client_reads_today_and_what_is_forecast(
    amber: RunningAmber,
) -> None:
    def ask(api: AmberApi) -> list[list[Interval]]:
        return [
            api.get_prices(SITE_A, end_date=TODAY + timedelta(days=2)),
            api.get_prices(SITE_B, end_date=TODAY + timedelta(days=2)),
            api.get_current_prices(SITE_A, next=96, previous=96),
            api.get_current_prices(SITE_B, next=288, previous=288),
            api.get_current_prices(SITE_B, next=4, resolution=30),
        ]

    for answer in await amber.with_client(ask):
        currents = [
            interval.actual_instance
            for interval in answer
            if isinstance(interval.actual_instance, CurrentInterval)
        ]
        assert ChannelType.FEEDIN in [current.channel_type for current in currents]


async def test_the_client_reads_usage(amber: RunningAmber) -> None:
    def ask(api: AmberApi) -> list[int]:
        return [
            len(api.get_usage(site, days_ago(days), days_ago(days)))
            for site in (SITE_A, SITE_B)
            for days in (5, 30, 60)
        ]

    assert await amber.with_client(ask) == [96, 96, 96, 864, 864, 864]


async def test_the_models_of_the_client_read_each_renewable(
    amber: RunningAmber,
) -> None:
    def ask(api: AmberApi) -> bytes:
        answer = api.get_current_renewables_with_http_info(
            "vic", next=5, previous=5, _preload_content=False
        )
        body = answer.raw_data
        assert isinstance(body, bytes)
        return body

    items = json.loads(await amber.with_client(ask))
    read = [RENEWABLES[item["type"]](item) for item in items]

    assert len(read) == 11
    assert isinstance(read[5], CurrentRenewable)


async def test_the_client_sees_a_refused_key_as_forbidden(
    amber: RunningAmber,
) -> None:
    def ask(api: AmberApi) -> None:
        api.api_client.configuration.access_token = amber.simulator.amber.token_revoked
        with pytest.raises(ForbiddenException):
            api.get_sites()

    await amber.with_client(ask)


@pytest.mark.parametrize(
    "options",
    [
        {"previous_flaky": True},
        {"late_price_revision": days_ago(10)},
        {"feed_in_negative_kwh": True},
        {"resolution_mode": ResolutionMode.IGNORE},
        {"nine_identifiers": True},
    ],
    ids=lambda options: next(iter(options)),
)
async def test_the_client_reads_every_ordinary_mode(
    start_amber: StartAmber, options: dict[str, object]
) -> None:
    amber = await start_amber(**options)

    def ask(api: AmberApi) -> list[int]:
        return [
            len(api.get_sites()),
            len(api.get_prices(SITE_A, days_ago(11), days_ago(8), resolution=30)),
            len(api.get_current_prices(SITE_B, previous=20)),
            len(api.get_usage(SITE_A, days_ago(12), days_ago(8))),
        ]

    assert all(await amber.with_client(ask))
