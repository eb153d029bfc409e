"""One value, one meaning: what is shown of an odd figure, wherever it is shown."""

import csv
import io
import json
from collections.abc import AsyncIterator, Iterable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from energy_logger_server.domain.runs import Source
from energy_logger_server.simulator.settable_clock import SettableClock
from energy_logger_server.store import Store
from tests.server.store.material import (
    SITE_ID,
    rows,
    site,
    sites_read,
    usage,
    usage_read,
)
from tests.server.web.amber_answers import FEED_IN
from tests.server.web.conftest import Api

HALF_HOUR = timedelta(minutes=30)
YESTERDAY = date(2026, 1, 3)
START = datetime(2026, 1, 3, 2, tzinfo=UTC)
"""12:00 NEM on 2026-01-03; the tests' moment is 09:09 UTC of the day after."""
HISTORY = f"/api/usage/history/{SITE_ID}"
COSTS = f"/api/costs/daily/{SITE_ID}"
SPAN = "start=2026-01-03&end=2026-01-03"


@pytest.fixture(
    params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]
)
async def store(
    request: pytest.FixtureRequest, tmp_path: Path, clock: SettableClock
) -> AsyncIterator[Store]:
    """A store of each kind."""
    url = f"sqlite:///{tmp_path / 'energy.db'}"
    if request.param == "postgresql":
        url = request.getfixturevalue("postgres_url")
    opened = await Store.open(url, clock)
    yield opened
    await opened.close()


async def collect(api: Api, records: Iterable[Any]) -> None:
    """Store usage of yesterday."""
    read = usage_read([*records], (YESTERDAY, YESTERDAY))
    await api.collector.run(sites_read(site()), read, source=Source.AMBER)


def half_hours(*figures: dict[str, Any]) -> list[Any]:
    """Usage of consecutive half hours from 12:00 NEM on."""
    return [
        {**usage(START + number * HALF_HOUR), **fields}
        for number, fields in enumerate(figures, 1)
    ]


async def csv_rows(api: Api, path: str) -> list[dict[str, str]]:
    answer = await api.ask(path)
    assert answer.status == 200, await answer.text()
    return list(csv.DictReader(io.StringIO(await answer.text(), newline="")))


async def intervals(api: Api, name: str) -> dict[str, list[Any]]:
    """One value of each interval, by the answer that has it: E1 first, then B1."""

    def key(row: dict[str, Any]) -> tuple[bool, str]:
        register = row.get("channel_identifier") or row.get("channelIdentifier")
        return register == "B1", str(row["starts_at"])

    def numbers(found: Iterable[dict[str, Any]]) -> list[Any]:
        return [
            None if row[name] in (None, "") else float(row[name])
            for row in sorted(found, key=key)
        ]

    view = await rows(
        api.store, f"SELECT channel_identifier, starts_at, {name} FROM usage_intervals"
    )
    ndjson = await (await api.ask(f"/api/export/usage/{SITE_ID}?format=ndjson")).text()
    table = await api.get("/api/tables/usage_intervals")
    return {
        "history": numbers((await api.get(HISTORY))["data"]),
        "history as CSV": numbers(await csv_rows(api, f"{HISTORY}?format=csv")),
        "export": numbers(
            await csv_rows(api, f"/api/export/usage/{SITE_ID}?format=csv")
        ),
        "export as NDJSON": numbers(map(json.loads, ndjson.splitlines())),
        "view": numbers(
            {"channel_identifier": row[0], "starts_at": row[1], name: row[2]}
            for row in view
        ),
        "tables": numbers(table["data"]),
    }


async def sums(api: Api, name: str) -> dict[str, list[Any]]:
    """One figure of the day of each register, by the answer that has it."""
    daily = await api.get(f"{COSTS}?{SPAN}")
    found: dict[str, Iterable[dict[str, Any]]] = {
        "costs": daily["data"][0]["registers"],
        "costs as CSV": await csv_rows(api, f"{COSTS}?{SPAN}&format=csv"),
        "export": await csv_rows(api, f"/api/export/costs/{SITE_ID}?{SPAN}&format=csv"),
        "stats": (await api.get(f"/api/usage/stats/{SITE_ID}?hours=48"))["registers"],
        "statistics": (await api.get(f"/api/statistics/usage/{SITE_ID}"))["data"],
    }
    return {
        answer: [
            None if row[name] in (None, "") else float(row[name])
            for row in sorted(of_answer, key=lambda row: row["channel_identifier"])
        ]
        for answer, of_answer in found.items()
    }


@pytest.mark.parametrize("sign", [1, -1], ids=["recorded", "documented"])
async def test_exported_energy_is_positive_everywhere_with_either_sign(api: Api, sign):
    sent = half_hours(
        {**FEED_IN, "kwh": sign * 2.5, "cost": -10.5},
        {**FEED_IN, "kwh": sign * 1.25, "cost": -5.25},
    )
    await collect(api, sent)

    assert set(map(tuple, (await intervals(api, "energy_kwh")).values())) == {
        (2.5, 1.25)
    }
    assert set(map(tuple, (await sums(api, "energy_kwh")).values())) == {(3.75,)}
    daily = await api.get(f"{COSTS}?{SPAN}")
    assert daily["data"][0]["export_kwh"] == 3.75
    assert (
        await api.get(
            f"/mirror/amber/v1/sites/{SITE_ID}/usage?"
            "startDate=2026-01-03&endDate=2026-01-03"
        )
    ) == sent


async def test_exports_of_both_signs_within_an_hour_add_up(api: Api):
    await collect(api, half_hours({**FEED_IN, "kwh": 2.5}, {**FEED_IN, "kwh": -1.25}))

    assert set(map(tuple, (await sums(api, "energy_kwh")).values())) == {(3.75,)}


async def test_import_that_is_taken_back_stays_negative_and_is_subtracted(api: Api):
    await collect(api, half_hours({"kwh": 2.5, "cost": 50}, {"kwh": -0.5, "cost": -10}))

    assert set(map(tuple, (await intervals(api, "energy_kwh")).values())) == {
        (2.5, -0.5)
    }
    assert set(map(tuple, (await sums(api, "energy_kwh")).values())) == {(2.0,)}
    [figures] = (await api.get(f"/api/usage/stats/{SITE_ID}?hours=48"))["registers"]
    assert (figures["min_kw"], figures["max_kw"], figures["mean_kw"]) == (-1, 5, 2)


async def test_a_figure_with_more_digits_than_a_column_has_the_same_sign(api: Api):
    await collect(api, half_hours({**FEED_IN, "kwh": -2.1234567}, {"kwh": -0.1234567}))

    assert set(map(tuple, (await intervals(api, "energy_kwh")).values())) - {
        # columns hold three decimals
        (-0.123, 2.123)
    } == {(-0.1234567, 2.1234567)}
