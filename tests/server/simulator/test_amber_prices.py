"""Prices of the simulated Amber: shape, purity, days, signs, depth."""

import json
from datetime import UTC, date, datetime, timedelta
from itertools import groupby, pairwise
from pathlib import Path

import pytest

from energy_logger_server.api.nem import nem_day_start
from energy_logger_simulator.amber.answers import AmberAnswers
from energy_logger_simulator.amber.config import AmberConfig
from energy_logger_simulator.amber.sites import SITE_A, SITE_B, SITE_C, SITE_D
from tests.server.simulator.running_amber import (
    START,
    TODAY,
    Records,
    RunningAmber,
    StartAmber,
    blocks,
    days_ago,
    nem,
    prices_of,
)

RECORDED = Path(__file__).parents[2] / "fixtures/amber/prices-2024-09-04-30min.json"
CUTOVER = days_ago(120)
A_YEAR = [days_ago(ago) for ago in range(1, 366)]


def key_sets(records: Records) -> set[tuple[str, str, tuple[str, ...]]]:
    return {
        (record["channelType"], record["type"], tuple(record)) for record in records
    }


def test_keys_and_their_order_are_those_of_the_recorded_answer(
    answers: AmberAnswers,
) -> None:
    recorded = json.loads(RECORDED.read_bytes())
    asked = {"endDate": (TODAY + timedelta(days=1)).isoformat()}

    simulated = answers.prices(SITE_A, asked, nem(14, 0, 40))

    assert key_sets(simulated) == key_sets(recorded)
    assert {tuple(record["tariffInformation"]) for record in simulated[:9]} == {
        ("demandWindow",)
    }


def test_a_time_of_use_tariff_tells_period_and_season(answers: AmberAnswers) -> None:
    found = blocks(prices_of(answers, SITE_B, days_ago(3)))

    assert all(
        tuple(record["tariffInformation"]) == ("period", "season")
        for channel in ("general", "controlledLoad")
        for record in found[channel]
    )
    assert not any("tariffInformation" in record for record in found["feedIn"])


def test_the_closed_site_has_no_tariff_and_a_pending_one_has_prices() -> None:
    answers = AmberAnswers(AmberConfig(start=START, sites_extra=True))

    closed = prices_of(answers, SITE_C, days_ago(1))
    pending = prices_of(answers, SITE_D, days_ago(1))

    assert not any("tariffInformation" in record for record in closed)
    assert len(pending) == 288


def test_numbers_have_the_recorded_formats(answers: AmberAnswers) -> None:
    days = {"startDate": days_ago(7).isoformat(), "endDate": days_ago(1).isoformat()}

    records = answers.prices(SITE_B, days, START)
    assert records
    for record in records:
        for name in ("perKwh", "spotPerKwh"):
            assert round(record[name], 5) == record[name]
            assert str(record[name]) not in {"0.0", "-0.0"}


def test_renewables_have_three_decimals_only_in_the_present(
    answers: AmberAnswers,
) -> None:
    records = prices_of(answers, SITE_A, TODAY)
    assert records
    for record in records:
        is_short = round(record["renewables"], 3) == record["renewables"]
        assert is_short == (record["type"] == "CurrentInterval")


async def test_the_same_question_at_the_same_time_has_the_same_bytes(
    start_amber: StartAmber,
) -> None:
    one, other = await start_amber(), await start_amber()
    path = f"sites/{SITE_B}/prices"

    bodies = {
        (await amber.get(path, startDate=days_ago(2))).body for amber in (one, other)
    }

    assert len(bodies) == 1


def test_another_seed_is_another_history(answers: AmberAnswers) -> None:
    other = AmberAnswers(AmberConfig(start=START, seed=2))

    assert prices_of(answers, SITE_A, TODAY) != prices_of(other, SITE_A, TODAY)


@pytest.mark.parametrize("site", [SITE_A, SITE_B])
def test_slices_of_a_day_agree_record_by_record(
    answers: AmberAnswers, site: str
) -> None:
    asked = {"startDate": days_ago(1).isoformat(), "endDate": TODAY.isoformat()}
    whole = {
        (record["endTime"], record["duration"], record["channelType"]): record
        for record in answers.prices(site, asked, START)
    }

    around = answers.current(site, {"previous": "60", "next": "4"}, START)

    assert all(
        whole[record["endTime"], record["duration"], record["channelType"]] == record
        for record in around
    )


