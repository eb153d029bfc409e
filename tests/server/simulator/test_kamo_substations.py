"""Readings of the simulated substations."""

from datetime import UTC, datetime
from math import copysign

import pytest

from energy_logger_simulator.kamo.areas import simulated_areas
from energy_logger_simulator.kamo.load import HOUR_S, STEP_S, shown_load_kw
from energy_logger_simulator.kamo.recording import recorded_tables
from energy_logger_simulator.kamo.substations import (
    SubstationFigures,
    signed_power_factor,
    substation_figures,
)

SEED = 7
NOW = int(datetime(2026, 1, 4, 9, 9, tzinfo=UTC).timestamp())
COOPERATIVES = range(1, 18)


def all_figures(now_s: int) -> list[SubstationFigures]:
    return [
        figures
        for area_id in COOPERATIVES
        for figures in substation_figures(SEED, area_id, now_s)
    ]


def test_the_power_factor_is_written_as_in_all_recorded_rows():
    rows = [
        row for table in recorded_tables().values() for row in table["areaLoadData"]
    ]

    assert [signed_power_factor(row["kw"], row["kvar"]) for row in rows] == [
        row["pf"] for row in rows
    ]


@pytest.mark.parametrize(
    ("load_kw", "reactive_kvar", "written"),
    [
        (80.0, 60.0, 0.8),
        (80.0, -60.0, -0.8),
        (80.0, 0.0, 0.0),
        (0.0, 0.0, 0.0),
        (0.0, -5.0, 0.0),
    ],
    ids=["lagging", "leading", "no-kvar", "nothing", "kvar-only"],
)
def test_the_power_factor_has_the_sign_of_the_kvar(load_kw, reactive_kvar, written):
    factor = signed_power_factor(load_kw, reactive_kvar)

    assert factor == written
    assert factor or copysign(1, factor) == 1


def test_every_substation_has_a_reading_in_order():
    for area_id in COOPERATIVES:
        figures = substation_figures(SEED, area_id, NOW)

        assert [one.name for one in figures] == [
            station.name for station in simulated_areas()[area_id].substations
        ]


def test_an_aggregate_has_no_readings():
    assert substation_figures(SEED, 18, NOW) == ()


def test_readings_add_up_to_the_load_of_the_area_within_two_and_a_half_percent():
    hour = NOW // HOUR_S * HOUR_S
    for area_id in COOPERATIVES:
        for step in range(40):
            now_s = hour + step * STEP_S
            total_kw = sum(f.load_kw for f in substation_figures(SEED, area_id, now_s))
            area_kw = shown_load_kw(SEED, area_id, now_s // HOUR_S * HOUR_S, now_s)

            assert total_kw == pytest.approx(area_kw, rel=0.025)


def test_readings_change_every_three_minutes_and_not_in_between():
    step_start = NOW // STEP_S * STEP_S

    assert all_figures(step_start) == all_figures(step_start + STEP_S - 1)
    changed = [
        before.load_kw != after.load_kw
        for before, after in zip(
            all_figures(step_start), all_figures(step_start + STEP_S), strict=True
        )
    ]
    assert sum(changed) > 0.95 * len(changed)


def test_power_factors_fit_kw_and_kvar_and_some_are_negative():
    figures = all_figures(NOW)

    assert all(
        f.power_factor == signed_power_factor(f.load_kw, f.reactive_kvar)
        for f in figures
    )
    assert {copysign(1, f.reactive_kvar) for f in figures} == {1, -1}
    assert any(f.reactive_kvar == 0 == f.power_factor for f in figures)


def test_readings_are_whole_numbers_except_where_the_recording_has_decimals():
    with_decimals = {f.name for f in all_figures(NOW) if not f.load_kw.is_integer()}

    assert with_decimals == {"Osceola"}


def test_no_figure_is_a_negative_zero():
    every = [*all_figures(NOW)]
    assert every
    for figures in every:
        assert "-0.0" not in {str(figures.reactive_kvar), str(figures.power_factor)}


def test_readings_swing_by_their_own_over_a_day():
    shares = [
        figures[0].load_kw / sum(f.load_kw for f in figures)
        for figures in (
            substation_figures(SEED, 1, NOW + HOUR_S * n) for n in range(24)
        )
    ]

    assert max(shares) > 1.05 * min(shares)
