"""Amber backfill into the store, with ledger and revisions, to plain inserts."""

import sqlite3
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from statistics import median
from time import perf_counter

from energy_logger_server.api.amber_parse import parse_prices
from energy_logger_server.api.exact_json import JsonObject
from energy_logger_server.api.models import Answer, Price
from energy_logger_server.api.nem import nem_day_start
from energy_logger_server.domain.batch import PricesRead
from energy_logger_server.domain.runs import Outcome, RunEnd, Source, Trigger
from energy_logger_server.store import Store
from energy_logger_server.store.codec.attributes import attribute_key
from energy_logger_server.store.codec.interval_times import interval_times
from energy_logger_server.store.codec.intervals import encode_price

from .kamo_store import SteppingClock
from .rounds import Figure

WEEK = timedelta(days=7)
CHANNELS = ("general", "controlledLoad", "feedIn")
_COLUMNS = ",".join(
    ["series_id", "end_at", "duration_minutes", "price_e5", "spot_e5", "renewables_percent", "attributes_id", "range_min_e5", "range_max_e5", "low_e5", "predicted_e5", "high_e5", "run_id", "known_at", "extra"]
)


def week_of_prices(first: date, random: Random) -> list[JsonObject]:
    """Return seven NEM days of 5-minute actual prices of three channels: 6,048."""
    objects: list[JsonObject] = []
    start = int(nem_day_start(first).timestamp())
    for channel in CHANNELS:
        for number in range(1, 7 * 288 + 1):
            end = start + number * 300
            day, start_time, end_time, nem_time = interval_times(end, 5)
            spot = round(random.uniform(-5, 40), 5)
            raw: JsonObject = {
                "type": "ActualInterval",
                "date": day,
                "duration": 5,
                "startTime": start_time,
                "endTime": end_time,
                "nemTime": nem_time,
                "perKwh": round(spot * 1.07 + 16.2, 5),
                "renewables": random.uniform(10, 90),
                "spotPerKwh": spot,
                "channelType": channel,
                "spikeStatus": "none",
            }
            if channel != "feedIn":
                raw["tariffInformation"] = {"period": "offPeak", "season": "summer"}
            raw["descriptor"] = "low"
            objects.append(raw)
    return objects


async def measure(folder: Path, weeks: int) -> list[Figure]:
    """Backfill weeks, each beside a plain insert of the same rows."""
    clock, random = SteppingClock(), Random(5)
    clock.at = datetime(2026, 11, 1, tzinfo=UTC)
    store = await Store.open(f"sqlite:///{folder}/amber.db", clock)
    plain = _plain_database(folder / "plain-amber.db")
    first = date(2026, 10, 1)
    ours, bare, converted = [], [], []
    rows_each = len(CHANNELS) * 7 * 288
    for _week in range(weeks):
        objects = week_of_prices(first, random)
        records, _none = parse_prices(list(objects))
        rows = _rows(records)
        start = perf_counter()
        _insert(plain, rows)
        bare.append(perf_counter() - start)
        plain.execute("DELETE FROM price")
        start = perf_counter()
        _insert(plain, [_convert(raw) for raw in objects])
        converted.append(perf_counter() - start)
        start = perf_counter()
        run_id = await store.begin_run(Source.AMBER, Trigger.BACKFILL, 5)
        days = (first, first + WEEK - timedelta(days=1))
        read = PricesRead("01S1MS1TEB0000000000000000", Answer(records, (), clock.at), days)
        await store.write(run_id, [read], end=RunEnd(clock.at, Outcome.SUCCESS, 3))
        ours.append(perf_counter() - start)
        first -= WEEK
    await store.close()
    plain.close()
    share = median(bare) / median(ours)
    return [
        Figure(
            "Amber backfill into the store, to plain inserts of the same rows",
            share * 100,
            "%",
            "at least 50 %",
            share >= 0.5,
            f"{rows_each / median(ours):,.0f} rows/s to"
            f" {rows_each / median(bare):,.0f} rows/s (of ready-made rows; from the"
            f" same JSON objects, converted, {rows_each / median(converted):,.0f}"
            f" rows/s), median of {weeks} weeks",
        )
    ]


def _plain_database(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute(
        f"CREATE TABLE price ({_COLUMNS}, PRIMARY KEY (series_id, end_at,"
        " duration_minutes)) WITHOUT ROWID"
    )
    return connection


def _rows(records: tuple[Price, ...]) -> list[tuple[object, ...]]:
    return [
        encode_price(
            price,
            attribute_key(price),
            (CHANNELS.index(price.channel_type), 1, 1, 1_790_000_000),
        )
        for price in records
    ]


def _convert(raw: JsonObject) -> tuple[object, ...]:
    """Return a row as a plain script would make it from the JSON object."""
    return (
        CHANNELS.index(str(raw["channelType"])),
        int(datetime.fromisoformat(str(raw["endTime"])).timestamp()),
        raw["duration"],
        round(raw["perKwh"] * 100_000),  # type: ignore[operator, arg-type]
        round(raw["spotPerKwh"] * 100_000),  # type: ignore[operator, arg-type]
        raw["renewables"],
        1,
        *(None,) * 5,
        1,
        1_790_000_000,
        None,
    )


def _insert(connection: sqlite3.Connection, rows: list[tuple[object, ...]]) -> None:
    connection.execute("BEGIN IMMEDIATE")
    marks = ",".join("?" * len(rows[0]))
    connection.executemany(f"INSERT INTO price VALUES ({marks})", rows)
    connection.execute("COMMIT")
