"""Hours of usage in a real recorder, as the server's feed tells them."""

from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from homeassistant.components.recorder.statistics import (
    async_update_statistics_metadata,
    get_metadata,
)
from homeassistant.core import HomeAssistant
from homeassistant.helpers.recorder import get_instance
from homeassistant.helpers.update_coordinator import UpdateFailed

from custom_components.energy_logger.api.errors import (
    RangeTooLarge,
    SourceUnreachable,
)
from custom_components.energy_logger.statistics import recorded
from custom_components.energy_logger.statistics.catalogue import SiteStatistics
from custom_components.energy_logger.statistics.compare import Flaw
from custom_components.energy_logger.statistics.kept_progress import (
    FeedProgress,
    KeptProgress,
)
from custom_components.energy_logger.statistics.recorded import Span
from tests.integration.hour_feeds import FedHours
from tests.integration.statistics_site import (
    DAY,
    ENERGY,
    FIRST,
    HOUR,
    MONEY,
    RecordedSite,
    recorded_site,
    usage_of,
)

GENERAL, GENERAL_COST = ENERGY["general"], MONEY["general"]
DAYS = 4
NIGHTS = ((4, 4), (10, 3))
"""Months and days (UTC) in which Sydney's clocks are set, in 2026."""


@pytest.fixture
async def site(
    quiet_recorder: None,  # noqa: ARG001 - its being there is enough
    hass: HomeAssistant,
) -> AsyncIterator[RecordedSite]:
    """A site with four days of usage, imported."""
    feed = FedHours(FIRST + DAYS * DAY, limit=200)
    feed.put(usage_of(FIRST, DAYS * 24))
    async with recorded_site(hass, feed) as made:
        await made.sync()
        yield made


def changed(
    before: dict[tuple[str, datetime], float], after: dict[tuple[str, datetime], float]
) -> set[datetime]:
    """Return the hours whose bar is another one, of any statistic."""
    return {
        at
        for key, at in before.keys() | after.keys()
        if abs(before.get((key, at), 0.0) - after.get((key, at), 0.0)) > 1e-9
    }


async def test_every_hour_is_what_the_feed_says_labelled_by_its_start(
    site: RecordedSite,
):
    assert await site.differences() == []
    assert min(await site.bars(GENERAL)) == FIRST


async def test_nothing_new_asks_once_and_writes_nothing(site: RecordedSite):
    site.feed.requests.clear()

    await site.sync()

    assert [sorted(one) for one in site.feed.requests] == [["limit", "since"]]


async def test_an_estimate_that_becomes_billable_changes_its_day_alone(
    site: RecordedSite,
):
    before = await site.all_bars()
    day = FIRST + DAY
    site.feed.put(usage_of(day, 24, seed=2))

    await site.sync()

    assert await site.differences() == []
    assert changed(before, await site.all_bars()) == {day + n * HOUR for n in range(24)}
    assert (await site.audit()).findings == ()


async def test_a_day_that_comes_four_days_late_changes_no_other(site: RecordedSite):
    late = FIRST + DAYS * DAY
    site.feed.running_at = late + 5 * DAY
    site.feed.put(usage_of(late + DAY, 96, seed=3))
    await site.sync()
    assert await site.differences() == []
    before = await site.all_bars()

    site.feed.put(usage_of(late, 24, seed=4))
    await site.sync()

    assert await site.differences() == []
    after = await site.all_bars()
    assert changed(before, after) == {late + n * HOUR for n in range(24)}
    assert all(bar >= 0 for (key, _), bar in after.items() if "energy" in key[20:])
    assert (await site.audit()).findings == ()


async def test_a_day_that_never_comes_leaves_a_gap_and_a_clean_audit(
    site: RecordedSite,
):
    missing = FIRST + DAYS * DAY
    site.feed.running_at = missing + 3 * DAY
    site.feed.put(usage_of(missing + DAY, 48, seed=5))

    await site.sync()

    assert await site.differences() == []
    assert (await site.audit()).findings == ()


async def test_an_hour_that_is_revised_twice_holds_its_last_figure(
    site: RecordedSite,
):
    for seed in (6, 7):
        site.feed.put(usage_of(FIRST, 1, seed=seed))

    await site.sync()

    assert await site.differences() == []


async def test_a_cursor_that_is_refused_begins_anew(site: RecordedSite):
    await site.sync()
    cursor = site.feed.requests[-1]["since"]
    site.feed.refused.add(cursor)
    site.feed.put(usage_of(FIRST, 2, seed=8))

    await site.sync()

    assert await site.differences() == []


