"""Which areas a setting chooses."""

import pytest

from energy_logger_server.domain.collecting.area_choice import (
    ALL_AREAS,
    NO_AREAS,
    AreaChoice,
    parse_area_choice,
)


@pytest.mark.parametrize("text", ["", " ", ",", "all", "ALL", " All "])
def test_all_areas_are_chosen_by_nothing_or_the_word(text: str):
    choice = parse_area_choice(text)

    assert choice == ALL_AREAS
    assert choice.chooses(7, "SOEC")


@pytest.mark.parametrize("text", ["none", "None"])
def test_none_chooses_no_area(text: str):
    choice = parse_area_choice(text)

    assert choice == NO_AREAS
    assert not choice.chooses(7, "SOEC")


@pytest.mark.parametrize("text", ["7,1", "soec, OZEC,", " SoEc ,1"])
def test_areas_are_named_by_number_or_abbreviation_in_any_case(text: str):
    choice = parse_area_choice(text)

    assert choice.chooses(7, "SOEC")
    assert choice.chooses(1, "OZEC")
    assert not choice.chooses(17, "VVEC")


def test_names_that_no_area_has_are_reported():
    areas = [(7, "SOEC"), (1, "OZEC")]

    assert parse_area_choice("7,ozec,77,soek").unknown_names(areas) == ("77", "soek")
    assert ALL_AREAS.unknown_names(areas) == ()


def test_all_among_other_names_is_a_name():
    assert parse_area_choice("all,7") == AreaChoice(frozenset({"all", "7"}))
