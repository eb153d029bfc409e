"""What is written and told of hours that are not what their source says."""

from datetime import UTC, datetime, timedelta
from math import nan

from custom_components.energy_logger.statistics.compare import (
    Comparison,
    Difference,
    Flaw,
    SumRow,
    Tally,
    compare_means,
    compare_sums,
)
from custom_components.energy_logger.statistics.hours import Mean

FIRST = datetime(2026, 1, 3, 14, tzinfo=UTC)
HOURS = [FIRST + count * timedelta(hours=1) for count in range(6)]
AMOUNTS = dict(zip(HOURS, (1.0, 2.0, -0.5, 4.0, 0.0, 8.25), strict=True))


def recorded(
    amounts: dict[datetime, float], begin: float = 0.0
) -> dict[datetime, SumRow]:
    """Return what was written of amounts, one after the other."""
    rows, total = {}, begin
    for at, amount in sorted(amounts.items()):
        total += amount
        rows[at] = SumRow(amount, total)
    return rows


def compare(
    amounts: dict[datetime, float],
    rows: dict[datetime, SumRow],
    begin: float = 0.0,
    *,
    drop_extra: bool = True,
) -> Comparison[SumRow]:
    return compare_sums(Tally.behind(begin), amounts, rows, drop_extra=drop_extra)


def flaws(found: Comparison[SumRow]) -> list[tuple[datetime, Flaw]]:
    return [(one.hour, one.flaw) for one in found.differences]


def bars(rows: dict[datetime, SumRow]) -> dict[datetime, float]:
    """Return what a chart shows: by how much the sum grows in each hour."""
    ordered = sorted(rows.items())
    sums = [0.0, *(row.sum for _, row in ordered)]
    return {at: row.sum - sums[place] for place, (at, row) in enumerate(ordered)}


def test_the_first_import_writes_every_hour_with_its_sum():
    found = compare(AMOUNTS, {})

    assert found.rows == recorded(AMOUNTS)
    assert flaws(found) == [(hour, Flaw.MISSING) for hour in HOURS]


def test_what_is_right_is_left_alone():
    found = compare(AMOUNTS, recorded(AMOUNTS))

    assert (found.rows, found.differences, found.checked) == ({}, (), 6)


def test_sums_go_on_from_what_was_recorded_before():
    found = compare(AMOUNTS, recorded(AMOUNTS, 100.0), 100.0)

    assert found.rows == {}


def test_a_revised_hour_changes_its_bar_and_no_other():
    revised = {**AMOUNTS, HOURS[2]: 0.75}
    old = recorded(AMOUNTS)

    found = compare(revised, old)

    assert flaws(found) == [(HOURS[2], Flaw.DIFFERENT)]
    assert found.differences[0] == Difference(HOURS[2], Flaw.DIFFERENT, -0.5, 0.75)
    assert sorted(found.rows) == HOURS[2:]
    assert bars({**old, **found.rows}) == revised


def test_a_late_hour_is_told_once_and_leaves_no_negative_bar():
    known = {at: amount for at, amount in AMOUNTS.items() if at != HOURS[3]}
    old = recorded(known)

    found = compare(AMOUNTS, old)

    assert flaws(found) == [(HOURS[3], Flaw.MISSING)]
    assert bars({**old, **found.rows}) == AMOUNTS


def test_hours_that_are_late_together_are_told_each_once():
    known = {at: AMOUNTS[at] for at in (HOURS[0], HOURS[4], HOURS[5])}

    found = compare(AMOUNTS, recorded(known))

    assert flaws(found) == [(hour, Flaw.MISSING) for hour in HOURS[1:4]]


def test_a_deleted_hour_is_written_again_alone():
    old = recorded(AMOUNTS)
    del old[HOURS[1]]

    found = compare(AMOUNTS, old)

    assert found.rows == {HOURS[1]: recorded(AMOUNTS)[HOURS[1]]}
    assert flaws(found) == [(HOURS[1], Flaw.MISSING)]


def test_a_wrong_sum_is_told_once_and_written_alone():
    old = recorded(AMOUNTS)
    old[HOURS[3]] = SumRow(4.0, 1000.0)

    found = compare(AMOUNTS, old)

    assert flaws(found) == [(HOURS[3], Flaw.DIFFERENT)]
    assert sorted(found.rows) == [HOURS[3]]


def test_sums_that_begin_anew_are_told_where_they_do():
    old = recorded(AMOUNTS)
    old |= recorded({at: AMOUNTS[at] for at in HOURS[3:]})

    found = compare(AMOUNTS, old)

    assert flaws(found) == [(HOURS[3], Flaw.DIFFERENT)]
    assert bars({**old, **found.rows}) == AMOUNTS


def test_an_extra_hour_is_told_and_adds_nothing_any_more():
    known = {at: AMOUNTS[at] for at in HOURS[:3]}
    old = recorded({**known, HOURS[3]: 7.0, HOURS[4]: 1.0})

    found = compare(known, old)

    assert flaws(found) == [(HOURS[3], Flaw.EXTRA), (HOURS[4], Flaw.EXTRA)]
    mended = {**old, **found.rows}
    assert bars(mended) == {**known, HOURS[3]: 0.0, HOURS[4]: 0.0}
    assert compare(known, mended).differences == ()


def test_an_hour_that_only_home_assistant_has_is_kept_where_it_may_be():
    known = {at: AMOUNTS[at] for at in (HOURS[0], HOURS[2])}
    old = recorded({HOURS[0]: 1.0, HOURS[1]: 7.0, HOURS[2]: 3.0})

    found = compare(known, old, drop_extra=False)

    assert flaws(found) == [(HOURS[2], Flaw.DIFFERENT)]
    assert bars({**old, **found.rows}) == {HOURS[0]: 1.0, HOURS[1]: 7.0, HOURS[2]: -0.5}


def test_an_hour_of_somebody_else_without_a_state_keeps_its_bar():
    old = recorded({HOURS[0]: 1.0, HOURS[1]: 7.0})
    old[HOURS[1]] = SumRow(nan, 8.0)

    found = compare({HOURS[0]: 2.0}, old, drop_extra=False)

    assert found.rows == {HOURS[0]: SumRow(2.0, 2.0), HOURS[1]: SumRow(7.0, 9.0)}


def test_means_that_are_missing_different_or_extra_are_told():
    right = Mean(1.0, 0.5, 2.0)
    source = {HOURS[0]: right, HOURS[1]: right, HOURS[2]: right}
    old = {HOURS[0]: right, HOURS[1]: Mean(1.0, 0.5, 3.0), HOURS[3]: right}

    found = compare_means(source, old)

    assert found.rows == {HOURS[1]: right, HOURS[2]: right}
    assert found.differences == (
        Difference(HOURS[1], Flaw.DIFFERENT, 1.0, 1.0),
        Difference(HOURS[2], Flaw.MISSING, None, 1.0),
        Difference(HOURS[3], Flaw.EXTRA, 1.0, None),
    )