async def test_a_server_that_refuses_every_question_is_an_error(site: RecordedSite):
    site.feed.status = 422

    with pytest.raises(RangeTooLarge):
        await site.sync()


@pytest.mark.usefixtures("quiet_recorder")
async def test_a_feed_that_refuses_to_begin_is_an_error(hass: HomeAssistant):
    feed = FedHours(FIRST, status=422)
    async with recorded_site(hass, feed) as site:
        with pytest.raises(RangeTooLarge):
            await site.sync()


async def test_a_planted_wrong_sum_is_found_and_repaired(site: RecordedSite):
    before = await site.all_bars()
    at = FIRST + 30 * HOUR
    rows = await site.rows(GENERAL)
    await site.plant(GENERAL, {at: (rows[at]["state"] or 0, 999.0)})

    found = await site.audit()

    assert [(one.statistic, one.difference.hour) for one in found.findings] == [
        (GENERAL, at)
    ]
    assert (await site.repair()).written == 1
    assert await site.all_bars() == before
    assert (await site.audit()).findings == ()


async def test_a_deleted_hour_is_found_and_repaired(
    site: RecordedSite, recorder_mock: Any
):
    at = FIRST + 50 * HOUR
    before = await site.all_bars()
    with recorder_mock.get_session() as session:
        session.connection().exec_driver_sql(
            "DELETE FROM statistics WHERE start_ts = ? AND metadata_id ="
            " (SELECT id FROM statistics_meta WHERE statistic_id = ?)",
            (at.timestamp(), GENERAL_COST.id),
        )
        session.commit()

    found = (await site.audit()).findings

    assert [(one.statistic, one.difference.flaw) for one in found] == [
        (GENERAL_COST, Flaw.MISSING)
    ]
    assert found[0].difference.hour == at
    assert (await site.repair()).written == 1
    assert await site.all_bars() == before


async def test_a_day_imported_twice_is_found_and_repaired(site: RecordedSite):
    """An importer that lost count writes a day again, a day later."""
    rows = await site.rows(GENERAL)
    total = max(row["sum"] or 0 for row in rows.values())
    end = FIRST + DAYS * DAY
    site.feed.running_at = end + 2 * DAY
    site.feed.put(usage_of(end + DAY, 24, seed=9, channels=["general"]))
    await site.sync()
    planted: dict[datetime, tuple[float, float]] = {}
    for n in range(24):
        state = rows[end - DAY + n * HOUR]["state"] or 0
        total += state
        planted[end + n * HOUR] = state, total
    await site.plant(GENERAL, planted)

    found = (await site.audit()).findings

    assert {
        one.difference.hour for one in found if one.difference.flaw is Flaw.EXTRA
    } == {*planted}
    await site.repair()
    assert (await site.audit()).findings == ()
    bars = await site.bars(GENERAL)
    assert {bars[at] for at in planted} == {0.0}
    assert all(
        bar == pytest.approx(site.feed.amount(at, "general")[0], abs=1e-9)
        for at, bar in bars.items()
    )


async def test_a_repair_of_some_hours_mends_the_sums_behind_them_too(
    site: RecordedSite,
):
    span = Span(FIRST + DAY, FIRST + 2 * DAY)
    rows = await site.rows(GENERAL)
    wrong = {
        at: (row["state"] or 0, (row["sum"] or 0) + (5.0 if at >= span.start else 0))
        for at, row in rows.items()
    }
    await site.plant(GENERAL, wrong)

    found = await site.repair(span)

    assert [one.difference.hour for one in found.findings] == [span.start]
    assert await site.differences() == []


async def test_what_is_found_outside_of_the_hours_asked_for_is_not_told(
    site: RecordedSite,
):
    await site.plant(GENERAL, {FIRST: (0.0, 0.0)})

    assert (await site.audit(Span(FIRST + DAY, FIRST + 2 * DAY))).findings == ()
    assert (await site.audit(Span(FIRST - 9 * DAY, FIRST))).checked == 0


async def test_another_store_is_read_from_its_begin(site: RecordedSite):
    kept = KeptProgress(site.hass, "entry")
    await kept.load("another-store")

    assert kept.of("amber_SITE_usage") == FeedProgress()


@pytest.mark.usefixtures("quiet_recorder")
async def test_there_is_nothing_to_audit_before_the_first_import(hass: HomeAssistant):
    async with recorded_site(hass, FedHours(FIRST)) as site:
        assert (await site.audit()).checked == 0


