"""Entries that ask a utility itself: what it remembers goes into a real recorder."""

from datetime import UTC, datetime

import pytest
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers.recorder import get_instance

from custom_components.energy_logger.statistics import direct_feeds
from tests.integration.actions import act
from tests.integration.conftest import START, World
from tests.integration.direct_site import DAY, DAYS, FIRST, SITE, recorded
from tests.integration.entries import FIVE_MINUTE_SITE, amber_entry, kamo_entry
from tests.integration.observed import asked


async def test_all_that_amber_remembers_is_imported_by_channel(direct_site: World):
    told = await direct_site.utilities.amber(
        "/sites/01S1MS1TEB0000000000000000/usage?startDate=2026-01-03&endDate=2026-01-03"
    )
    amounts: dict[tuple[str, datetime], tuple[float, float]] = {}
    for one in told:
        start = datetime.fromisoformat(one["startTime"]).replace(minute=0, second=0)
        energy, cents = amounts.get((one["channelType"], start), (0.0, 0.0))
        amounts[one["channelType"], start] = energy + one["kwh"], cents + one["cost"]

    for channel, energy_id, money_id, sign in (
        ("general", f"{SITE}_general_energy", f"{SITE}_general_cost", 1),
        (
            "controlledLoad",
            f"{SITE}_controlled_load_energy",
            f"{SITE}_controlled_load_cost",
            1,
        ),
        ("feedIn", f"{SITE}_feed_in_energy", f"{SITE}_feed_in_compensation", -1),
    ):
        found = await recorded(direct_site.hass, energy_id, money_id)
        own = {at: one for (name, at), one in amounts.items() if name == channel}
        assert len(own) == DAYS * 24
        assert {at: row["change"] for at, row in found[energy_id].items()} == {
            at: pytest.approx(energy, abs=1e-9) for at, (energy, _) in own.items()
        }
        assert {at: row["change"] for at, row in found[money_id].items()} == {
            at: pytest.approx(sign * cents / 100, abs=1e-6)
            for at, (_, cents) in own.items()
        }


@pytest.mark.usefixtures("direct_site")
async def test_the_sensor_shows_how_far_the_import_is(shares: list[str]):
    total = (START.replace(minute=0, second=0) - FIRST) / DAY

    # usage is the first third of it, prices are the second, charges there are none
    third = pytest.approx(100 / 3 / total), pytest.approx(100 / 3 * (1 + 1 / total))
    assert [float(one) for one in shares] == [*third, 100]


async def test_prices_are_of_hours_that_are_settled(direct_site: World):
    statistic = f"{SITE}_general_price"

    rows = (await recorded(direct_site.hass, statistic))[statistic]

    # NEM time is 19:07: the last hour that is over began at 18:00
    assert max(rows) == datetime(2026, 1, 4, 8, tzinfo=UTC)
    assert min(rows) == FIRST
    assert all(
        (row["min"] or 0) <= (row["mean"] or 0) <= (row["max"] or 0)
        for row in rows.values()
    )


async def test_amber_is_asked_again_after_three_hours_only(direct_site: World):
    before = len(await asked(direct_site, "amber.usage"))

    await direct_site.wait(hours=2)
    soon = len(await asked(direct_site, "amber.usage"))
    await direct_site.wait(hours=1, minutes=5)

    # the day in question is settled: the sensors do not ask; two pages do
    assert soon == before
    assert len(await asked(direct_site, "amber.usage")) == before + 2


async def test_what_amber_revises_is_read_again(direct_site: World):
    statistic = f"{SITE}_general_energy"
    before = (await recorded(direct_site.hass, statistic))[statistic]
    await direct_site.utilities.break_down(
        "wrong_type",
        endpoint="amber.usage",
        count=None,
        options={"field": "kwh", "all": True, "value": 0.5},
    )

    await direct_site.wait(hours=4)

    after = (await recorded(direct_site.hass, statistic))[statistic]
    assert after.keys() == before.keys()
    assert {round(row["change"] or 0, 9) for row in after.values()} == {6.0}


async def test_after_days_without_home_assistant_the_gap_is_read(
    direct_site: World, monkeypatch: pytest.MonkeyPatch
):
    (entry,) = direct_site.hass.config_entries.async_entries("energy_logger")
    statistic = f"{SITE}_general_energy"
    await direct_site.hass.config_entries.async_unload(entry.entry_id)
    await direct_site.move_to(START + DAY)
    monkeypatch.setattr(direct_feeds, "_REMEMBERED", 2 * DAY)

    await direct_site.hass.config_entries.async_setup(entry.entry_id)
    await direct_site.settle()

    rows = (await recorded(direct_site.hass, statistic))[statistic]
    assert len(rows) == (DAYS + 1) * 24


