"""Prices in the forms of planners: compared with golden files, and read as they read.

The readers below do what the planners' own documents and parsers say, minute by minute.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from statistics import fmean
from typing import Any

import pytest

from energy_logger_server.api.amber_models import Life
from energy_logger_server.api.channels import ChannelType
from energy_logger_server.api.planner_feeds import (
    emhass_feed,
    evcc_rates,
    haeo_feed,
    predbat_feed,
)
from energy_logger_server.api.price_source import (
    PriceSource,
    price_step,
    price_steps,
)
from tests.server.api.planner_days import (
    SYDNEY,
    PlannerDay,
    cents_of_minutes,
    parsed,
    planner_days,
)

FIXTURES = Path(__file__).parents[2] / "fixtures"
GOLDEN = FIXTURES / "feeds"
RECORDED = FIXTURES / "amber" / "prices-2024-09-04-30min.json"
DAYS = planner_days()
MINUTE, FIVE, HALF_HOUR = (timedelta(minutes=one) for one in (1, 5, 30))


def feeds_of(day: PlannerDay, source: PriceSource = PriceSource.AEMO) -> dict[str, Any]:
    """Return every form of a day, at its fourth minute."""
    now = day.begin + timedelta(minutes=4)
    general = price_steps(parsed(day.general), source)
    feed_in = price_steps(parsed(day.feed_in), source)
    return {
        "emhass": emhass_feed(general, feed_in, now, HALF_HOUR),
        "evcc": {"grid": evcc_rates(general), "feedin": evcc_rates(feed_in)},
        "haeo": haeo_feed(general),
        "predbat": predbat_feed(general, now, SYDNEY),
    }


def spans(
    rows: Sequence[Mapping[str, Any]], start: str, end: str, value: str
) -> dict[datetime, float]:
    """Return what each minute has by a list of spans; none may be told twice."""
    found: dict[datetime, float] = {}
    for row in rows:
        at, until = (datetime.fromisoformat(row[name]) for name in (start, end))
        while at < until:
            assert at not in found
            found[at] = row[value]
            at += MINUTE
    return found


def held(points: Mapping[str, float], minutes: Sequence[datetime]) -> list[float]:
    """Return what minutes have where each point holds until the next one."""
    instants = sorted((datetime.fromisoformat(at), aud) for at, aud in points.items())
    return [[aud for at, aud in instants if at <= minute][-1] for minute in minutes]


def test_a_price_inside_another_one_that_began_before_does_not_count():
    day = DAYS["24 hours"]
    [half_hour] = [one for one in parsed(day.general) if one.starts_at == day.begin]
    inside = replace(
        half_hour, ends_at=half_hour.ends_at - 2 * FIVE, duration_minutes=5
    )

    assert price_steps([inside, half_hour], PriceSource.AEMO) == (
        price_step(half_hour, PriceSource.AEMO),
    )


@pytest.mark.parametrize("name", DAYS)
def test_a_day_has_the_forms_of_its_golden_file(name: str):
    path = GOLDEN / f"{name.replace(' ', '_')}.json"

    assert feeds_of(DAYS[name]) == json.loads(path.read_text())


@pytest.mark.parametrize("name", DAYS)
def test_what_planners_read_is_what_amber_sent(name: str):
    day, feeds = DAYS[name], feeds_of(DAYS[name])
    general = {at: cents / 100 for at, cents in cents_of_minutes(day.general).items()}
    feed_in = {at: -cents / 100 for at, cents in cents_of_minutes(day.feed_in).items()}

    evcc = feeds["evcc"]
    assert spans(evcc["grid"], "start", "end", "value") == pytest.approx(
        general, abs=1e-9
    )
    assert spans(evcc["feedin"], "start", "end", "value") == pytest.approx(
        feed_in, abs=1e-9
    )
    haeo = spans(feeds["haeo"]["forecasts"], "start_time", "end_time", "per_kwh")
    assert haeo == pytest.approx(general, abs=1e-9)
    emhass = feeds["emhass"]
    assert held(emhass["load_cost_forecast"], [*general]) == pytest.approx(
        [*general.values()], abs=1e-9
    )
    assert held(emhass["prod_price_forecast"], [*feed_in]) == pytest.approx(
        [*feed_in.values()], abs=1e-9
    )
    predbat = spans(feeds["predbat"]["raw_today"], "start", "end", "value")
    for at in [*general][::30]:
        half_hour = [at + number * MINUTE for number in range(30)]
        mean = fmean(general[minute] for minute in half_hour if minute in general)
        assert [predbat[minute] for minute in half_hour] == pytest.approx(
            [mean] * 30, abs=1e-9
        )


@pytest.mark.parametrize(
    ("name", "half_hours"), [("24 hours", 48), ("23 hours", 46), ("25 hours", 50)]
)
def test_a_local_day_has_all_its_half_hours(name: str, half_hours: int):
    rows = feeds_of(DAYS[name])["predbat"]["raw_today"]

    assert len(rows) == half_hours
    assert rows[0]["start"].endswith(("T00:00:00+11:00", "T00:00:00+10:00"))
    assert rows[-1]["end"].endswith(("T00:00:00+11:00", "T00:00:00+10:00"))
    assert all(one["end"] == two["start"] for one, two in pairwise(rows))
    assert feeds_of(DAYS[name])["emhass"]["prediction_horizon"] == half_hours - 1


def test_a_gap_is_held_where_a_planner_would_take_it_for_free_energy():
    feeds = feeds_of(DAYS["gap"])

    assert len(feeds["evcc"]["grid"]) == 45
    assert len(feeds["predbat"]["raw_today"]) == 48
    values = [one["value"] for one in feeds["predbat"]["raw_today"]]
    assert values[19:23] == [values[19]] * 4
    assert values[23] != values[19]


def test_a_price_longer_than_half_an_hour_is_in_each_of_them():
    steps = price_steps(parsed(DAYS["24 hours"].general), PriceSource.AEMO)
    one = steps[1]
    whole = type(one)(one.starts_at, one.starts_at + 3 * HALF_HOUR, 0.25)

    feed = predbat_feed((steps[0], whole), one.starts_at, SYDNEY)

    values = [row["value"] for row in feed["raw_today"]]
    assert values == [steps[0].price_aud_per_kwh, 0.25, 0.25, 0.25]


def test_tomorrow_begins_at_local_midnight():
    day = DAYS["24 hours"]
    steps = price_steps(parsed(day.general), PriceSource.AEMO)

    feed = predbat_feed(steps, day.begin - HALF_HOUR, SYDNEY)

    assert feed["raw_today"] == []
    assert feed["raw_tomorrow"] == feeds_of(day)["predbat"]["raw_today"]


def test_without_prices_every_form_is_empty():
    now = DAYS["24 hours"].begin

    assert emhass_feed((), (), now, HALF_HOUR) == {
        "load_cost_forecast": {},
        "prediction_horizon": 0,
    }
    assert evcc_rates(()) == []
    assert haeo_feed(()) == {"forecasts": []}
    assert predbat_feed((), now, SYDNEY) == {"raw_today": [], "raw_tomorrow": []}


@pytest.mark.parametrize(
    ("source", "difference"),
    [
        (PriceSource.AEMO, 0),
        (PriceSource.ADVANCED, -0.01),
        (PriceSource.ADVANCED_LOW, -0.02),
        (PriceSource.ADVANCED_HIGH, 0.03),
    ],
)
def test_a_price_is_that_of_its_source(source: PriceSource, difference: float):
    day = DAYS["24 hours"]
    general, feed_in = (
        next(one for one in parsed(rows) if one.life is Life.FORECAST)
        for rows in (day.general, day.feed_in)
    )

    found = price_step(general, source).price_aud_per_kwh

    assert found == pytest.approx(general.price_aud_per_kwh + difference)
    # without Amber's own forecast it is the market operator's
    assert price_step(feed_in, source).price_aud_per_kwh == feed_in.price_aud_per_kwh


@pytest.mark.parametrize("source", PriceSource)
def test_an_interval_that_has_begun_has_its_own_price_by_each_source(
    source: PriceSource,
):
    answer = json.loads(RECORDED.read_text())
    [general] = [
        one
        for one in parsed(answer)
        if one.life is Life.CURRENT and one.channel_type == ChannelType.GENERAL
    ]
    assert general.advanced_price is not None

    assert price_step(general, source).price_aud_per_kwh == pytest.approx(0.0621768)


def test_of_overlapping_prices_the_one_that_began_first_counts():
    day = DAYS["mixed durations"]

    steps = price_steps(parsed(day.general), PriceSource.AEMO)

    assert all(one.ends_at == two.starts_at for one, two in pairwise(steps))
    assert steps[31].starts_at == day.begin + 31 * 5 * MINUTE
    assert steps[31].ends_at - steps[31].starts_at == 25 * MINUTE