@pytest.mark.usefixtures("quiet_recorder")
async def test_a_first_import_that_is_cut_off_goes_on_after_a_restart(
    hass: HomeAssistant,
):
    feed = FedHours(FIRST + 95 * DAY, counts_end=True)
    for day in (0, 30, 60, 94):
        feed.put(usage_of(FIRST + day * DAY, 5, seed=day))
    # one answer says what is new, one is of each page
    feed.fails_after = 3
    async with recorded_site(hass, feed) as site:
        with pytest.raises(SourceUnreachable):
            await site.sync()
        assert site.shares == [pytest.approx(30 / 95), pytest.approx(60 / 95)]
    feed.fails_after = None
    feed.requests.clear()

    async with recorded_site(hass, feed) as again:
        await again.sync()

        assert feed.requests[0]["start"] == (FIRST + 60 * DAY).isoformat()
        assert await again.differences() == []
        assert again.shares == [pytest.approx(90 / 95)]
        # it is over
        feed.requests.clear()
        await again.sync()
        assert [sorted(one) for one in feed.requests] == [["limit", "since"]]


async def test_what_the_recorder_loses_is_not_taken_for_written(
    site: RecordedSite, monkeypatch: pytest.MonkeyPatch
):
    site.feed.put(usage_of(FIRST, 24, seed=10))
    with monkeypatch.context() as patched:
        patched.setattr(recorded, "async_add_external_statistics", lambda *_given: None)
        with pytest.raises(UpdateFailed, match="recorder_behind"):
            await site.sync()

    await site.sync()

    assert await site.differences() == []


async def test_a_recorder_that_drops_a_task_is_asked_again_and_not_for_ever(
    site: RecordedSite, monkeypatch: pytest.MonkeyPatch
):
    asked: list[str] = []
    ask = async_update_statistics_metadata

    def drop_the_first(
        hass: HomeAssistant, statistic_id: str, *, on_done: Callable[[], None]
    ) -> None:
        asked.append(statistic_id)
        if len(asked) > 1:
            ask(hass, statistic_id, on_done=on_done)

    monkeypatch.setattr(recorded, "_ASK_AGAIN_AFTER_S", 0.001)
    site.feed.put(usage_of(FIRST, 1, seed=11, channels=["general"]))
    with monkeypatch.context() as patched:
        patched.setattr(
            recorded, "async_update_statistics_metadata", lambda *_, **__: None
        )
        with pytest.raises(UpdateFailed, match="recorder_behind"):
            await site.sync()
    monkeypatch.setattr(recorded, "async_update_statistics_metadata", drop_the_first)
    monkeypatch.setattr(recorded, "_MOST_QUESTIONS", 100_000)

    site.feed.put(usage_of(FIRST, 1, seed=12, channels=["general"]))
    await site.sync()

    assert await site.differences() == []
    assert len(asked) > 2


async def test_a_store_that_lost_old_hours_takes_none_away(site: RecordedSite):
    before = await site.all_bars()
    young = FedHours(site.feed.running_at)
    young.put(usage_of(FIRST + 3 * DAY, 24))
    async with recorded_site(site.hass, young, "another") as again:
        await again.sync()

        assert changed(before, await again.all_bars()) <= {
            FIRST + 3 * DAY + n * HOUR for n in range(24)
        }
        assert (await again.audit()).findings == ()


async def test_a_new_name_reaches_the_pickers(
    site: RecordedSite, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(SiteStatistics, "_name", lambda _site, _channel, what: what)

    await site.repair()

    found = await get_instance(site.hass).async_add_executor_job(
        lambda: get_metadata(site.hass, statistic_ids={GENERAL.id})
    )
    assert found[GENERAL.id][1]["name"] == "consumption"


@pytest.mark.usefixtures("quiet_recorder")
async def test_a_year_of_three_channels_is_equal_in_every_hour(
    hass: HomeAssistant, request: pytest.FixtureRequest
):
    """Both nights in which Sydney's clocks are set are in it.

    Every 16th day is, and with ``--every-day`` all of them: that is a minute's work.
    """
    step = 1 if request.config.getoption("--every-day") else 16
    nights = {
        datetime(2026, 4, 4, 14, tzinfo=UTC),
        datetime(2026, 10, 3, 14, tzinfo=UTC),
    }
    days = {FIRST + n * DAY for n in range(0, 365, step)} | nights
    feed = FedHours(FIRST + 365 * DAY)
    for day in sorted(days):
        feed.put(usage_of(day, 24, seed=int(day.timestamp())))
    async with recorded_site(hass, feed) as site:
        await site.sync()

        assert await site.differences() == []
        assert len(await site.rows(GENERAL)) == 24 * len(days)
        assert site.shares == sorted(site.shares)
