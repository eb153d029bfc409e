"""Prices and usage: settled, provisional, revised, counted once."""

from datetime import date, timedelta

import pytest

from energy_logger_server.domain.collecting.ledger import DayState, Kind
from energy_logger_server.domain.collecting.runs import KindCounts
from energy_logger_server.store.kamo.original import original_sites
from tests.server.store.material import (
    NOON,
    SITE_ID,
    TODAY,
    YESTERDAY,
    ends_of_day,
    lists_of_days,
    mirrored_prices,
    mirrored_usage,
    price,
    prices_read,
    recorded_prices,
    rows,
    site,
    sites_read,
    usage,
    usage_read,
    write,
)

LATER = NOON + timedelta(hours=6)


async def revisions(store):
    return await rows(
        store,
        "SELECT kind, reason, known_from, known_until, record FROM revision"
        " ORDER BY id",
    )


async def test_a_real_answer_comes_back_as_equal_json(store):
    records, objects = recorded_prices()

    await write(store, prices_read(objects))

    back = await mirrored_prices(store)
    assert len(records) == 192
    assert sorted(map(repr, back)) == sorted(map(repr, objects))
    assert await rows(store, "SELECT 1 FROM price WHERE extra IS NOT NULL") == []


async def test_writing_the_same_again_changes_no_row(store):
    _records, objects = recorded_prices()
    await write(store, sites_read(site()), prices_read(objects))
    before = await rows(store, "SELECT * FROM price ORDER BY 1, 2, 3")

    counts = await write(store, prices_read(objects, at=LATER))

    assert counts.price == KindCounts(unchanged=56)
    assert counts.forecast == KindCounts(unchanged=136)
    assert await rows(store, "SELECT * FROM price ORDER BY 1, 2, 3") == before


async def test_estimated_usage_ends_billable_and_the_old_value_is_in_the_revisions(
    store,
):
    ends = ends_of_day(YESTERDAY, 30)
    days = (YESTERDAY, YESTERDAY)
    first = [usage(end, quality="estimated") for end in ends[:3]]
    first += [usage(end) for end in ends[3:]]
    await write(store, usage_read(first, days))
    before = await rows(store, "SELECT * FROM usage ORDER BY end_at")

    second = [usage(ends[0], kwh=0.9), *(usage(end) for end in ends[1:])]
    counts = await write(store, usage_read(second, days, at=LATER), at=LATER)

    assert counts.usage == KindCounts(changed=3, unchanged=45)
    after = await rows(store, "SELECT * FROM usage ORDER BY end_at")
    assert after[3:] == before[3:]
    assert await mirrored_usage(store) == second
    old = await revisions(store)
    assert [line[:2] for line in old] == [("usage", "revised")] * 3
    assert '"quality":"estimated"' in old[0][4]
    assert old[0][2:4] == (int(NOON.timestamp()), int(LATER.timestamp()))
    (day,) = await store.ledger(kind=Kind.USAGE)
    assert day.state is DayState.COMPLETE


async def test_a_day_with_estimates_is_estimated_in_the_ledger(store):
    ends = ends_of_day(YESTERDAY, 30)
    records = [usage(ends[0], quality="estimated"), *(usage(end) for end in ends[1:])]

    await write(store, usage_read(records, (YESTERDAY, YESTERDAY)))

    (day,) = await store.ledger(kind=Kind.USAGE)
    assert (day.state, day.present_minutes, day.estimated_minutes) == (
        DayState.ESTIMATED,
        1440,
        30,
    )


async def test_a_day_with_unknown_costs_may_be_revised_until_they_are_there(store):
    ends = ends_of_day(YESTERDAY, 30)
    records = [usage(ends[0], cost=None), *(usage(end) for end in ends[1:])]

    await write(store, usage_read(records, (YESTERDAY, YESTERDAY)))
    (before,) = await store.ledger(kind=Kind.USAGE)
    priced = [usage(end) for end in ends]
    await write(store, usage_read(priced, (YESTERDAY, YESTERDAY), at=LATER))
    (after,) = await store.ledger(kind=Kind.USAGE)

    assert (before.state, before.estimated_minutes) == (DayState.ESTIMATED, 30)
    assert (after.state, after.estimated_minutes) == (DayState.COMPLETE, 0)
    ((_kind, reason, *_known, record),) = await revisions(store)
    assert (reason, '"cost":null' in record) == ("revised", True)


