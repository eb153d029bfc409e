"""Usage of the simulated Amber: cost, publication, quality, depth."""

from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any

import pytest

from energy_logger_server.api.nem import nem_day_start
from energy_logger_simulator.amber.answers import AmberAnswers
from energy_logger_simulator.amber.config import AmberConfig, PartialDay
from energy_logger_simulator.amber.publication import Publication
from energy_logger_simulator.amber.records import cost_cents
from energy_logger_simulator.amber.sites import (
    SITE_A,
    SITE_B,
    SITE_C,
    SITE_D,
    simulated_sites,
)
from tests.server.simulator.running_amber import (
    START,
    TODAY,
    Records,
    blocks,
    days_ago,
    prices_of,
)

KEYS = [
    "type",
    "duration",
    "date",
    "endTime",
    "quality",
    "kwh",
    "nemTime",
    "perKwh",
    "channelType",
    "channelIdentifier",
    "cost",
    "renewables",
    "spotPerKwh",
    "startTime",
    "spikeStatus",
]
SOME_DAYS = [days_ago(ago) for ago in range(8, 90, 9)]


def usage_of(
    answers: AmberAnswers, site: str, day: date, now: datetime = START
) -> Records:
    asked = {"startDate": day.isoformat(), "endDate": day.isoformat()}
    return answers.usage(site, asked, now)


def answers_with(**options: Any) -> AmberAnswers:
    return AmberAnswers(AmberConfig(start=START, **options))


def publication_of(site: str) -> Publication:
    config = AmberConfig(start=START)
    found = {one.id: one for one in simulated_sites(config)}
    return Publication(config, found[site])


def estimated_day() -> date:
    """A day of site A that is estimated at first."""
    publication = publication_of(SITE_A)
    return next(
        day
        for day in map(days_ago, range(30, 90))
        if publication.billable_at(day) > publication.published_at(day)
    )


@pytest.mark.parametrize("site", [SITE_A, SITE_B])
@pytest.mark.parametrize("day", SOME_DAYS, ids=str)
def test_usage_repeats_the_actual_price_and_costs_energy_times_price(
    answers: AmberAnswers, site: str, day: date
) -> None:
    usage = usage_of(answers, site, day)
    prices = prices_of(answers, site, day)

    assert usage
    for used, priced in zip(usage, prices, strict=True):
        for name in (
            *("perKwh", "spotPerKwh", "renewables", "spikeStatus", "descriptor"),
            *("startTime", "endTime", "nemTime", "date", "duration", "channelType"),
        ):
            assert used[name] == priced[name]
        assert used.get("tariffInformation") == priced.get("tariffInformation")
        assert used["cost"] == pytest.approx(
            used["kwh"] * used["perKwh"], abs=5.0001e-5
        )
        assert round(used["cost"], 4) == used["cost"]
        assert round(used["kwh"], 3) == used["kwh"]
        assert used["kwh"] >= 0


def test_keys_are_in_the_recorded_order(answers: AmberAnswers) -> None:
    found = blocks(usage_of(answers, SITE_B, days_ago(20)))

    assert list(found["general"][0]) == [*KEYS, "tariffInformation", "descriptor"]
    assert list(found["feedIn"][0]) == [*KEYS, "descriptor"]
    assert [block[0]["channelIdentifier"] for block in found.values()] == [
        "E1",
        "E2",
        "B1",
    ]


def test_channels_can_have_other_names() -> None:
    found = blocks(usage_of(answers_with(nine_identifiers=True), SITE_A, days_ago(20)))

    assert [block[0]["channelIdentifier"] for block in found.values()] == ["E9", "B9"]


def test_half_hours_can_have_import_and_export_but_fives_cannot(
    answers: AmberAnswers,
) -> None:
    def share(site: str) -> int:
        found = blocks(
            [record for day in SOME_DAYS for record in usage_of(answers, site, day)]
        )
        pairs = zip(found["general"], found["feedIn"], strict=True)
        return sum(taken["kwh"] > 0 < given["kwh"] for taken, given in pairs)

    assert share(SITE_A) > 0
    assert share(SITE_B) == 0


