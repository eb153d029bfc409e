"""A billing year by hand: three substations, eight days."""

from datetime import UTC, date, datetime, timedelta

import pytest

from energy_logger_server.domain.determinants.bill import (
    Bill,
    Rates,
    one_kilowatt_less,
)
from energy_logger_server.domain.determinants.standing import (
    DeterminantsSoFar,
    YearRule,
    standing,
    system_peaks,
)
from energy_logger_server.domain.determinants.substation_peaks import (
    MonthOfSubstation,
    PeakReview,
    SubstationDay,
    months_of_substations,
)
from energy_logger_server.domain.determinants.year import BillingYear, a_year_later
from energy_logger_server.domain.load.months import LoadOfDay
from energy_logger_server.domain.load.peaks import DayPeak

YEAR = BillingYear(date(2025, 1, 1))
OVER = date(2026, 1, 4)
FIVE_PM = 17 * 3600


def at(day: date) -> int:
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()) + FIVE_PM


def peak(month: int, day: int, kw: float, year: int = 2025) -> DayPeak:
    on = date(year, month, day)
    return DayPeak(on, round(kw * 10), at(on))


def read(name: str, day: date, kw: float, readings: int = 288) -> SubstationDay:
    return SubstationDay(name, day, readings, round(kw * 10), at(day))


def whole_month(name: str, month: date, kw: float) -> list[SubstationDay]:
    """Return a month of one load."""
    days = (month + timedelta(days=n) for n in range(31))
    return [read(name, day, kw) for day in days if day.month == month.month]


def three_substations(year: BillingYear = YEAR) -> list[SubstationDay]:
    """Return a year of 100, 200 and 50 kW, but for a July of 110 kW."""
    return [
        day
        for month in year.months()
        for name, kw in (
            ("North", 100.0),
            ("South", 200.0),
            ("Mill", 110.0 if month.month == 7 else 50.0),
        )
        for day in whole_month(name, month, kw)
    ]


EIGHT_DAYS = [
    peak(7, 21, 500),
    peak(8, 4, 480),
    peak(6, 22, 460),
    peak(7, 22, 455),
    peak(1, 18, 520),
    peak(2, 10, 490),
    peak(12, 19, 510),
    peak(12, 20, 489),
    # neither season has May
    peak(5, 1, 9999),
]


def stands(
    days: list[DayPeak] | None = None,
    substations: list[SubstationDay] | None = None,
    *,
    today: date = OVER,
    rule: YearRule | None = None,
) -> DeterminantsSoFar:
    return standing(
        YEAR,
        rule or YearRule(),
        EIGHT_DAYS if days is None else days,
        three_substations() if substations is None else substations,
        today,
    )


def test_the_example_that_was_published_comes_out():
    bill = Bill(peak_kw=156_523, base_kw=120_538)

    assert bill.billed_kw == 35_985


def test_a_year_is_the_mean_of_six_days_less_a_twelfth_of_every_substations_months():
    found = stands()

    summer, winter = found.seasons
    assert [day.load_e1 for day in summer.counted] == [5000, 4800, 4600]
    assert [day.load_e1 for day in winter.counted] == [5200, 5100, 4900]
    assert found.so_far is not None
    # (500 + 480 + 460 + 520 + 510 + 490) / 6, and (12 * 350 + 60) / 12
    assert found.so_far.peak_kw == pytest.approx(2960 / 6)
    assert found.so_far.base_kw == pytest.approx(355)
    assert found.so_far.billed_kw == pytest.approx(2960 / 6 - 355)
    assert found.projected == found.so_far
    assert found.projected_months == 12


def test_each_season_names_the_next_one_out_and_what_it_takes_to_enter():
    summer, winter = stands().seasons

    assert summer.next_out == peak(7, 22, 455)
    assert summer.to_enter_e1 == 4600
    assert summer.above_next_e1(summer.counted[2]) == 50
    assert winter.above_next_e1(winter.counted[0]) == 310


