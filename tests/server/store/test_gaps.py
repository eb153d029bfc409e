"""Gaps as both databases tell them, and wanting days again."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from energy_logger_server.api.exact_json import JsonObject
from energy_logger_server.domain.collecting.gaps import Gap, GapState
from energy_logger_server.domain.collecting.ledger import DayState, Kind, SeriesKey
from energy_logger_server.domain.collecting.runs import (
    Failure,
    Outcome,
    RunEnd,
    Source,
    Trigger,
)
from energy_logger_server.store import Store
from energy_logger_server.store.ledger.gaps import (
    GapPage,
    GapSpan,
    askable_series,
    gaps,
)
from tests.server.store.material import (
    NOON,
    SITE_ID,
    TODAY,
    ago,
    area,
    areas_read,
    ends_of_day,
    grid_of,
    lists_of_days,
    price,
    prices_read,
    rows,
    site,
    sites_read,
    usage,
    usage_read,
    write,
)

ALL = GapSpan(nem_today=TODAY, central_today=date(2026, 1, 3))
GENERAL = SeriesKey(Kind.PRICE, SITE_ID, "general")
FEED_IN = SeriesKey(Kind.PRICE, SITE_ID, "feedIn")
E1 = SeriesKey(Kind.USAGE, SITE_ID, "E1")
B1 = SeriesKey(Kind.USAGE, SITE_ID, "B1")


def of_day(day: date) -> list[JsonObject]:
    return [price(end) for end in ends_of_day(day, 30)]


async def found(store: Store, wanted: GapSpan = ALL) -> GapPage:
    return await store.read(gaps, wanted=wanted)


def keys(page: GapPage) -> list[tuple[SeriesKey, date]]:
    return [(gap.series, gap.day) for gap in page.gaps]


async def test_days_without_all_their_minutes_are_gaps_newest_first(store):
    half = of_day(ago(2))[:24]
    await write(store, sites_read(site()), prices_read(half, (ago(2), ago(1))))

    page = await found(store)

    assert keys(page) == [
        (GENERAL, ago(1)),
        (FEED_IN, ago(1)),
        (GENERAL, ago(2)),
        (FEED_IN, ago(2)),
    ]
    assert page.gaps[2] == Gap(
        series=GENERAL,
        day=ago(2),
        state=GapState.PARTIAL,
        expected_minutes=1440,
        present_minutes=720,
        estimated_minutes=0,
        attempts=1,
        checked_at=NOON,
        cause="upstream was asked, and did not have all of it",
        is_marked=False,
    )
    assert page.gaps[2].missing_minutes == 720


async def test_a_complete_day_and_the_running_one_are_no_gaps(store):
    channel: JsonObject = {"channels": [{"identifier": "E1", "type": "general"}]}
    await write(store, sites_read(site(**channel)))
    await write(store, prices_read(of_day(ago(1)), (ago(1), TODAY)))

    assert keys(await found(store)) == []


async def test_estimated_usage_is_a_gap_though_every_minute_is_there(store):
    records = [usage(end, quality="estimated") for end in ends_of_day(ago(1), 30)]
    await write(store, usage_read(records, (ago(1), ago(1))))

    (gap,) = (await found(store)).gaps

    assert (gap.series, gap.state) == (E1, GapState.ESTIMATED)
    assert (gap.missing_minutes, gap.estimated_minutes) == (0, 1440)


async def test_days_without_a_line_are_gaps_of_an_active_site(store):
    await write(store, sites_read(site()), prices_read(of_day(ago(5)), (ago(5),) * 2))
    await write(store, prices_read(of_day(ago(3)), (ago(3), ago(3))))

    page = await found(store, replace(ALL, owner=SITE_ID))

    general = [gap for gap in page.gaps if gap.series == GENERAL]
    assert [gap.day for gap in general] == [ago(1), ago(2), ago(4)]
    assert {gap.state for gap in general} == {GapState.MISSING}
    assert {(gap.attempts, gap.checked_at) for gap in general} == {(0, None)}
    assert {gap.cause for gap in general} == {"it was not asked for yet"}
    assert {gap.series for gap in page.gaps} == {GENERAL, FEED_IN}


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"status": "closed", "closedOn": "2026-01-01"}, id="closed"),
        pytest.param(
            {"channels": [{"identifier": "E9", "type": "controlledLoad"}]},
            id="another channel",
        ),
    ],
)
async def test_no_more_days_are_expected_of_what_the_site_no_longer_has(store, change):
    await write(store, sites_read(site()), prices_read(of_day(ago(5)), (ago(5),) * 2))
    await write(store, sites_read(site(**change)))

    assert keys(await found(store)) == [(FEED_IN, ago(5))]


async def test_gaps_can_be_chosen(store):
    await write(store, sites_read(site()), prices_read([], (ago(3), ago(1))))
    await write(store, usage_read([], (ago(3), ago(1))))

    async def days(**changes: Any) -> set[tuple[Kind, int]]:
        page = await found(store, replace(ALL, **changes))
        return {(gap.series.kind, (TODAY - gap.day).days) for gap in page.gaps}

    assert await days(kind=Kind.USAGE) == {(Kind.USAGE, n) for n in (1, 2, 3)}
    assert await days(owner="other") == set()
    assert await days(first=ago(1), kind=Kind.PRICE) == {(Kind.PRICE, 1)}
    assert await days(last=ago(3), kind=Kind.PRICE) == {(Kind.PRICE, 3)}
    assert await days(state=GapState.PARTIAL) == set()
    assert await days(state=GapState.MISSING, first=ago(2), last=ago(2)) == {
        (Kind.PRICE, 2),
        (Kind.USAGE, 2),
    }
    assert await days(kind=Kind.LOAD) == set()


async def test_pages_hold_every_gap_once_with_and_without_a_line(store):
    await write(store, sites_read(site()), prices_read([], (ago(9), ago(7))))
    await write(store, prices_read([], (ago(3), ago(2))), usage_read([], (ago(4),) * 2))
    whole = keys(await found(store))
    paged, cursor = [], None

    while True:
        page = await found(store, replace(ALL, limit=3, cursor=cursor))
        assert len(page.gaps) <= 3
        paged += keys(page)
        cursor = page.cursor
        if cursor is None:
            break

    assert paged == whole
    assert len(whole) == len(set(whole)) == 2 * 9 + 2 * 4
    assert [day for _series, day in whole] == sorted(
        (day for _series, day in whole), reverse=True
    )


async def test_the_cause_is_the_failure_since_the_last_answer(store, clock):
    await write(store, sites_read(site()), prices_read([], (ago(2), ago(1))))
    clock.at = NOON + timedelta(hours=1)
    for message in ("amber: 502", "amber: 503"):
        run_id = await store.begin_run(Source.AMBER, Trigger.TICK, 5)
        failure = Failure(f"price/{SITE_ID}", "unreachable", message)
        await store.write(run_id, (), end=RunEnd(NOON, Outcome.FAILED, 1, (failure,)))

    causes = {gap.cause for gap in (await found(store)).gaps}

    assert causes == {"amber: 503"}


async def test_the_ledgers_own_cause_comes_first(store):
    await write(store, sites_read(site()), prices_read([], (ago(2), ago(1))))
    await store.mark_unavailable(GENERAL, [ago(2)], "Amber had none")

    page = await found(store, replace(ALL, state=GapState.UNAVAILABLE))

    assert [(gap.series, gap.day, gap.cause) for gap in page.gaps] == [
        (GENERAL, ago(2), "Amber had none")
    ]


async def test_a_day_of_kamo_is_a_gap_when_it_is_over_in_central_time(store):
    hours: JsonObject = {
        "Id": 1,
        "lineChartLabels": ["01/02/2026 20:00", "01/02/2026 23:00"],
        "chartLineData": [{"label": "Actual", "data": [1.0, 2.0]}],
    }
    at = datetime(2026, 1, 3, 7, tzinfo=UTC)
    await write(store, areas_read([area(1)]), grid_of(hours, 1, at=at))

    page = await found(store, replace(ALL, kind=Kind.LOAD))
    earlier = replace(ALL, central_today=date(2026, 1, 2))

    (gap,) = page.gaps
    assert (gap.series, gap.day) == (SeriesKey(Kind.LOAD, "1"), date(2026, 1, 2))
    assert (gap.expected_minutes, gap.missing_minutes) == (240, 120)
    assert keys(await found(store, earlier)) == []


async def test_what_can_be_asked_for_are_the_channels_of_the_accounts_sites(store):
    await write(store, sites_read(site()))
    before = await store.read(askable_series)
    other = site(id="01OTHER", channels=[])
    await write(store, *lists_of_days(other))

    assert before == {GENERAL, FEED_IN, E1, B1}
    assert await store.read(askable_series) == frozenset()


async def test_days_that_are_wanted_again_are_marked_unless_they_are_complete(store):
    await write(store, sites_read(site()))
    await write(store, prices_read(of_day(ago(3)), (ago(3), ago(1))))
    await store.mark_unavailable(GENERAL, [ago(1)], "Amber had none")

    await store.want_days_again({GENERAL: [ago(1), ago(2), ago(3), ago(99)]})

    marked = await rows(
        store, "SELECT day, state FROM day_ledger WHERE recheck ORDER BY day"
    )
    assert [state for _day, state in marked] == [
        DayState.MISSING,
        DayState.UNAVAILABLE,
    ]
    page = await found(store, replace(ALL, first=ago(2)))
    flags = {(gap.series, gap.day): gap.is_marked for gap in page.gaps}
    assert flags == {
        (GENERAL, ago(1)): True,
        (GENERAL, ago(2)): True,
        (FEED_IN, ago(1)): False,
        (FEED_IN, ago(2)): False,
    }


async def test_days_before_a_site_was_active_are_no_gaps(store):
    new = site(activeFrom=ago(2).isoformat())
    await write(store, sites_read(new), prices_read(of_day(ago(5)), (ago(5), ago(5))))

    page = await found(store, replace(ALL, kind=Kind.PRICE, first=ago(4)))

    assert {gap.day for gap in page.gaps if gap.state is GapState.MISSING} == {
        ago(1),
        ago(2),
    }