def test_hot_water_runs_at_night_by_the_local_clock(answers: AmberAnswers) -> None:
    # summer time in Melbourne: 23:00 to 04:00 there is 22:00 to 03:00 NEM
    day = date(2026, 1, 20)
    answers = AmberAnswers(
        AmberConfig(start=nem_day_start(day + timedelta(days=5)), cutover=day)
    )
    now = nem_day_start(day + timedelta(days=5))

    found = blocks(usage_of(answers, SITE_B, day, now))["controlledLoad"]

    running = [
        index
        for index, record in enumerate(found)
        if record["kwh"] == pytest.approx(0.3)
    ]
    assert running == [*range(36), *range(264, 288)]
    assert sum(record["kwh"] for record in found) == pytest.approx(18)


def test_exports_can_have_the_documented_sign_with_the_same_money(
    answers: AmberAnswers,
) -> None:
    day = days_ago(20)
    flipped = usage_of(answers_with(feed_in_negative_kwh=True), SITE_A, day)

    assert {"general", "feedIn"} <= set(blocks(flipped))
    for one, other in zip(usage_of(answers, SITE_A, day), flipped, strict=True):
        sign = -1 if one["channelType"] == "feedIn" else 1
        assert other == {**one, "kwh": sign * one["kwh"]}


@pytest.mark.parametrize(
    ("energy_wh", "per_kwh", "cents"),
    [
        (1000, 0.00005, 0.0),
        (1000, 0.00015, 0.0002),
        (1000, 0.00025, 0.0002),
        (1000, -0.00015, -0.0002),
        (25, 26.28319, 0.6571),
        (0, -3.5, 0.0),
    ],
)
def test_costs_are_rounded_half_to_even(
    energy_wh: int, per_kwh: float, cents: float
) -> None:
    assert cost_cents(energy_wh, per_kwh) == cents


# life


def test_a_day_comes_whole_the_next_morning(answers: AmberAnswers) -> None:
    publication = publication_of(SITE_A)
    delays = []
    for ago in range(2, 89):
        day = days_ago(ago)
        out = publication.published_at(day)
        delays.append(out - nem_day_start(day + timedelta(days=1)))
        second = timedelta(seconds=1)
        assert usage_of(answers, SITE_A, day, out - second) == []
        assert len(usage_of(answers, SITE_A, day, out)) == 96

    usual = [delay for delay in delays if delay < timedelta(days=1)]
    assert min(delays) >= timedelta(hours=3)
    assert max(usual) < timedelta(hours=7)
    assert max(delays) < timedelta(days=4, hours=7)
    assert 0 < len(delays) - len(usual) < 10


def test_today_and_the_future_have_no_usage(answers: AmberAnswers) -> None:
    late = nem_day_start(TODAY) + timedelta(hours=23, minutes=59)

    assert usage_of(answers, SITE_A, TODAY, late) == []
    assert usage_of(answers, SITE_A, TODAY + timedelta(days=1), late) == []
    assert usage_of(answers, SITE_A, date.max, late) == []


def test_some_days_are_estimated_and_become_billable_exactly_once(
    answers: AmberAnswers,
) -> None:
    day = estimated_day()
    out = publication_of(SITE_A).published_at(day)
    seen = [
        usage_of(answers, SITE_A, day, out + timedelta(hours=6 * step))
        for step in range(4 * 20)
    ]

    versions = [version for version, _ in groupby(seen)]

    assert [version[0]["quality"] for version in versions] == ["estimated", "billable"]
    estimate, bill = versions
    assert [record["kwh"] for record in estimate] != [record["kwh"] for record in bill]
    assert [r["cost"] for r in estimate] != [r["cost"] for r in bill]
    assert sum(r["kwh"] for r in estimate) == pytest.approx(
        sum(r["kwh"] for r in bill), rel=0.01
    )
    assert estimate[0]["kwh"] == estimate[1]["kwh"]
    changed_after = publication_of(SITE_A).billable_at(day) - out
    assert timedelta(days=3) <= changed_after <= timedelta(days=10)


