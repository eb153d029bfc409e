"""Who the simulated KAMO lists."""

import pytest

from energy_logger_simulator.kamo.areas import simulated_areas
from energy_logger_simulator.kamo.recording import recorded_area_list, recorded_tables

RECORDED_IDS = range(1, 10)
INVENTED_IDS = range(10, 18)
AGGREGATE_IDS = range(18, 21)


def station_names(area_id: int) -> list[str]:
    return [station.name for station in simulated_areas()[area_id].substations]


def test_the_areas_are_those_of_the_recording_in_its_order():
    areas = simulated_areas()

    assert [(area.id, area.name, area.abbreviation) for area in areas.values()] == [
        (listed["id"], listed["name"], listed["abrev"])
        for listed in recorded_area_list()
    ]


def test_recorded_substations_keep_their_names_and_order():
    counted = 0
    for area_id in RECORDED_IDS:
        recorded = [row["name"] for row in recorded_tables()[area_id]["areaLoadData"]]
        counted += len(recorded)

        assert station_names(area_id) == recorded
    assert counted == 164


def test_there_are_about_three_hundred_substations():
    assert sum(len(station_names(area_id)) for area_id in simulated_areas()) == 302


def test_no_two_substations_of_an_area_have_one_name():
    for area_id in simulated_areas():
        names = station_names(area_id)

        assert len(set(names)) == len(names)


def test_invented_names_are_each_used_once():
    names = [name for area_id in INVENTED_IDS for name in station_names(area_id)]

    assert len(set(names)) == len(names) == 138


def test_invented_names_never_change():
    assert station_names(11)[:3] == ["Cedar Junction", "Clear Hill", "Little Grove"]


def test_aggregates_have_members_and_no_substations():
    areas = simulated_areas()

    assert [areas[area_id].member_ids for area_id in AGGREGATE_IDS] == [
        tuple(range(1, 10)),
        tuple(range(10, 18)),
        tuple(range(1, 18)),
    ]
    assert [station_names(area_id) for area_id in AGGREGATE_IDS] == [[], [], []]


def test_the_shares_of_an_area_make_the_whole():
    for area_id in (*RECORDED_IDS, *INVENTED_IDS):
        shares = [s.share for s in simulated_areas()[area_id].substations]

        assert sum(shares) == pytest.approx(1)
        assert min(shares) > 0


def test_some_invented_substations_have_no_reactive_power():
    ratios = [
        station.kvar_per_kw
        for area_id in INVENTED_IDS
        for station in simulated_areas()[area_id].substations
    ]

    assert 0 < ratios.count(0) < 15
    assert min(ratios) < 0 < max(ratios)