def test_channels_share_spot_renewables_and_range(answers: AmberAnswers) -> None:
    asked = {"endDate": (TODAY + timedelta(days=1)).isoformat()}
    found = blocks(answers.prices(SITE_B, asked, START))

    assert found
    for same in zip(*found.values(), strict=True):
        for name in ("endTime", "spotPerKwh", "renewables", "range", "spikeStatus"):
            assert len({json.dumps(record.get(name)) for record in same}) == 1


def test_blocks_come_as_general_controlled_load_feed_in(
    answers: AmberAnswers,
) -> None:
    order = [
        channel
        for channel, _ in groupby(
            answers.current(SITE_B, {"next": "5"}, START),
            key=lambda record: record["channelType"],
        )
    ]

    assert order == ["general", "controlledLoad", "feedIn"]


@pytest.mark.parametrize("month", range(12))
@pytest.mark.parametrize(("site", "channels"), [(SITE_A, 2), (SITE_B, 3)])
def test_a_day_is_whole_without_gap_or_overlap(
    answers: AmberAnswers, site: str, channels: int, month: int
) -> None:
    for day in A_YEAR[month::12]:
        is_short = site == SITE_B and day >= CUTOVER
        minutes = 5 if is_short else 30
        found = blocks(prices_of(answers, site, day))

        assert len(found) == channels
        for block in found.values():
            assert len(block) == 1440 // minutes
            _assert_is_the_day(block, day, minutes)


def _assert_is_the_day(block: Records, day: date, minutes: int) -> None:
    ends = [datetime.fromisoformat(record["nemTime"]) for record in block]
    assert ends[0] == nem_day_start(day) + timedelta(minutes=minutes)
    assert ends[-1] == nem_day_start(day + timedelta(days=1))
    assert ends[-1].isoformat() == f"{day + timedelta(days=1)}T00:00:00+10:00"
    assert {after - before for before, after in pairwise(ends)} == {
        timedelta(minutes=minutes)
    }
    for record, end in zip(block, ends, strict=True):
        start = end - timedelta(minutes=minutes) + timedelta(seconds=1)
        assert record["date"] == day.isoformat()
        assert record["duration"] == minutes
        assert record["endTime"] == f"{end.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
        assert record["startTime"] == f"{start.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def test_one_answer_mixes_lengths_at_the_change_of_billing(
    answers: AmberAnswers,
) -> None:
    before = CUTOVER - timedelta(days=1)
    asked = {"startDate": before.isoformat(), "endDate": CUTOVER.isoformat()}

    found = blocks(answers.prices(SITE_B, asked, START))["general"]

    assert [record["duration"] for record in found] == [30] * 48 + [5] * 288


@pytest.mark.parametrize("day", A_YEAR[::30], ids=str)
def test_feed_in_has_the_sign_opposite_to_spot_where_nothing_is_added(
    answers: AmberAnswers, day: date
) -> None:
    records = blocks(prices_of(answers, SITE_A, day))["feedIn"]
    assert records
    for record in records:
        assert record["perKwh"] * record["spotPerKwh"] <= 0
        assert record["perKwh"] == pytest.approx(-0.97 * record["spotPerKwh"], abs=1e-5)


def test_a_price_is_a_line_in_spot_within_a_period(answers: AmberAnswers) -> None:
    constants = {"offPeak": 16.2, "solarSponge": 8.3, "shoulder": 8.6, "peak": 20.0}

    records = prices_of(answers, SITE_B, days_ago(9))
    assert records
    for record in records:
        spot, per_kwh = record["spotPerKwh"], record["perKwh"]
        if record["channelType"] == "feedIn":
            continue
        line = 1.07 * spot + constants[record["tariffInformation"]["period"]]
        if record["channelType"] == "controlledLoad":
            line -= 6
        assert per_kwh == pytest.approx(line, abs=1e-5)


def test_advanced_prices_rise_on_import_and_fall_on_feed_in(
    answers: AmberAnswers,
) -> None:
    asked = {"next": "300"}

    for site in (SITE_A, SITE_B):
        records = answers.current(site, asked, START)
        advanced = [record for record in records if "advancedPrice" in record]
        assert {"general", "feedIn"} <= set(blocks(advanced))
        for record in advanced:
            values = list(record["advancedPrice"].values())
            is_falling = record["channelType"] == "feedIn"
            assert values == sorted(set(values), reverse=is_falling)