@pytest.mark.parametrize("unknown", [("cost",), ("perKwh",), ("cost", "perKwh")])
async def test_money_that_was_known_stays_where_only_it_is_missing_later(
    store, unknown
):
    ends = ends_of_day(YESTERDAY, 30)
    whole = [usage(end) for end in ends]
    odd = [{**record, **dict.fromkeys(unknown)} for record in whole]
    days = (YESTERDAY, YESTERDAY)
    await write(store, usage_read(whole, days))
    before = await rows(store, "SELECT * FROM usage ORDER BY end_at")

    counts = await write(store, usage_read(odd, days, at=LATER))

    assert counts.usage == KindCounts(unchanged=48)
    assert await rows(store, "SELECT * FROM usage ORDER BY end_at") == before
    assert await revisions(store) == []
    (day,) = await store.ledger(kind=Kind.USAGE)
    assert (day.state, day.estimated_minutes) == (DayState.COMPLETE, 0)


@pytest.mark.parametrize(
    "change", [{"kwh": 0.75}, {"quality": "estimated"}, {"perKwh": 30.5}]
)
async def test_an_unknown_cost_holds_where_something_else_has_changed_too(
    store, change
):
    ends = ends_of_day(YESTERDAY, 30)
    days = (YESTERDAY, YESTERDAY)
    await write(store, usage_read([usage(end) for end in ends], days))
    odd = [usage(end, **{"cost": None, **change}) for end in ends]

    counts = await write(store, usage_read(odd, days, at=LATER))

    assert counts.usage == KindCounts(changed=48)
    assert await rows(store, "SELECT DISTINCT cost_e4 FROM usage") == [(None,)]
    assert {row[1] for row in await revisions(store)} == {"revised"}


@pytest.mark.parametrize("first", [30, 5], ids=["30-to-5", "5-to-30"])
async def test_a_day_re_read_in_another_duration_counts_its_money_once(store, first):
    second = 35 - first
    days = (YESTERDAY, YESTERDAY)
    old = [usage(end, first, kwh=0.6) for end in ends_of_day(YESTERDAY, first)]
    new = [usage(end, second, kwh=0.1) for end in ends_of_day(YESTERDAY, second)]
    await write(store, usage_read(old, days))

    await write(store, usage_read(new, days, at=LATER))

    assert await mirrored_usage(store) == new
    assert await rows(store, "SELECT energy_e3, minutes FROM usage_day") == [
        (100 * len(new), 1440)
    ]
    reasons = {line[1] for line in await revisions(store)}
    assert reasons == {"superseded"}
    assert len(await revisions(store)) == len(old)


async def test_what_overlaps_an_incomplete_day_is_kept_aside_once(store):
    ends = ends_of_day(YESTERDAY, 30)
    days = (YESTERDAY, YESTERDAY)
    await write(store, usage_read([usage(end) for end in ends], days))
    short = [usage(end, 5) for end in ends_of_day(YESTERDAY, 5)[:7]]

    await write(store, usage_read(short, days))
    counts = await write(store, usage_read(short, days))

    assert counts.usage == KindCounts()
    assert await rows(store, "SELECT sum(minutes) FROM usage_day") == [(1440,)]
    kept = [line for line in await revisions(store) if line[1] == "not_adopted"]
    assert len(kept) == 7


async def test_a_changeover_from_30_to_5_minutes_at_midnight_overlaps_nothing(store):
    old = [usage(end, 30) for end in ends_of_day(YESTERDAY, 30)]
    new = [usage(end, 5) for end in ends_of_day(TODAY, 5)]

    counts = await write(store, usage_read([*old, *new], (YESTERDAY, TODAY)))

    assert counts.usage == KindCounts(new=48 + 288)
    assert await revisions(store) == []
    assert await mirrored_usage(store) == [*old, *new]


async def test_writing_a_day_leaves_the_next_days_sums_alone_whatever_its_duration(
    store,
):
    new = [usage(end, 5) for end in ends_of_day(TODAY, 5)]
    await write(store, usage_read(new, (TODAY, TODAY)))

    old = [usage(end, 30) for end in ends_of_day(YESTERDAY, 30)]
    await write(store, usage_read(old, (YESTERDAY, YESTERDAY)))

    assert await rows(store, "SELECT minutes FROM usage_day ORDER BY day") == [
        (1440,),
        (1440,),
    ]
    assert await rows(store, "SELECT DISTINCT minutes FROM usage_hour") == [(60,)]


async def test_an_empty_answer_never_downgrades_a_day_that_has_rows(store):
    days = (YESTERDAY, YESTERDAY)
    await write(store, usage_read([usage(e) for e in ends_of_day(YESTERDAY, 30)], days))

    await write(store, usage_read([], days, at=LATER))

    (day,) = await store.ledger(kind=Kind.USAGE)
    assert (day.state, day.present_minutes) == (DayState.COMPLETE, 1440)


