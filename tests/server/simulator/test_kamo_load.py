"""Load that looks like load, and is the same for everybody who asks."""

import subprocess
import sys
from datetime import UTC, datetime
from itertools import pairwise
from statistics import mean

import pytest

from energy_logger_simulator.kamo.load import (
    HOUR_S,
    STEP_S,
    forecast_load_kw,
    settled_load_kw,
    shown_load_kw,
)

SEED = 7
HOUR = int(datetime(2026, 1, 4, 9, tzinfo=UTC).timestamp())
MISSOURI, OKLAHOMA, KAMO = 18, 19, 20
COOPERATIVES = range(1, 18)


def day_loads(year: int, month: int, day: int, area_id: int = KAMO) -> list[float]:
    start = int(datetime(year, month, day, 6, tzinfo=UTC).timestamp())
    return [settled_load_kw(SEED, area_id, start + HOUR_S * n) for n in range(24)]


def month_mean(month: int) -> float:
    return mean(mean(day_loads(2025, month, day)) for day in range(1, 29))


def test_an_hour_that_is_over_never_changes():
    ends = HOUR + HOUR_S

    seen = {shown_load_kw(SEED, 1, HOUR, ends + STEP_S * n) for n in (0, 1, 20, 9999)}

    assert seen == {settled_load_kw(SEED, 1, HOUR)}


@pytest.mark.parametrize("area_id", [1, 7, 12, KAMO])
def test_the_running_hour_moves_every_three_minutes(area_id):
    shown = [
        shown_load_kw(SEED, area_id, HOUR, HOUR + STEP_S * step) for step in range(20)
    ]

    assert all(one != following for one, following in pairwise(shown))
    assert shown == pytest.approx([settled_load_kw(SEED, area_id, HOUR)] * 20, rel=0.03)


def test_the_running_hour_stands_still_within_three_minutes():
    assert shown_load_kw(SEED, 1, HOUR, HOUR + 180) == shown_load_kw(
        SEED, 1, HOUR, HOUR + 359
    )


def test_an_hour_to_come_has_no_load_yet():
    with pytest.raises(ValueError, match="still to come"):
        shown_load_kw(SEED, 1, HOUR, HOUR - 1)


@pytest.mark.parametrize("now", [HOUR + HOUR_S, HOUR + 600], ids=["over", "running"])
def test_aggregates_are_the_sums_of_their_members(now):
    loads = {id_: shown_load_kw(SEED, id_, HOUR, now) for id_ in range(1, 21)}

    assert loads[MISSOURI] == round(sum(loads[id_] for id_ in range(1, 10)), 1)
    assert loads[OKLAHOMA] == round(sum(loads[id_] for id_ in range(10, 18)), 1)
    assert loads[KAMO] == round(loads[MISSOURI] + loads[OKLAHOMA], 1)


def test_a_forecast_of_an_aggregate_is_the_sum_of_forecasts():
    ahead = HOUR + 5 * HOUR_S

    parts = [forecast_load_kw(SEED, id_, ahead, HOUR) for id_ in COOPERATIVES]

    assert forecast_load_kw(SEED, KAMO, ahead, HOUR) == round(sum(parts), 1)


def test_loads_are_whole_numbers_except_where_the_recording_has_decimals():
    hours = [HOUR + HOUR_S * n for n in range(48)]
    with_decimals = {
        id_
        for id_ in COOPERATIVES
        for hour in hours
        if not settled_load_kw(SEED, id_, hour).is_integer()
    }

    assert with_decimals == {7}
    assert {type(settled_load_kw(SEED, 1, hour)) for hour in hours} == {float}


def test_nights_are_quieter_than_evenings():
    # index 0 is midnight in winter
    days = [day_loads(2025, 1, day) for day in range(1, 29)]
    nights = mean(mean(loads[1:5]) for loads in days)
    evenings = mean(mean(loads[17:21]) for loads in days)

    assert 1.05 * nights < evenings < 1.5 * nights


def test_winter_and_summer_draw_more_than_spring_and_autumn():
    january, april, july, october = (month_mean(month) for month in (1, 4, 7, 10))

    assert min(january, july) > 1.1 * max(april, october)


def test_loads_are_of_the_size_of_the_recording():
    assert 45_000 < mean(day_loads(2026, 1, 4, area_id=1)) < 110_000


def test_cooperatives_do_not_move_in_step():
    ratios = {
        round(one / other, 3)
        for one, other in zip(
            day_loads(2026, 1, 4, 1), day_loads(2026, 1, 4, 2), strict=True
        )
    }

    assert len(ratios) > 10


def test_a_forecast_is_redrawn_every_hour_and_not_in_between():
    ahead = HOUR + 6 * HOUR_S

    drawn = [
        forecast_load_kw(SEED, 1, ahead, HOUR + minute * 60)
        for minute in (0, 59, 60, 120, 180)
    ]

    assert drawn[0] == drawn[1]
    assert len(set(drawn[1:])) == 4


def test_a_forecast_stays_as_it_was_when_its_hour_began():
    last = forecast_load_kw(SEED, 1, HOUR, HOUR - 1)

    later = {forecast_load_kw(SEED, 1, HOUR, HOUR + n * HOUR_S) for n in (0, 1, 30)}

    assert later == {last}


def test_forecasts_get_better_as_their_hour_comes_nearer():
    def mean_error(lead_h: int) -> float:
        hours = [HOUR + HOUR_S * n for n in range(500)]
        return mean(
            abs(
                forecast_load_kw(SEED, 1, hour, hour - lead_h * HOUR_S)
                / settled_load_kw(SEED, 1, hour)
                - 1
            )
            for hour in hours
        )

    assert 0 < mean_error(1) < mean_error(6) < mean_error(24) < 0.1


def test_another_seed_gives_other_loads():
    assert settled_load_kw(1, 1, HOUR) != settled_load_kw(2, 1, HOUR)


def test_another_process_sees_the_same_loads():
    program = (
        "from energy_logger_simulator.kamo.load import forecast_load_kw, "
        "shown_load_kw\n"
        f"print(shown_load_kw({SEED}, 20, {HOUR}, {HOUR} + 600), "
        f"forecast_load_kw({SEED}, 20, {HOUR} + 36000, {HOUR}))"
    )
    source = next(path for path in sys.path if path.endswith("addon/src"))

    ended = subprocess.run(
        [sys.executable, "-c", program],
        env={"PYTHONPATH": source, "PYTHONHASHSEED": "random"},
        capture_output=True,
        check=True,
        text=True,
    ).stdout

    assert [float(word) for word in ended.split()] == [
        shown_load_kw(SEED, KAMO, HOUR, HOUR + 600),
        forecast_load_kw(SEED, KAMO, HOUR + 36_000, HOUR),
    ]