def test_while_days_are_wanting_any_day_enters():
    [summer, winter] = stands([peak(7, 21, 500), peak(1, 18, 520)]).seasons

    assert summer.to_enter_e1 is None
    assert winter.next_out is None
    assert winter.above_next_e1(winter.counted[0]) is None


def test_a_kilowatt_less_in_a_substations_own_peak_raises_what_is_billed():
    found = stands()
    less = one_kilowatt_less(found.seasons)
    south_less = [
        day._replace(load_e1=day.load_e1 - 10)
        if day.name == "South" and day.day.month == 3
        else day
        for day in three_substations()
    ]
    hottest_less = [peak(7, 21, 499), *EIGHT_DAYS[1:]]
    as_is = found.so_far
    changed = [stands(None, south_less).so_far, stands(hottest_less).so_far]

    assert as_is is not None
    assert [one and one.billed_kw - as_is.billed_kw for one in changed] == [
        pytest.approx(less.in_a_substations_peak),
        pytest.approx(less.on_a_billed_day),
    ]
    assert less.in_a_substations_peak > 0 > less.on_a_billed_day


def test_money_is_what_the_rates_make_of_both_figures():
    assert Bill(150.0, 100.0).money(Rates(peak=20, base=3)) == 1300


def test_what_is_to_come_is_taken_from_the_year_before():
    before = [
        peak(7, 10, 470, 2024),
        peak(8, 11, 440, 2024),
        peak(12, 24, 530, 2024),
        peak(1, 5, 600, 2024),
    ]
    so_far = [peak(1, 18, 520), peak(2, 10, 490), peak(7, 21, 500)]
    substations = [
        day
        for day in three_substations(YEAR.before) + three_substations()
        if day.day < date(2025, 8, 1)
    ]

    found = stands([*before, *so_far], substations, today=date(2025, 8, 1))

    assert found.so_far is not None
    assert found.projected is not None
    assert found.so_far.peak_kw == pytest.approx((520 + 490 + 500) / 3)
    # August's day and December's come again; July's of the year before is past
    assert found.projected.peak_kw == pytest.approx((520 + 490 + 530 + 500 + 440) / 5)
    assert found.so_far.base_kw == pytest.approx((7 * 350 + 60) / 12)
    assert found.projected.base_kw == pytest.approx(355)


def test_without_a_year_before_a_month_to_come_is_as_those_that_are_known():
    known = [day for day in three_substations() if day.day < date(2025, 7, 1)]

    found = stands(None, known, today=date(2025, 7, 1))

    assert found.projected is not None
    assert found.projected.base_kw == pytest.approx(350)


def test_months_that_nothing_is_known_of_are_missing_in_the_projection():
    before = whole_month("North", date(2024, 9, 1), 100)

    found = stands(None, before, today=date(2025, 7, 1))

    assert found.so_far is None
    assert found.projected_months == 1


def test_a_running_month_is_as_high_as_the_year_before_at_least():
    today = date(2025, 7, 2)
    days = [
        *whole_month("North", date(2024, 7, 1), 300),
        read("North", date(2025, 7, 1), 100),
    ]

    found = stands(None, days, today=today)

    assert found.projected is not None
    assert found.projected.base_kw == pytest.approx((300 + 11 * 100) / 12)


def test_without_substations_or_days_there_is_no_figure():
    assert stands(None, []).so_far is None
    assert stands(None, []).projected is None
    assert stands([], None).so_far is None


def month_of(days: list[SubstationDay], **options: bool) -> MonthOfSubstation:
    [found] = months_of_substations(
        days, OVER, counts_suspects=options.get("counts_suspects", False)
    )
    return found


def test_a_spike_is_told_and_does_not_count_unless_asked():
    march = whole_month("North", date(2025, 3, 1), 100)
    march[9] = read("North", date(2025, 3, 10), 180)

    left_out = month_of(march)
    counted = month_of(march, counts_suspects=True)

    assert (left_out.load_e1, left_out.suspect) == (1000, march[9])
    assert (counted.load_e1, counted.suspect) == (1800, march[9])