def test_one_day_in_twenty_is_estimated() -> None:
    publication = publication_of(SITE_B)

    count = sum(
        publication.billable_at(day) > publication.published_at(day)
        for day in map(days_ago, range(4000))
    )

    assert 150 < count < 250


def test_a_billable_day_can_change_again() -> None:
    day = days_ago(40)
    answers = answers_with(requantify=day)
    billable = publication_of(SITE_A).billable_at(day)
    change = billable + timedelta(days=12)

    before = usage_of(answers, SITE_A, day, change - timedelta(seconds=1))
    after = usage_of(answers, SITE_A, day, change)

    assert {record["quality"] for record in before + after} == {"billable"}
    assert sum(r["kwh"] for r in after) == pytest.approx(
        1.1 * sum(r["kwh"] for r in before), rel=0.01
    )


def test_a_gap_never_closes() -> None:
    answers = answers_with(gap_days=frozenset({days_ago(50)}))

    assert usage_of(answers, SITE_A, days_ago(50)) == []
    assert usage_of(answers, SITE_A, days_ago(49)) != []


@pytest.mark.parametrize(
    ("part", "count"),
    [(PartialDay.FEED_IN_LATE, 48), (PartialDay.MORNING_ONLY, 48)],
)
def test_a_day_can_come_in_two_parts(part: PartialDay, count: int) -> None:
    day = days_ago(30)
    answers = answers_with(partial_days={day: part})
    whole_at = publication_of(SITE_A).published_at(day) + timedelta(days=1)

    first = usage_of(answers, SITE_A, day, whole_at - timedelta(seconds=1))
    whole = usage_of(answers, SITE_A, day, whole_at)

    assert len(first) == count
    assert len(whole) == 96
    assert len(blocks(first)) == (1 if part is PartialDay.FEED_IN_LATE else 2)


def test_the_depth_is_a_fixed_date_or_moves_along() -> None:
    later = START + timedelta(days=5)
    fixed = answers_with()
    rolling = answers_with(usage_depth_rolling=True)

    assert usage_of(fixed, SITE_A, days_ago(90), later) != []
    assert usage_of(fixed, SITE_A, days_ago(91), later) == []
    assert usage_of(rolling, SITE_A, days_ago(85), later) != []
    assert usage_of(rolling, SITE_A, days_ago(86), later) == []


def test_a_site_has_usage_only_while_it_is_supplied() -> None:
    answers = answers_with(sites_extra=True, usage_depth_days=500)
    closed_on = days_ago(420)
    opens_on = TODAY + timedelta(days=14)
    later = START + timedelta(days=20)

    assert usage_of(answers, SITE_C, closed_on - timedelta(days=1)) != []
    assert usage_of(answers, SITE_C, closed_on) == []
    assert usage_of(answers, SITE_A, closed_on) != []
    assert usage_of(answers, SITE_A, closed_on - timedelta(days=1)) == []
    assert usage_of(answers, SITE_D, opens_on - timedelta(days=1), later) == []
    assert usage_of(answers, SITE_D, opens_on, later) != []
    assert answers.sites("", {}, later)[3]["status"] == "active"
    assert blocks(usage_of(answers, SITE_D, opens_on, later)).keys() == {"general"}


def test_usage_before_the_change_of_billing_is_in_half_hours() -> None:
    cutover = days_ago(60)
    answers = answers_with(cutover=cutover)
    asked = {
        "startDate": (cutover - timedelta(days=1)).isoformat(),
        "endDate": cutover.isoformat(),
    }

    found = blocks(answers.usage(SITE_B, asked, START))["general"]

    assert [record["duration"] for record in found] == [30] * 48 + [5] * 288
    before = START - timedelta(days=100)
    assert answers.sites("", {}, before)[1]["intervalLength"] == 30


def test_usage_follows_a_late_price_revision() -> None:
    day = days_ago(30)
    answers = answers_with(late_price_revision=day)

    usage, prices = usage_of(answers, SITE_A, day), prices_of(answers, SITE_A, day)

    assert [r["perKwh"] for r in usage] == [r["perKwh"] for r in prices]