async def test_at_night_what_may_still_change_is_compared(direct_site: World):
    before = len(await asked(direct_site, "amber.usage"))

    # Home Assistant of tests lives in California: seven in the morning
    await direct_site.move_to(datetime(2026, 1, 5, 15, 5, 50, tzinfo=UTC))

    assert len(await asked(direct_site, "amber.usage")) > before + 1


async def test_the_button_writes_all_that_differs(direct_site: World):
    statistic = f"{SITE}_general_energy"
    before = await recorded(direct_site.hass, statistic)
    with get_instance(direct_site.hass).get_session() as session:
        session.connection().exec_driver_sql("DELETE FROM statistics")
        session.commit()

    await direct_site.hass.services.async_call(
        "button",
        "press",
        {"entity_id": "button.amber_jemena_import_history"},
        blocking=True,
    )

    assert await recorded(direct_site.hass, statistic) == before


async def test_an_audit_tells_what_differs_and_repairs_it_on_request(
    direct_site: World,
):
    (entry,) = direct_site.hass.config_entries.async_entries("energy_logger")
    statistic = f"{SITE}_general_energy"
    before = await recorded(direct_site.hass, statistic)
    with get_instance(direct_site.hass).get_session() as session:
        session.connection().exec_driver_sql(
            "DELETE FROM statistics WHERE start_ts = ? AND metadata_id ="
            " (SELECT id FROM statistics_meta WHERE statistic_id = ?)",
            (FIRST.timestamp(), statistic),
        )
        session.commit()

    found = await act(direct_site, "audit_statistics", entry)
    await act(direct_site, "audit_statistics", entry, repair=True)
    again = await act(
        direct_site, "audit_statistics", entry, start=FIRST, end=FIRST + DAY
    )

    assert found["wrong_hours"] == 1
    assert found["differences"] == [
        {
            "statistic_id": statistic,
            "start_time": FIRST.isoformat(),
            "flaw": "missing",
            "recorded": None,
            "source": before[statistic][FIRST]["change"],
        }
    ]
    assert found["written_hours"] == 0
    assert again["differences"] == []
    assert again["checked_hours"] == 9 * 24
    assert await recorded(direct_site.hass, statistic) == before
    counts = await act(direct_site, "import_history", entry)
    assert counts["written_hours"] == 0
    with pytest.raises(ServiceValidationError) as caught:
        await act(direct_site, "import_history", entry, start=START, end=START)
    assert caught.value.translation_key == "end_before_start"


async def test_the_button_says_when_amber_does_not_answer(direct_site: World):
    await direct_site.utilities.break_down("500", endpoint="amber.usage", count=None)

    with pytest.raises(HomeAssistantError) as caught:
        await direct_site.hass.services.async_call(
            "button",
            "press",
            {"entity_id": "button.amber_jemena_import_history"},
            blocking=True,
        )

    assert caught.value.translation_key == "source_unreachable"


async def test_without_a_recorder_the_button_says_so_and_nothing_is_asked(
    world: World,
):
    await world.set_up(await amber_entry(world, FIVE_MINUTE_SITE))

    with pytest.raises(HomeAssistantError) as caught:
        await world.hass.services.async_call(
            "button",
            "press",
            {"entity_id": "button.amber_jemena_import_history"},
            blocking=True,
        )

    assert caught.value.translation_key == "no_recorder"
    assert len(await asked(world, "amber.usage")) == 1


@pytest.mark.usefixtures("quiet_recorder")
async def test_load_is_what_kamo_remembers_and_grows(world: World):
    statistic = "energy_logger:kamo_1_load"
    await world.set_up(kamo_entry())
    first = (await recorded(world.hass, statistic))[statistic]

    await world.wait(minutes=5)
    await world.wait(hours=2)

    later = (await recorded(world.hass, statistic))[statistic]
    assert len(first) == 11
    assert max(first) == datetime(2026, 1, 4, 8, tzinfo=UTC)
    assert max(later) == datetime(2026, 1, 4, 10, tzinfo=UTC)
    assert {at: later[at] for at in first} == first
    (entry,) = world.hass.config_entries.async_entries("energy_logger")
    found = await act(world, "audit_statistics", entry)
    assert (found["checked_hours"], found["wrong_hours"]) == (10, 0)