async def test_asking_for_a_day_in_vain_is_counted_for_every_register(store):
    days = (YESTERDAY - timedelta(days=1), YESTERDAY)
    await write(store, sites_read(site()))

    await write(store, usage_read([], days))

    assert [
        (line.series.channel, line.day, line.state, line.attempts)
        for line in await store.ledger(kind=Kind.USAGE)
    ] == [
        (channel, day, DayState.MISSING, 1) for day in days for channel in ("E1", "B1")
    ]


async def test_asking_again_at_the_same_instant_is_no_new_attempt(store):
    days = (YESTERDAY, YESTERDAY)
    await write(store, sites_read(site()), usage_read([], days, at=LATER))

    await write(store, usage_read([], days, at=LATER))
    await write(store, usage_read([], days))

    assert {line.attempts for line in await store.ledger()} == {1}
    assert {line.checked_at for line in await store.ledger()} == {LATER}


async def test_days_that_have_not_begun_get_no_line(store):
    tomorrow = TODAY + timedelta(days=1)

    await write(store, sites_read(site()), prices_read([], (TODAY, tomorrow)))

    assert {line.day for line in await store.ledger()} == {TODAY}


async def test_a_confirmed_price_that_becomes_the_actual_one_is_no_revision(store):
    end = NOON + timedelta(minutes=30)
    current = price(end, type="CurrentInterval", estimate=False)
    await write(store, prices_read([current]))

    await write(store, prices_read([price(end)], at=LATER))

    assert await mirrored_prices(store) == [price(end)]
    assert await revisions(store) == []


async def test_an_actual_price_that_differs_from_the_confirmed_one_is_a_revision(
    store,
):
    end = NOON + timedelta(minutes=30)
    current = price(end, type="CurrentInterval", estimate=False)
    await write(store, prices_read([current]))

    await write(store, prices_read([price(end, cents=99.5)], at=LATER))

    assert await mirrored_prices(store) == [price(end, cents=99.5)]
    assert [line[:2] for line in await revisions(store)] == [("price", "revised")]


async def test_an_actual_price_is_never_taken_back_by_a_current_one(store):
    end = NOON + timedelta(minutes=30)
    await write(store, prices_read([price(end)]))

    current = price(end, cents=1.5, type="CurrentInterval", estimate=False)
    await write(store, prices_read([current], at=LATER))

    assert await mirrored_prices(store) == [price(end)]


async def test_an_estimate_is_provisional_until_its_price_is_confirmed(store):
    end = NOON + timedelta(minutes=30)
    estimate = price(end, cents=30.5, type="CurrentInterval", estimate=True)
    await write(store, prices_read([estimate]))
    assert await rows(store, "SELECT count(*) FROM price") == [(0,)]

    confirmed = price(end, type="CurrentInterval", estimate=False)
    await write(store, prices_read([confirmed], at=LATER))

    assert await mirrored_prices(store) == [confirmed]
    assert await rows(store, "SELECT count(*) FROM price_outlook") == [(0,)]
    assert await rows(store, "SELECT price_e5 FROM price_archive") == [(3_050_000,)]


async def test_a_new_forecast_replaces_the_old_one_and_both_are_archived(store):
    ends = [NOON + timedelta(minutes=30 * number) for number in (1, 2, 3)]
    old = [price(end, type="ForecastInterval") for end in ends]
    await write(store, prices_read(old))

    # the next answer has finer steps and reaches as far
    new = [
        price(NOON + timedelta(minutes=5 * n), 5, 33.5, type="ForecastInterval")
        for n in range(1, 19)
    ]
    await write(store, prices_read(new, at=LATER))

    assert await mirrored_prices(store) == new
    assert await rows(
        store,
        "SELECT fetched_at, count(*) FROM price_archive GROUP BY 1 ORDER BY 1",
    ) == [(int(NOON.timestamp()), 3), (int(LATER.timestamp()), 18)]


async def test_a_forecast_of_an_instant_that_has_its_price_is_ignored(store):
    end = NOON + timedelta(minutes=30)
    await write(store, prices_read([price(end)]))

    forecast = price(end, cents=77.5, type="ForecastInterval")
    counts = await write(store, prices_read([forecast], at=LATER))

    assert counts.forecast == KindCounts()
    assert await mirrored_prices(store) == [price(end)]


