"""The life of the simulated Amber's prices, and which intervals are forecast."""

from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

import pytest

from energy_logger_server.api.nem import nem_day_start
from energy_logger_simulator.amber.answers import AmberAnswers
from energy_logger_simulator.amber.config import AmberConfig, ResolutionMode
from energy_logger_simulator.amber.sites import SITE_A, SITE_B
from tests.server.simulator.running_amber import (
    START,
    TODAY,
    blocks,
    days_ago,
    nem,
    prices_of,
)

CUTOVER = days_ago(120)


def current_of(answers: AmberAnswers, site: str, now: datetime) -> dict[str, Any]:
    return next(
        record
        for record in answers.current(site, {}, now)
        if record["type"] == "CurrentInterval"
    )


def test_an_interval_is_forecast_then_current_then_actual(
    answers: AmberAnswers,
) -> None:
    lives = []
    for seconds in range(0, 900, 10):
        now = nem(13, 50) + timedelta(seconds=seconds)
        record = next(
            record
            for record in answers.current(SITE_B, {"next": "4", "previous": "4"}, now)
            if record["nemTime"].startswith("2026-09-04T14:00")
            and record["duration"] == 5
        )
        lives.append((record["type"], record.get("estimate")))

    assert [life for life, _ in groupby(lives)] == [
        ("ForecastInterval", None),
        ("CurrentInterval", True),
        ("CurrentInterval", False),
        ("ActualInterval", None),
    ]
    assert lives.index(("CurrentInterval", True)) == 30
    assert lives.index(("ActualInterval", None)) == 60


def test_a_confirmed_price_is_the_later_actual_one(answers: AmberAnswers) -> None:
    confirmed = current_of(answers, SITE_B, nem(13, 54, 59))
    later = answers.current(SITE_B, {"previous": "1"}, nem(13, 55))[0]

    assert confirmed["estimate"] is False
    assert later["type"] == "ActualInterval"
    assert (later["endTime"], later["perKwh"]) == (
        confirmed["endTime"],
        confirmed["perKwh"],
    )


def test_a_half_hour_is_an_estimate_until_its_last_five_minutes(
    answers: AmberAnswers,
) -> None:
    first_firm = next(
        second
        for second in range(1800)
        if not current_of(answers, SITE_A, nem(14, 0) + timedelta(seconds=second))[
            "estimate"
        ]
    )

    assert 1500 + 14 <= first_firm < 1800


def test_a_half_hour_blends_what_is_known_with_what_is_forecast(
    answers: AmberAnswers,
) -> None:
    now = nem(14, 24, 59)
    fives = [
        record["spotPerKwh"]
        for record in answers.current(SITE_B, {"previous": "4", "next": "1"}, now)
        if record["channelType"] == "general"
    ]

    blend = current_of(answers, SITE_A, now)

    assert blend["estimate"] is True
    assert blend["spotPerKwh"] == pytest.approx(sum(fives) / 6, abs=1e-5)


def test_forecasts_revise_every_five_minutes_and_not_in_between(
    answers: AmberAnswers,
) -> None:
    def far(now: datetime) -> object:
        return answers.current(SITE_A, {"next": "20"}, now)[20]["spotPerKwh"]

    assert far(nem(14, 0)) == far(nem(14, 4, 59))
    assert far(nem(14, 0)) != far(nem(14, 5))


def test_forecasts_go_in_fives_to_a_half_hour_mark_then_in_half_hours(
    answers: AmberAnswers,
) -> None:
    now = nem(16, 20)
    coming = blocks(answers.current(SITE_B, {"next": "2048"}, now))["general"][1:]

    fives = [record["nemTime"][11:16] for record in coming if record["duration"] == 5]

    assert fives[0] == "16:30"
    assert fives[-1] == "17:00"
    assert coming[len(fives)]["nemTime"][11:16] == "17:30"
    assert coming[len(fives)]["duration"] == 30
    assert coming[-1]["nemTime"] == "2026-09-06T04:00:00+10:00"


@pytest.mark.parametrize(
    ("now", "end"),
    [(nem(12, 29, 59), "2026-09-05T04:00"), (nem(12, 30), "2026-09-06T04:00")],
    ids=["morning", "afternoon"],
)
def test_forecasts_end_at_four_and_get_a_day_longer_at_half_past_twelve(
    answers: AmberAnswers, now: datetime, end: str
) -> None:
    asked = {"endDate": (TODAY + timedelta(days=7)).isoformat()}

    assert answers.prices(SITE_A, asked, now)[-1]["nemTime"].startswith(end)


def test_next_and_previous_count_intervals_of_any_length(
    answers: AmberAnswers,
) -> None:
    found = blocks(answers.current(SITE_B, {"next": "20", "previous": "7"}, START))

    assert [len(block) for block in found.values()] == [28, 28, 28]
    assert [record["type"] for record in found["general"]] == [
        *["ActualInterval"] * 7,
        "CurrentInterval",
        *["ForecastInterval"] * 20,
    ]


def test_previous_goes_over_the_change_of_billing_and_stops_at_the_depth() -> None:
    start = nem_day_start(CUTOVER) + timedelta(minutes=10)
    answers = AmberAnswers(
        AmberConfig(start=start, cutover=CUTOVER, price_depth_days=1)
    )

    found = blocks(answers.current(SITE_B, {"previous": "2000"}, start))["general"]

    assert [record["duration"] for record in found] == [30] * 48 + [5] * 3


def test_resolution_30_merges_fives(answers: AmberAnswers) -> None:
    fives = blocks(prices_of(answers, SITE_B, days_ago(2)))["general"]
    halves = blocks(prices_of(answers, SITE_B, days_ago(2), resolution="30"))["general"]

    assert len(halves) == 48
    assert halves[7]["spotPerKwh"] == pytest.approx(
        sum(record["spotPerKwh"] for record in fives[42:48]) / 6, abs=1e-5
    )


def test_resolution_5_splits_half_hours(answers: AmberAnswers) -> None:
    assert len(prices_of(answers, SITE_A, days_ago(2), resolution="5")) == 2 * 288


def test_resolution_may_do_nothing() -> None:
    answers = AmberAnswers(
        AmberConfig(start=START, resolution_mode=ResolutionMode.IGNORE)
    )

    assert len(prices_of(answers, SITE_A, days_ago(2), resolution="5")) == 2 * 48
    assert answers.renewables("sa", {"resolution": "5"}, START)[0]["duration"] == 30
