"""Our clients read the look-alikes of both utilities completely, whatever befalls."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta

import pytest

from energy_logger_server.api.amber import AmberClient
from energy_logger_server.api.amber_models import Life
from energy_logger_server.api.errors import (
    RangeTooLarge,
    SourceMissing,
    SourceRateLimited,
    SourceRefused,
    SourceUnreachable,
    SourceUnreadable,
)
from energy_logger_server.api.kamo import KamoClient
from energy_logger_server.api.nem import nem_date_at
from energy_logger_server.api.plan import forecast_count
from energy_logger_server.api.rate_limit import CallBudget, Counter
from energy_logger_simulator.faults.fault import Fault, FaultAction
from energy_logger_simulator.kamo.config import KamoMode
from energy_logger_simulator.server import (
    AmberConfig,
    KamoConfig,
    Simulator,
    serve,
)
from energy_logger_simulator.settable_clock import SettableClock

START = datetime(2026, 3, 1, 12, 0, 20, tzinfo=UTC)
TODAY = nem_date_at(START)
WEEK = timedelta(days=7)
DAY = timedelta(days=1)
HALF_HOUR_SITE, FIVE_MINUTE_SITE = (f"01S1MS1TE{x}" + 16 * "0" for x in "AB")


class Running:
    """Both simulated utilities, and clients of them."""

    def __init__(self, simulator: Simulator, session, base_url, clock) -> None:
        self.simulator = simulator
        self.session = session
        self.base_url = base_url
        self.clock: SettableClock = clock
        self.budget = CallBudget(clock.now)
        self.amber = self.amber_with(simulator.amber.token_valid)
        self.kamo = KamoClient(session, now=clock.now, base_url=f"{base_url}/kamo/api")

    def amber_with(self, token: str, timeout_s: float = 30) -> AmberClient:
        """Return a client that uses a token."""
        return AmberClient(
            self.session,
            token=token,
            budget=self.budget,
            now=self.clock.now,
            base_url=f"{self.base_url}/v1",
            timeout_s=timeout_s,
        )

    def befall(
        self,
        action: FaultAction,
        endpoint: str,
        count: int | None = 1,
        **options: object,
    ) -> None:
        """Let the next request of an endpoint go wrong, or so many; None: every one."""
        if action is FaultAction.RESET:
            # aiohttp itself asks once more when a connection closes before any answer
            count = 2
        self.simulator.faults.add(
            Fault(action=action, endpoint=endpoint, count=count, options=options)
        )


@pytest.fixture
def amber_config() -> AmberConfig:
    return AmberConfig(start=START)


@pytest.fixture
def kamo_config() -> KamoConfig:
    return KamoConfig()


@pytest.fixture
async def running(session, amber_config, kamo_config) -> AsyncIterator[Running]:
    clock = SettableClock(START)
    simulator = Simulator(amber=amber_config, kamo=kamo_config, now=clock.now)
    async with serve(simulator) as base_url:
        yield Running(simulator, session, base_url, clock)


async def test_sites_are_read_completely(running):
    answer = await running.amber.fetch_sites()

    assert answer.rejected == ()
    assert [site.id for site in answer.records] == [HALF_HOUR_SITE, FIVE_MINUTE_SITE]
    assert [site.interval_length_minutes for site in answer.records] == [30, 5]
    assert [site.is_active for site in answer.records] == [True, True]
    assert answer.records[1].price_channels == ("general", "controlledLoad", "feedIn")


@pytest.mark.parametrize(
    ("site_id", "minutes", "channels"),
    [(HALF_HOUR_SITE, 30, 2), (FIVE_MINUTE_SITE, 5, 3)],
)
async def test_a_week_of_prices_and_usage_is_read_completely(
    running, site_id, minutes, channels
):
    first, last = TODAY - 2 * WEEK, TODAY - WEEK - DAY
    prices = await running.amber.fetch_prices(site_id, first, last)
    usage = await running.amber.fetch_usage(site_id, first, last)

    expected = channels * 7 * 1440 // minutes
    assert prices.rejected == usage.rejected == ()
    assert len(prices.records) == len(usage.records) == expected
    assert {price.life for price in prices.records} == {Life.ACTUAL}
    assert {price.nem_date for price in prices.records} == {
        first + n * DAY for n in range(7)
    }
    price_by_end = {(each.channel_type, each.ends_at): each for each in prices.records}
    for each in usage.records:
        price = price_by_end[each.channel_type, each.ends_at]
        assert each.price_cents_per_kwh == price.price_cents_per_kwh
        assert each.cost_cents == pytest.approx(
            each.energy_kwh * each.price_cents_per_kwh, abs=5.1e-5
        )


@pytest.mark.parametrize("site_id", [HALF_HOUR_SITE, FIVE_MINUTE_SITE])
async def test_current_prices_reach_as_far_ahead_as_asked(running, site_id):
    minutes = 30 if site_id == HALF_HOUR_SITE else 5
    count = forecast_count(minutes, 12)

    answer = await running.amber.fetch_current_prices(site_id, next_count=count)

    assert answer.rejected == ()
    general = [each for each in answer.records if each.channel_type == "general"]
    assert [each.life for each in general[:2]] == [Life.CURRENT, Life.FORECAST]
    assert general[0].starts_at <= START < general[0].ends_at
    assert general[-1].ends_at >= START + timedelta(hours=12)


async def test_days_without_usage_are_an_empty_answer(running):
    answer = await running.amber.fetch_usage(HALF_HOUR_SITE, TODAY, TODAY)

    assert (answer.records, answer.rejected) == ((), ())


async def test_too_many_days_are_distinguished_from_other_mistakes(running):
    with pytest.raises(RangeTooLarge):
        await running.amber.fetch_prices(HALF_HOUR_SITE, TODAY - 9 * DAY, TODAY)


async def test_a_site_that_does_not_exist_is_missing(running):
    with pytest.raises(SourceMissing):
        await running.amber.fetch_current_prices("01NOSITE")


async def test_a_revoked_key_is_refused(running):
    client = running.amber_with(running.simulator.amber.token_revoked)

    with pytest.raises(SourceRefused):
        await client.fetch_sites()


async def test_the_budget_uses_the_window_up_and_never_meets_a_429(running):
    client = running.amber
    for _ in range(50):
        await client.fetch_current_prices(HALF_HOUR_SITE)

    with pytest.raises(SourceRateLimited) as caught:
        await client.fetch_current_prices(HALF_HOUR_SITE)

    assert caught.value.status is None
    running.clock.set(caught.value.retry_at)
    await client.fetch_current_prices(HALF_HOUR_SITE)
    assert {request.status for request in running.simulator.requests} == {200}
    assert running.budget.snapshot()[1].counter is Counter.PRICE
    assert running.budget.snapshot()[1].remaining == 49


@pytest.mark.parametrize(
    "amber_config",
    [
        pytest.param(
            AmberConfig(start=START, limit=3, lower_case_headers=True, skew_s=86_400),
            id="lower-case-and-wrong-clock",
        ),
        pytest.param(
            AmberConfig(start=START, limit=3, headers_on_429=False), id="silent-429"
        ),
    ],
)
async def test_a_window_that_others_use_up_is_waited_for(running, amber_config):
    rival = AmberClient(
        running.session,
        token=amber_config.token_valid,
        budget=None,
        now=running.clock.now,
        base_url=f"{running.base_url}/v1",
    )
    await running.amber.fetch_sites()
    for _ in range(2):
        await rival.fetch_sites()

    with pytest.raises(SourceRateLimited) as caught:
        await running.amber.fetch_sites()

    assert caught.value.status == 429
    while caught.value.retry_at < START + timedelta(seconds=300):
        assert caught.value.retry_at > running.clock.now()
        running.clock.set(caught.value.retry_at)
        with pytest.raises(SourceRateLimited) as caught:
            await running.amber.fetch_sites()
    running.clock.set(caught.value.retry_at)
    assert len((await running.amber.fetch_sites()).records) == 2


BROKEN = [
    (FaultAction.SERVER_ERROR, SourceUnreachable),
    (FaultAction.BAD_GATEWAY, SourceUnreachable),
    (FaultAction.GATEWAY_TIMEOUT, SourceUnreachable),
    (FaultAction.RESET, SourceUnreachable),
    (FaultAction.TRUNCATE, SourceUnreachable),
    (FaultAction.EMPTY, SourceUnreadable),
    (FaultAction.NULL, SourceUnreadable),
    (FaultAction.HTML200, SourceUnreadable),
    (FaultAction.FORBIDDEN, SourceRefused),
    (FaultAction.TOO_MANY, SourceRateLimited),
]


@pytest.mark.parametrize(("action", "error"), BROKEN)
async def test_whatever_breaks_is_one_typed_error_and_then_over(running, action, error):
    running.befall(action, "amber.sites")
    running.befall(action, "kamo.area")

    with pytest.raises(error):
        await running.amber.fetch_sites()
    with pytest.raises(error):
        await running.kamo.fetch_areas()

    running.clock.advance(301)
    assert len((await running.amber.fetch_sites()).records) == 2
    assert len((await running.kamo.fetch_areas()).records) == 20


@pytest.mark.parametrize("status", [520, 521, 522, 523, 524, 525, 526, 527, 530])
async def test_a_gateway_that_does_not_reach_upstream_is_an_unreachable_upstream(
    running, status
):
    running.befall(FaultAction.GATEWAY_PAGE, "amber.sites", status=status)
    running.befall(FaultAction.GATEWAY_PAGE, "kamo.area", status=status)

    with pytest.raises(SourceUnreachable) as of_amber:
        await running.amber.fetch_sites()
    with pytest.raises(SourceUnreachable) as of_kamo:
        await running.kamo.fetch_areas()

    assert of_amber.value.status == of_kamo.value.status == status
    assert len((await running.amber.fetch_sites()).records) == 2


async def test_a_429_that_is_a_web_page_is_waited_for_and_then_over(running):
    running.befall(FaultAction.GATEWAY_PAGE, "amber.sites", status=429)

    with pytest.raises(SourceRateLimited) as caught:
        await running.amber.fetch_sites()

    assert START < caught.value.retry_at <= START + timedelta(seconds=60)
    running.clock.set(caught.value.retry_at)
    assert len((await running.amber.fetch_sites()).records) == 2


async def test_a_challenge_page_is_no_answer_and_says_nothing_about_the_key(running):
    running.befall(FaultAction.HTML200, "amber.current")

    with pytest.raises(SourceUnreadable, match="not valid JSON") as caught:
        await running.amber.fetch_current_prices(HALF_HOUR_SITE)

    assert caught.value.sample.startswith("<!doctype html>")
    assert len((await running.amber.fetch_current_prices(HALF_HOUR_SITE)).records) == 2


@pytest.mark.parametrize("amber_config", [AmberConfig(start=START, limit=5)])
@pytest.mark.parametrize(
    ("names", "refused"),
    [
        pytest.param(["RateLimit-Remaining"], 0, id="remaining"),
        pytest.param(["RateLimit-Limit"], 0, id="limit"),
        pytest.param(["RateLimit-Policy"], 0, id="policy"),
        pytest.param(["RateLimit-Limit", "RateLimit-Remaining"], 0, id="no-reset"),
        pytest.param(["RateLimit-Reset", "RateLimit-Remaining"], 0, id="no-limit"),
        # what is not told at all is learned from one 429
        pytest.param(["RateLimit-Reset"], 1, id="reset"),
        pytest.param([], 1, id="nothing"),
    ],
)
async def test_call_limits_that_are_reported_in_part_are_kept_to(
    running, names, refused
):
    running.befall(FaultAction.FEW_HEADERS, "amber.sites", names=names, count=None)
    good = 0
    while running.clock.now() < START + timedelta(seconds=1200):
        try:
            await running.amber.fetch_sites()
            good += 1
        except SourceRateLimited as err:
            running.clock.set(err.retry_at)

    statuses = [request.status for request in running.simulator.requests]
    assert statuses.count(429) == refused
    assert good == statuses.count(200) == 20


@pytest.mark.parametrize("sent", [0, 0.0, -0.0])
async def test_a_price_of_nothing_neither_costs_nor_earns(running, sent):
    running.befall(
        FaultAction.WRONG_TYPE, "amber.current", field="perKwh", value=sent, all=True
    )

    prices = (await running.amber.fetch_current_prices(FIVE_MINUTE_SITE)).records

    assert {price.channel_type for price in prices} == {
        "general",
        "controlledLoad",
        "feedIn",
    }
    assert {repr(price.price_aud_per_kwh) for price in prices} == {"0.0"}
    assert {repr(price.raw["perKwh"]) for price in prices} == {repr(sent)}


async def test_half_a_body_of_the_promised_length_is_unreadable(running):
    running.befall(FaultAction.TRUNCATE, "amber.sites", cut=True)

    with pytest.raises(SourceUnreadable):
        await running.amber.fetch_sites()


async def test_headers_without_a_body_are_unreachable(running):
    running.befall(FaultAction.RESET, "amber.sites", after_headers=True)

    with pytest.raises(SourceUnreachable):
        await running.amber.fetch_sites()


@pytest.mark.virtual_time
@pytest.mark.parametrize("action", [FaultAction.TIMEOUT, FaultAction.SLOW])
async def test_an_answer_that_takes_too_long_is_given_up(running, action):
    running.befall(action, "amber.sites")

    with pytest.raises(SourceUnreachable, match="within 30 s"):
        await running.amber.fetch_sites()


@pytest.mark.parametrize(
    ("action", "options", "lost"),
    [
        (FaultAction.WRONG_TYPE, {"field": "kwh"}, 1),
        (FaultAction.WRONG_TYPE, {"field": "duration", "value": 30.0}, 0),
        (FaultAction.WRONG_TYPE, {"field": "duration", "value": 30.5}, 1),
        (FaultAction.WRONG_TYPE, {"field": "cost", "value": None}, 0),
        (FaultAction.BYTE_ORDER_MARK, {}, 0),
        (FaultAction.WRONG_TYPE, {}, 1),
        (FaultAction.MISSING, {"field": "channelIdentifier"}, 1),
        (FaultAction.MISSING, {"field": "nemTime"}, 0),
        (FaultAction.NAN, {"field": "cost"}, 1),
        (FaultAction.NEW_ENUM, {"field": "quality"}, 0),
        (FaultAction.EXTRA, {}, 0),
        (FaultAction.NULL_TARIFF, {}, 0),
        (FaultAction.FRACTION_TIME, {}, 0),
        (FaultAction.SHUFFLE, {}, 0),
    ],
)
async def test_a_bad_record_costs_itself_only(running, action, options, lost):
    day = TODAY - WEEK
    running.befall(action, "amber.usage", **options)

    answer = await running.amber.fetch_usage(HALF_HOUR_SITE, day, day)

    assert len(answer.rejected) == lost
    assert len(answer.records) == 96 - lost


@pytest.mark.parametrize(
    ("endpoint", "action", "options"),
    [
        ("amber.sites", FaultAction.MISSING, {"field": "id"}),
        ("amber.prices", FaultAction.WRONG_TYPE, {"field": "perKwh"}),
        ("amber.current", FaultAction.MISSING, {"field": "channelType"}),
        ("amber.usage", FaultAction.NAIVE_TIME, {}),
        ("kamo.area", FaultAction.MISSING, {"field": "name"}),
        ("kamo.areagrid", FaultAction.MISSING, {"field": "label"}),
        (
            "kamo.areagrid",
            FaultAction.WRONG_TYPE,
            {"field": "lineChartLabels", "value": [], "whole": True},
        ),
        ("kamo.arealoadtable", FaultAction.WRONG_TYPE, {"field": "kw"}),
    ],
)
async def test_an_answer_of_which_nothing_can_be_read_is_unreadable(
    running, endpoint, action, options
):
    day = TODAY - WEEK
    running.befall(action, endpoint, all=True, **options)
    fetches = {
        "amber.sites": running.amber.fetch_sites,
        "amber.prices": lambda: running.amber.fetch_prices(HALF_HOUR_SITE, day, day),
        "amber.current": lambda: running.amber.fetch_current_prices(HALF_HOUR_SITE),
        "amber.usage": lambda: running.amber.fetch_usage(HALF_HOUR_SITE, day, day),
        "kamo.area": running.kamo.fetch_areas,
        "kamo.areagrid": lambda: running.kamo.fetch_area_grid(1),
        "kamo.arealoadtable": lambda: running.kamo.fetch_substations(1),
    }

    with pytest.raises(SourceUnreadable, match="no record can be read") as caught:
        await fetches[endpoint]()
    await fetches[endpoint]()

    assert caught.value.sample != ""


@pytest.mark.parametrize(
    "amber_config", [AmberConfig(start=START, skew_s=-7200)], ids=["skewed"]
)
async def test_every_answer_tells_the_time_of_who_sent_it(running, amber_config):
    sites = await running.amber.fetch_sites()
    areas = await running.kamo.fetch_areas()
    grid = await running.kamo.fetch_area_grid(1)
    table = await running.kamo.fetch_substations(1)

    assert sites.server_time == START + timedelta(seconds=amber_config.skew_s)
    assert {each.server_time for each in (areas, grid, table)} == {START}


async def test_prices_come_without_forecasts_while_upstream_fails_to_make_them(running):
    running.befall(FaultAction.SERVER_ERROR, "amber.current")

    answer = await running.amber.fetch_current_prices(HALF_HOUR_SITE, next_count=48)

    assert [price.life for price in answer.records] == 2 * [Life.CURRENT]
    assert isinstance(answer.forecast_error, SourceUnreachable)
    assert answer.forecast_error.status == 500
    whole = await running.amber.fetch_current_prices(HALF_HOUR_SITE, next_count=48)
    assert whole.forecast_error is None
    assert len(whole.records) > 2


@pytest.mark.parametrize(
    "now",
    [
        datetime(2026, 7, 1, 12, 0, tzinfo=UTC),
        datetime(2026, 3, 8, 12, 30, tzinfo=UTC),
        *(datetime(2026, 11, 1, hour, 30, tzinfo=UTC) for hour in (5, 6, 7, 8, 18)),
    ],
)
async def test_an_area_is_read_completely_over_any_night(running, now):
    running.clock.set(now)

    grid = await running.kamo.fetch_area_grid(1)

    assert grid.rejected == ()
    assert grid.actual[-1].hour_at == now.replace(minute=0)
    assert len(grid.actual) == 12
    (forecast,) = grid.forecasts
    hours = sorted({point.hour_at for point in (*grid.actual, *forecast.points)})
    assert hours[-1] - hours[0] == (len(hours) - 1) * timedelta(hours=1)


async def test_every_area_and_substation_is_read_completely(running):
    areas = await running.kamo.fetch_areas()

    assert areas.rejected == ()
    for area in areas.records:
        table = await running.kamo.fetch_substations(area.id)
        assert table.rejected == ()
        assert (table.readings == ()) is area.is_aggregate
        assert table.read_at == START.replace(second=0)


@pytest.mark.parametrize("kamo_config", [KamoConfig(mode=KamoMode.RECORDED)])
async def test_the_recording_is_read_completely(running, kamo_config):
    assert kamo_config.mode is KamoMode.RECORDED
    areas = await running.kamo.fetch_areas()
    readings = 0
    for area_id in range(1, 10):
        grid = await running.kamo.fetch_area_grid(area_id)
        table = await running.kamo.fetch_substations(area_id)
        assert grid.rejected == table.rejected == ()
        assert [len(series.points) for series in grid.series] == [12]
        readings += len(table.readings)

    assert (len(areas.records), readings) == (20, 164)


async def test_the_dates_of_a_site_are_dates(running):
    site = (await running.amber.fetch_sites()).records[0]

    assert isinstance(site.active_from, date)
    assert site.closed_on is None