async def test_an_older_forecast_never_replaces_a_newer_one(store):
    end = NOON + timedelta(minutes=30)
    newer = price(end, cents=12.5, type="ForecastInterval")
    await write(store, prices_read([newer], at=LATER))

    counts = await write(
        store, prices_read([price(end, cents=77.5, type="ForecastInterval")])
    )

    assert counts.forecast == KindCounts(unchanged=1)
    assert await mirrored_prices(store) == [newer]


async def test_day_and_hour_rollups_equal_the_rows_after_a_revision(store):
    ends = ends_of_day(YESTERDAY, 30)
    days = (YESTERDAY, YESTERDAY)
    await write(store, prices_read([price(end) for end in ends], days))

    changed = [price(ends[0], cents=-40.5), *(price(end) for end in ends[1:])]
    await write(store, prices_read(changed, days, at=LATER))

    total = -40.5 * 30 + 20.5 * 30 * 47
    assert await rows(
        store, "SELECT minutes, price_minutes_e5, price_min_e5 FROM price_day"
    ) == [(1440, round(total * 1e5), -4_050_000)]
    assert await rows(
        store, "SELECT price_minutes_e5 FROM price_hour ORDER BY hour LIMIT 2"
    ) == [(-60_000_000,), (123_000_000,)]


async def test_one_bad_record_never_loses_its_neighbours(store):
    ends = ends_of_day(YESTERDAY, 30)
    good = [price(end) for end in ends[:2]]
    bad = {**price(ends[2]), "perKwh": "cheap"}

    await write(store, prices_read([good[0], bad, good[1]]))
    counts = await write(store, prices_read([good[0], bad, good[1]]))

    assert counts.rejected == 1
    assert await mirrored_prices(store) == good
    samples = await rows(
        store, "SELECT source, subject, times_seen FROM unreadable_sample"
    )
    assert samples == [("amber", f"price/{SITE_ID}", 2)]


async def test_sites_come_back_as_sent_and_a_change_keeps_the_old_one(store):
    first = site(unknownField={"deep": [1, 1.5, True, None]})
    await write(store, sites_read(first))
    second = site(status="closed", closedOn="2026-01-03")

    await write(store, sites_read(second, at=LATER))

    assert await store.read(original_sites) == [second]
    assert [(k, r) for k, r, *_rest in await revisions(store)] == [("site", "revised")]
    (known,) = await store.sites()
    assert not known.is_active
    assert known.usage_channels == ("E1", "B1")


async def test_a_site_that_leaves_the_account_stays_in_the_store(store):
    other = site(id="01S1MS1TEB0000000000000000", nmi="9000000002")
    await write(store, sites_read(site(), other))

    await write(store, sites_read(site(), at=NOON))
    lacking = [(one.site_id, one.missing is None) for one in await store.sites()]
    await write(store, *lists_of_days(site(), last=NOON + timedelta(days=3)))

    assert lacking == [(SITE_ID, True), (other["id"], False)]
    assert [one.site_id for one in await store.sites()] == [SITE_ID]
    assert len(await rows(store, "SELECT 1 FROM site")) == 2


async def test_unavailable_days_stay_so_until_rows_come(store):
    days = (date(2025, 9, 1), date(2025, 9, 2))
    await write(store, sites_read(site()), usage_read([], days))
    (line, *_rest) = await store.ledger(kind=Kind.USAGE)
    await store.mark_unavailable(line.series, days, "older than Amber keeps usage")

    await write(store, usage_read([], days))
    states = {
        (one.series.channel, one.state) for one in await store.ledger(kind=Kind.USAGE)
    }
    assert states == {("E1", DayState.UNAVAILABLE), ("B1", DayState.MISSING)}

    await write(store, usage_read([usage(e) for e in ends_of_day(days[0], 30)], days))
    first, _other, second, _last = await store.ledger(kind=Kind.USAGE)
    assert (first.state, first.cause) == (DayState.COMPLETE, None)
    assert second.state is DayState.UNAVAILABLE


async def test_a_new_mark_has_every_day_read_again_once(store):
    days = (YESTERDAY, YESTERDAY)
    records = [usage(end) for end in ends_of_day(YESTERDAY, 30)]
    await write(store, usage_read(records, days))

    assert await store.mark_for_rereading("2026-01-04")
    assert not await store.mark_for_rereading("2026-01-04")

    (line,) = await store.ledger(kind=Kind.USAGE)
    assert line.needs_reading
    assert line.state is DayState.COMPLETE
    await write(store, usage_read(records, days))
    (line,) = await store.ledger(kind=Kind.USAGE)
    assert not line.needs_reading
