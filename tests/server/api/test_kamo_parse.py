"""KAMO's answers: what is a point, what is nothing, what is rejected."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from math import inf, nan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from energy_logger_server.api.exact_json import JsonObject
from energy_logger_server.api.kamo_parse import (
    AgreementError,
    parse_area_grid,
    parse_areas,
    parse_substations,
)
from energy_logger_simulator.kamo.recording import (
    recorded_area_list,
    recorded_grids,
    recorded_tables,
)

HOUR = timedelta(hours=1)
NIGHT = datetime(2026, 1, 4, 5, 0, tzinfo=UTC)
LABELS = ["01/03/2026 23:00", "01/04/2026 0:00", "01/04/2026 1:00"]
AREA: JsonObject = {"id": 1, "name": "Ozark Electric Cooperative", "abrev": "OZEC"}
ROW: JsonObject = {
    "name": "Ash Grove",
    "kw": 4031.0,
    "kvar": -200,
    "pf": -1.0,
    "quality": False,
    "qualityNow": True,
}


def chart(*lines: object, labels=LABELS, **fields: object):
    return {"Id": 1, "chartLineData": list(lines), "lineChartLabels": labels} | fields


def line(*values: object, label="Actual"):
    return {"label": label, "data": list(values)}


def table(*rows: object, **fields: object):
    return {"Id": 1, "areaLoadData": list(rows)} | fields


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from([*chart(), *table(), "label", "data", *AREA, *ROW]),
            inner,
        )
    ),
    max_leaves=8,
)


def reasons(rejected):
    return [(each.position, each.reason) for each in rejected]


def test_areas_are_read_as_recorded():
    areas, rejected = parse_areas([*recorded_area_list()])

    assert rejected == ()
    assert [area.id for area in areas] == list(range(1, 21))
    assert (areas[0].name, areas[0].abbreviation) == (AREA["name"], "OZEC")
    assert [area.id for area in areas if area.is_aggregate] == [18, 19, 20]
    assert areas[0].raw is recorded_area_list()[0]


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"id": None}, "id is not a usable number"),
        ({"id": True}, "id is not a usable number"),
        ({"id": 1.5}, "id is not a usable number"),
        ({"id": "1"}, "id is not a usable number"),
        ({"id": 2.0}, "id is there already"),
        ({"id": 0}, "id is not a usable number"),
        ({"id": 2**31}, "id is not a usable number"),
        ({"id": 2}, "id is there already"),
        ({"name": " "}, "name is not usable text"),
    ],
)
def test_an_area_without_a_key_is_rejected_alone(fields, reason):
    areas, rejected = parse_areas([AREA | {"id": 2}, AREA | fields, AREA])

    assert [area.id for area in areas] == [2, 1]
    assert reasons(rejected) == [(1, reason)]


def test_a_number_of_an_area_written_with_a_point_is_one():
    sent = AREA | {"id": 1.0}

    areas, rejected = parse_areas([sent])
    grid = parse_area_grid(chart(Id=1.0), 1)

    assert rejected == ()
    assert (areas[0].id, type(areas[0].id)) == (1, int)
    assert areas[0].raw is sent
    assert grid.raw["Id"] == 1


def test_an_area_without_abbreviation_has_an_empty_one():
    areas, _ = parse_areas([AREA | {"abrev": None}])

    assert areas[0].abbreviation == ""


@pytest.mark.parametrize("area_id", range(1, 10))
def test_load_and_substations_are_read_as_recorded(area_id):
    chart_told, table_told = recorded_grids()[area_id], recorded_tables()[area_id]

    grid = parse_area_grid(chart_told, area_id)
    stations = parse_substations(table_told, area_id)

    assert grid.rejected == stations.rejected == ()
    (actual,) = grid.series
    assert actual.is_actual
    hours = [point.hour_at for point in actual.points]
    assert hours == [datetime(2026, 1, 3, 22, tzinfo=UTC) + n * HOUR for n in range(12)]
    values = chart_told["chartLineData"][0]["data"]
    assert [point.raw for point in actual.points] == values
    assert len(stations.readings) == len(table_told["areaLoadData"])
    whole_kw = sum(reading.load_kw for reading in stations.readings)
    assert whole_kw == pytest.approx(actual.points[-1].load_kw, rel=0.03)


def test_every_line_of_a_chart_is_kept():
    grid = parse_area_grid(chart(line(1, 2, 3), line(4.5, 5, 6, label="Day ahead")), 1)

    assert [series.label for series in grid.series] == ["Actual", "Day ahead"]
    assert [point.load_kw for point in grid.series[1].points] == [4.5, 5.0, 6.0]
    assert grid.rejected == ()


def test_a_null_is_neither_a_point_nor_an_error():
    labels = [*LABELS, "no time"]
    grid = parse_area_grid(chart(line(1, None, 3, None, None), labels=labels), 1)

    points = grid.series[0].points
    assert [(point.position, point.hour_at) for point in points] == [
        (0, NIGHT),
        (2, NIGHT + 2 * HOUR),
    ]
    assert grid.rejected == ()


@pytest.mark.parametrize(
    "value", ["1", True, nan, inf, [1], {}, Decimal("1e400")], ids=repr
)
def test_what_is_no_number_is_rejected_with_its_position(value):
    grid = parse_area_grid(chart(line(1, value, 3)), 1)

    assert [point.position for point in grid.series[0].points] == [0, 2]
    assert reasons(grid.rejected) == [(1, "Actual: no finite number")]


def test_values_beyond_the_labels_are_rejected_with_their_positions():
    grid = parse_area_grid(chart(line(1, 2, 3, 4, None, 6)), 1)

    assert len(grid.series[0].points) == 3
    assert reasons(grid.rejected) == [
        (3, "Actual: no readable label"),
        (5, "Actual: no readable label"),
    ]


def test_a_line_may_be_shorter_than_the_labels():
    grid = parse_area_grid(chart(line(1)), 1)

    assert len(grid.series[0].points) == 1
    assert grid.rejected == ()


@pytest.mark.parametrize("label", [None, 5, "soon", "03/08/2026 2:00"])
def test_a_value_whose_label_names_no_hour_is_rejected(label):
    labels = [LABELS[0], label, LABELS[2]]

    grid = parse_area_grid(chart(line(1, 2, 3), labels=labels), 1)

    assert [point.position for point in grid.series[0].points] == [0, 2]
    assert reasons(grid.rejected) == [(1, "Actual: no readable label")]


def test_the_second_value_of_one_hour_is_rejected_in_each_line():
    labels = [LABELS[0], LABELS[0], LABELS[1]]
    grid = parse_area_grid(
        chart(line(1, 2, 3), line(None, 5, 6, label="Plan"), labels=labels), 1
    )

    actual, plan = grid.series
    assert [point.load_kw for point in actual.points] == [1, 3]
    assert [point.load_kw for point in plan.points] == [5, 6]
    assert reasons(grid.rejected) == [(1, "Actual: hour is there already")]


def test_the_repeated_hour_of_autumn_is_two_points():
    labels = ["11/01/2026 0:00", "11/01/2026 1:00", "11/01/2026 1:00"]

    grid = parse_area_grid(chart(line(1, 2, 3), labels=labels), 1)

    hours = [point.hour_at.hour for point in grid.series[0].points]
    assert hours == [5, 6, 7]


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        ("x", "not an object"),
        ({"data": []}, "label is not usable text"),
        ({"label": "a\0", "data": []}, "label is not usable text"),
        ({"label": "Plan"}, "data is not a list"),
        ({"label": "Plan", "data": {}}, "data is not a list"),
        ({"label": " ACTUAL", "data": [9]}, "label is there already"),
    ],
)
def test_an_unreadable_line_is_rejected_alone(bad, reason):
    good = line(4, label="Plan")

    grid = parse_area_grid(chart(line(1), bad, good), 1)

    assert [series.label for series in grid.series] == ["Actual", "Plan"]
    assert reasons(grid.rejected) == [(1, reason)]


@pytest.mark.parametrize(
    "grid",
    [chart(line(1), chartLineData=None), chart(labels=None), chart()],
    ids=["no-lines", "no-labels", "empty"],
)
def test_a_chart_without_content_is_an_empty_one(grid):
    parsed = parse_area_grid(grid, 1)

    assert (parsed.series, parsed.rejected) == ((), ())


def test_a_line_without_values_is_an_empty_one():
    grid = parse_area_grid(chart({"label": "Actual", "data": None}), 1)

    assert grid.series[0].points == ()


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ([], "no object"),
        (None, "no object"),
        (chart(Id=2), "Id is '2', not 1"),
        (chart(Id=True), "Id is 'True', not 1"),
        (chart(Id="1"), "Id is '1', not 1"),
        ({"chartLineData": [], "lineChartLabels": []}, "Id is 'None', not 1"),
        ({"Id": 1, "chartLineData": []}, "lineChartLabels is not a list"),
        ({"Id": 1, "lineChartLabels": []}, "chartLineData is not a list"),
        (chart(chartLineData="x"), "chartLineData is not a list"),
    ],
)
def test_what_is_no_chart_of_the_area_is_not_what_was_agreed(value, reason):
    with pytest.raises(AgreementError) as caught:
        parse_area_grid(value, 1)

    assert str(caught.value) == reason


def test_a_substation_is_read_with_all_that_it_says():
    (reading,) = parse_substations(table(ROW), 1).readings

    assert (reading.name, reading.position) == ("Ash Grove", 0)
    assert (reading.load_kw, reading.reactive_kvar) == (4031.0, -200.0)
    assert (reading.power_factor, type(reading.reactive_kvar)) == (-1.0, float)
    assert (reading.quality, reading.quality_now) == (False, True)
    assert reading.raw is ROW


def test_a_substation_of_which_only_the_load_is_known_is_read():
    sent = {"name": "Ash Grove", "kw": 4031.0, "kvar": None, "pf": None}

    (reading,) = parse_substations(table(sent), 1).readings

    assert reading.load_kw == 4031.0
    assert (reading.reactive_kvar, reading.power_factor) == (None, None)
    assert reading.raw is sent


@pytest.mark.parametrize("name", ["kvar", "pf"])
def test_a_substation_that_lacks_a_number_altogether_is_rejected(name):
    sent = {key: value for key, value in ROW.items() if key != name}

    parsed = parse_substations(table(sent), 1)

    assert parsed.readings == ()
    assert [each.reason for each in parsed.rejected] == [f"{name} is missing"]


def test_a_flag_that_is_no_boolean_is_not_known():
    (reading,) = parse_substations(table(ROW | {"quality": 0}), 1).readings

    assert (reading.quality, reading.raw["quality"]) == (None, 0)


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"name": None}, "name is not usable text"),
        ({"name": ""}, "name is not usable text"),
        ({"name": "Ash\0"}, "name is not usable text"),
        ({"kw": None}, "kw is not a finite number"),
        ({"kw": True}, "kw is not a finite number"),
        ({"kvar": "5"}, "kvar is not a finite number"),
        ({"pf": nan}, "pf is not a finite number"),
        ({"name": "Battlefield"}, "name is there already"),
    ],
)
def test_an_unreadable_substation_is_rejected_alone(fields, reason):
    other = ROW | {"name": "Battlefield"}

    parsed = parse_substations(table(other, ROW | fields, ROW), 1)

    assert [(each.name, each.position) for each in parsed.readings] == [
        ("Battlefield", 0),
        ("Ash Grove", 2),
    ]
    assert reasons(parsed.rejected) == [(1, reason)]


@pytest.mark.parametrize("rows", [None, []])
def test_an_aggregate_has_no_substations(rows):
    parsed = parse_substations(table(areaLoadData=rows), 1)

    assert (parsed.readings, parsed.rejected) == ((), ())


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("x", "no object"),
        (table(Id=17), "Id is '17', not 1"),
        ({"Id": 1}, "areaLoadData is not a list"),
    ],
)
def test_what_is_no_table_of_the_area_is_not_what_was_agreed(value, reason):
    with pytest.raises(AgreementError) as caught:
        parse_substations(value, 1)

    assert str(caught.value) == reason


@pytest.mark.parametrize("value", [None, {}, "x"])
def test_areas_that_are_no_list_are_not_what_was_agreed(value):
    with pytest.raises(AgreementError, match="no list"):
        parse_areas(value)


@given(st.lists(JSON))
def test_no_row_breaks_the_areas(rows):
    areas, rejected = parse_areas(rows)

    assert len(areas) + len(rejected) == len(rows)


@given(st.lists(JSON), st.lists(JSON))
def test_no_value_breaks_a_chart_or_a_table(rows, labels):
    grid = parse_area_grid(chart(*rows, labels=labels), 1)
    stations = parse_substations(table(*rows), 1)

    assert len(grid.series) <= len(rows)
    assert len(stations.readings) + len(stations.rejected) == len(rows)


@given(st.lists(JSON))
def test_each_value_of_a_line_is_a_point_nothing_or_rejected(values):
    grid = parse_area_grid(chart(line(*values)), 1)

    known = sum(value is not None for value in values)
    assert len(grid.series[0].points) + len(grid.rejected) == known