def test_what_the_owner_says_of_a_day_overrules_what_it_seems():
    march = whole_month("North", date(2025, 3, 1), 100)
    march[9] = read("North", date(2025, 3, 10), 180)
    march[4] = read("North", date(2025, 3, 5), 103)

    def said(day: int, *, counts: bool) -> MonthOfSubstation:
        review = PeakReview("North", date(2025, 3, day), counts, "A new mill was tried")
        [found] = months_of_substations(march, OVER, [review], counts_suspects=False)
        return found

    kept, left_out = said(10, counts=True), said(10, counts=False)
    assert (kept.load_e1, kept.suspect) == (1800, None)
    assert kept.review is not None
    assert kept.review.note == "A new mill was tried"
    assert (left_out.load_e1, left_out.suspect) == (1030, march[9])
    # a day that is no spike can be left out, too
    other = said(5, counts=False)
    assert (other.load_e1, other.review) == (1000, None)


def test_a_month_of_which_every_day_was_left_out_has_its_highest():
    day = read("North", date(2025, 3, 5), 103)
    review = PeakReview("North", day.day, counts=False, note="The meter was tested")

    [found] = months_of_substations([day], OVER, [review], counts_suspects=True)

    assert (found.load_e1, found.suspect) == (1030, day)


def test_a_hot_day_among_warm_ones_is_no_spike():
    march = [read("North", date(2025, 3, day), 100 + day % 10) for day in range(1, 32)]
    march[9] = read("North", date(2025, 3, 10), 120)

    assert month_of(march).suspect is None


def test_a_day_on_which_many_substations_are_high_is_weather():
    names = ("North", "South", "Mill", "Lake", "Ford")

    def suspects(*high: str) -> set[str]:
        days = [
            read(name, day.day, 180)
            if name in high and day.day == date(2025, 3, 10)
            else day
            for name in names
            for day in whole_month(name, date(2025, 3, 1), 100)
        ]
        found = months_of_substations(days, OVER, counts_suspects=False)
        return {one.name for one in found if one.suspect is not None}

    assert suspects("North") == {"North"}
    assert suspects("North", "South") == set()
    assert suspects(*names) == set()


def test_of_a_few_days_nobody_knows_which_is_a_spike():
    days = [read("North", date(2025, 3, day), 100.0) for day in range(1, 4)]

    assert month_of([*days, read("North", date(2025, 3, 5), 900)]).load_e1 == 9000


def test_a_month_with_missing_days_or_readings_is_at_least_so_much():
    march = whole_month("North", date(2025, 3, 1), 100)
    half_read = [*march[:-1], march[-1]._replace(readings=200)]

    assert not month_of(march).is_at_least
    assert month_of(march[1:]).is_at_least
    assert month_of(half_read).is_at_least


def test_of_the_running_month_only_days_that_are_over_can_be_missing():
    days = [read("North", date(2026, 1, day), 100) for day in range(1, 5)]

    assert not month_of(days).is_at_least
    assert month_of(days[1:]).is_at_least


def test_a_leap_day_comes_again_a_day_earlier():
    assert a_year_later(date(2024, 2, 29)) == date(2025, 2, 28)
    assert a_year_later(date(2025, 3, 31)) == date(2026, 3, 31)


def test_the_systems_peak_of_a_month_is_told_with_what_is_next_to_it():
    def day(month: int, number: int, kw: int) -> LoadOfDay:
        on = date(2025, month, number)
        return LoadOfDay(on, 24, 0, kw * 10, at(on))

    january, february = system_peaks(
        [day(1, 1, 700), day(1, 2, 900), day(1, 3, 900), day(2, 1, 500)]
    )

    # of equal days the first
    assert january.at == at(date(2025, 1, 2))
    assert january.above_next_e1 == 0
    assert (february.load_e1, february.above_next_e1) == (5000, None)
