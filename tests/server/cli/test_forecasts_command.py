"""``energy-logger forecasts scores``: tables and JSON of what was kept."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from energy_logger_server.cli.forecasts import ahead_text, correction_text
from energy_logger_server.clock import SystemClock
from energy_logger_server.domain.forecasts.correction import Correction, Way
from energy_logger_server.domain.forecasts.report import CorrectionLine
from energy_logger_server.store import Store
from tests.server.store.kamo_answers import fill_grid, grid
from tests.server.store.material import (
    SITE_ID,
    forecast_price,
    price,
    prices_read,
    site,
    sites_read,
    write,
)
from tests.server.store_template import lay_store

SCORES = ("forecasts", "scores")
HOUR = timedelta(hours=1)


@pytest.fixture
def empty(environment: dict[str, str]) -> dict[str, str]:
    """Settings of a store without anything in it."""
    folder = Path(environment["DATA_DIR"])
    folder.mkdir()
    url = lay_store(folder / "energy-logger.db")
    return {**environment, "DATABASE_URL": url}


@pytest.fixture
async def household(empty: dict[str, str]) -> dict[str, str]:
    """Settings of a store with a forecast of a price and one of a load, and both."""
    now = SystemClock().now()
    end = now.replace(minute=0, second=0, microsecond=0) - HOUR
    said_at = end - timedelta(minutes=95)
    store = await Store.open(empty["DATABASE_URL"], SystemClock())
    await write(store, sites_read(site()), at=now)
    await write(store, prices_read([forecast_price(end, 24.0)], at=said_at), at=said_at)
    await write(store, prices_read([price(end, cents=22.0)], at=now), at=now)
    first = end - 4 * HOUR
    said = grid(first, [900.0], forecast=[900.0, 910.0, 920.0])
    await fill_grid(store, said, first + HOUR)
    await fill_grid(store, grid(first, [900.0, 905.0, 915.0, 1.0]), now)
    await store.keep_forecasts()
    await store.close()
    return empty


async def test_a_table_tells_each_forecast_of_a_site(run, household):
    out = (await run(*SCORES, environment=household)).out

    assert f"Forecasts of site {SITE_ID}" in out
    cells = [line.split() for line in out.splitlines()]
    [line] = [one for one in cells if one[:2] == ["general", "predicted"]]
    few = ["1", "(few)"]
    assert line == [
        *("general", "predicted", "1", "h", "1", *few, "2.00", "2.00", "1.00"),
        *("too", "few", "days"),
    ]
    [low] = [one for one in cells if one[:2] == ["general", "low"]]
    assert low[-3:] == ["1.00", "1.00", "0.90"]


async def test_a_table_tells_each_hour_of_an_areas_load(run, household):
    words = (*SCORES, "--area", "A1", "--by-hour")
    out = (await run(*words, environment=household)).out

    assert "Forecasts of Area 1" in out
    assert "hour" in out
    assert "Forecast" in out
    assert "5.0" in out


@pytest.mark.parametrize("words", [(), ("--area", "1")])
async def test_json_is_what_the_api_answers(run, household, words):
    ended = await run(*SCORES, *words, "--json", environment=household)
    answer = json.loads(ended.out)

    [found] = answer.get("sites", [answer])
    assert found.get("site_id", found.get("area_id")) in {SITE_ID, 1}
    assert {"unit", "zone", "data", "corrections"} <= found.keys()
    assert any(one["mae"] is not None for one in found["data"])


async def test_an_area_that_is_not_there_is_said(run, household):
    ended = await run(*SCORES, "--area", "XY", environment=household)

    assert ended.code == 2
    assert "there is no area 'XY'" in ended.errors


async def test_a_store_without_sites_says_so(run, empty):
    ended = await run(*SCORES, environment=empty)

    assert (ended.code, ended.out) == (0, "no site is stored yet\n")


def test_horizons_are_told_in_minutes_and_hours():
    assert [ahead_text(minutes) for minutes in (30, 60, 1440)] == [
        "30 min",
        "1 h",
        "24 h",
    ]


@pytest.mark.parametrize(
    ("corrected_mae", "is_on", "text"),
    [(9.0, True, "10.0% better"), (11.0, False, "no better")],
)
def test_a_correction_says_how_much_better_it_was(corrected_mae, is_on, text):
    one = Correction(Way.OVERALL, is_on, 100, 20, 10.0, corrected_mae, {})

    assert correction_text(CorrectionLine("general", "spot", 60, one)) == text
    assert correction_text(None) == ""
