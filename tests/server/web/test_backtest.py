"""``/api/peaks/backtest``: in the background, one at a time, as on the command line."""

from datetime import UTC, datetime
from typing import Any

from aiohttp import ClientSession

from energy_logger_server.domain.peak_watch.report import BacktestStage
from energy_logger_server.web.datasets.backtest_fields import BacktestStateAnswer
from energy_logger_server.web.routes.peaks.backtest import BacktestJobAnswer
from tests.server.domain.peak_watch.made_up import FIRST_HOUR, daily_wave
from tests.server.web.answers import areas, grid
from tests.server.web.conftest import KEY, Api
from tests.server.web.listener import listening
from tests.server.web.shapes import require_shape

PATH = "/api/peaks/backtest"
DAYS = 245


async def store_hours(api: Api, days: int) -> None:
    """Store days of OZEC that are each a little different."""
    loads = {
        datetime.fromtimestamp((FIRST_HOUR + hour) * 3600, UTC): round(
            daily_wave(hour) + hour // 24 * 7 % 31, 1
        )
        for hour in range(days * 24)
    }
    await api.collector.run(areas(), grid(1, loads))


async def start(api: Api, query: str = "", area: str = "OZEC") -> tuple[int, Any]:
    response = await api.ask(f"{PATH}/{area}{query}", method="POST")
    return response.status, await response.json()


async def newest(api: Api) -> Any:
    """Return the answer when the back-test under way has ended."""
    await api.backtests.wait()
    answer = await api.get(PATH)
    require_shape(answer, BacktestJobAnswer)
    return answer


async def test_months_are_judged_in_the_background_one_at_a_time(api: Api):
    assert await api.get(PATH) == {"job": None, "result": None}
    await store_hours(api, DAYS)
    url = str(api.client.make_url("/api/events?types=backtest_progress"))
    async with (
        ClientSession() as session,
        listening(session, url, X_API_Key=KEY) as listener,
    ):
        status, began = await start(api, "?lead=3&shed_kw=500&price=12")
        refused, error = await start(api)
        heard = [await listener.next()]
        while (last := heard[-1]) is not None and last.fields["is_running"]:
            heard.append(await listener.next())

    require_shape(began, BacktestStateAnswer)
    assert (status, began["is_running"], began["area_name"][:5]) == (202, True, "Ozark")
    assert (refused, error["error"]["code"]) == (409, "backtest_in_progress")
    stages = [one.fields["stage"] for one in heard if one is not None]
    assert [*dict.fromkeys(stages)] == [None, *BacktestStage]
    result = (await newest(api))["result"]
    assert (result["periods"], result["caught"]) == (2, 2)
    assert (result["saved_kw_months"], result["saved_money"]) == (1000.0, 12000.0)
    july = result["judged"][0]
    assert (july["first_date"], july["is_trained"]) == ("2018-07-01", False)
    leads = {
        datetime.fromisoformat(one["begins_at"])
        - datetime.fromisoformat(one["announced_at"])
        for one in july["announced"]
    }
    assert [lead.total_seconds() for lead in leads] == [3 * 3600]


async def test_what_cannot_be_judged_is_said(api: Api):
    await store_hours(api, 31)

    unknown, _error = await start(api, area="nowhere")
    bad, error = await start(api, "?months=13")
    await start(api, "?months=6-9,12-3&period=season&peaks=3")
    short = await newest(api)
    await start(api, area="20")
    without = await newest(api)

    assert (unknown, bad, error["error"]["parameter"]) == (404, 400, "months")
    assert short["result"] is None
    assert short["job"]["error"] == (
        "there is too little history: it takes half a year and one whole season"
    )
    assert "one whole month" in without["job"]["error"]


async def test_a_server_that_stops_ends_it_at_its_next_step(api: Api):
    await store_hours(api, DAYS)
    await start(api)

    await api.backtests.stop()

    assert (await newest(api))["job"]["error"] == "the server was stopped"