def test_advanced_prices_reach_a_day_and_beyond_it_there_is_a_range(
    answers: AmberAnswers,
) -> None:
    records = answers.current(SITE_A, {"next": "300"}, START)
    assert {"advancedPrice" in record for record in records} == {True, False}
    for record in records:
        end = datetime.fromisoformat(record["endTime"])
        start = end - timedelta(minutes=record["duration"])
        is_near = start - START <= timedelta(hours=24, minutes=30)
        assert ("advancedPrice" in record) == is_near
        assert is_near or "range" in record


@pytest.mark.parametrize("day", A_YEAR[::7], ids=str)
def test_words_follow_the_prices(answers: AmberAnswers, day: date) -> None:
    records = prices_of(answers, SITE_A, day)
    assert records
    for record in records:
        is_spike = record["spotPerKwh"] >= 100
        assert (record["spikeStatus"] == "spike") == is_spike
        if record["channelType"] == "feedIn":
            assert (record["descriptor"] == "spike") == is_spike
            assert (record["descriptor"] == "extremelyLow") == (
                record["perKwh"] > 0 and not is_spike
            )
        else:
            assert (record["descriptor"] == "extremelyLow") == (record["perKwh"] < 12)
            assert (record["descriptor"] == "spike") == (record["perKwh"] >= 100)


def test_there_are_no_prices_before_the_depth_nor_in_the_far_future(
    answers: AmberAnswers,
) -> None:
    assert prices_of(answers, SITE_A, days_ago(575)) == []
    assert len(prices_of(answers, SITE_A, days_ago(574))) == 96
    assert prices_of(answers, SITE_A, TODAY + timedelta(days=3)) == []
    assert prices_of(answers, SITE_A, date.max) == []
    assert prices_of(answers, SITE_A, date.min) == []


def test_prices_go_back_further_than_the_site(answers: AmberAnswers) -> None:
    active_from = date.fromisoformat(answers.sites("", {}, START)[0]["activeFrom"])

    assert prices_of(answers, SITE_A, active_from - timedelta(days=100))


def test_previous_intervals_may_be_missing_sometimes() -> None:
    answers = AmberAnswers(AmberConfig(start=START, previous_flaky=True))
    counts = [
        len(answers.current(SITE_A, {"previous": "5"}, START + timedelta(minutes=n)))
        for n in range(0, 600, 5)
    ]

    assert max(counts) == 12
    assert min(counts) < 12
    assert counts.count(12) > 60


def test_a_past_price_can_change_three_days_later() -> None:
    day = days_ago(10)
    answers = AmberAnswers(AmberConfig(start=START, late_price_revision=day))
    change = nem_day_start(day) + timedelta(days=4)

    before = prices_of(answers, SITE_B, day, change - timedelta(seconds=1))
    after = prices_of(answers, SITE_B, day, change)
    neighbour = prices_of(answers, SITE_B, day + timedelta(days=1), change)

    raised = [
        new["perKwh"] - old["perKwh"] for old, new in zip(before, after, strict=True)
    ]
    assert raised == pytest.approx([1.0] * 576 + [0.0] * 288)
    assert neighbour == prices_of(
        AmberAnswers(AmberConfig(start=START)),
        SITE_B,
        day + timedelta(days=1),
        change,
    )


def test_a_real_month_is_replayed() -> None:
    now = datetime(2024, 2, 20, tzinfo=UTC)
    answers = AmberAnswers(AmberConfig(start=now))

    spots = [
        record["spotPerKwh"]
        for record in prices_of(answers, SITE_B, date(2024, 2, 13), now, resolution="5")
    ]

    # the storm of 13 February 2024 took the market to its cap, 16,600 AUD/MWh
    assert max(spots) == 1826.0


async def test_renewables_need_no_key(amber: RunningAmber) -> None:
    reply = await amber.get_with("state/qld/renewables/current", {}, next=2)

    found = reply.json()

    assert [record["type"] for record in found] == [
        "CurrentRenewable",
        "ForecastRenewable",
        "ForecastRenewable",
    ]
    assert "RateLimit-Limit" not in reply.headers
    assert list(found[0]) == [
        "type",
        "duration",
        "date",
        "nemTime",
        "startTime",
        "endTime",
        "renewables",
        "descriptor",
    ]


def test_renewables_get_words_for_all_shares(answers: AmberAnswers) -> None:
    words = {
        record["descriptor"]
        for day in range(30)
        for record in answers.renewables(
            "sa", {"previous": "48", "resolution": "30"}, START - timedelta(days=day)
        )
    }

    assert words == {"best", "great", "ok", "notGreat", "worst"}
