"""Adding up costs, without a store."""

from dataclasses import replace
from datetime import date

from energy_logger_server.domain.costs.costs import (
    CostDay,
    Money,
    RegisterCost,
    added_up,
    aud,
    costs_by_period,
    covered_days,
    days_between,
    estimated_share,
    unpriced_share,
)
from energy_logger_server.domain.load.peaks import Period

GENERAL = RegisterCost("E1", "general", 48, 1440, 0, 10_000, 2_000_001)
CONTROLLED = RegisterCost("E2", "controlledLoad", 48, 1440, 720, 5_000, 500_000)
FEED_IN = RegisterCost("B1", "feedIn", 48, 1440, 0, 4_000, -300_000)

JANUARY = (date(2026, 1, 1), date(2026, 1, 31))


def day(number: int, *registers: RegisterCost, is_complete: bool = True) -> CostDay:
    """A date in January 2026, and so on."""
    at = date.fromordinal(date(2026, 1, 1).toordinal() + number - 1)
    return CostDay(at, registers or (GENERAL,), is_complete)


def money(import_e3: int, export_e3: int, import_e4: int, export_e4: int) -> Money:
    """Sums of which every cost is known."""
    return Money(import_e3, export_e3, import_e4, export_e4, import_e3, export_e3)


def test_import_is_everything_that_is_not_feed_in():
    assert Money.of([GENERAL, CONTROLLED, FEED_IN]) == money(
        15_000, 4_000, 2_500_001, 300_000
    )


def test_the_net_cost_is_import_less_what_export_earns():
    assert Money.of([GENERAL, FEED_IN]).net_e4 == 1_700_001


def test_paying_to_export_is_a_negative_credit_not_an_import():
    cost = RegisterCost("B1", "feedIn", 48, 1440, 0, 4_000, 300_000)

    assert Money.of([cost]) == money(0, 4_000, 0, -300_000)


def test_being_paid_to_import_is_a_negative_cost_not_an_export():
    cost = RegisterCost("E1", "general", 48, 1440, 0, 4_000, -300_000)

    assert Money.of([cost]) == money(4_000, 0, -300_000, 0)


def test_money_keeps_every_digit_and_turns_on_feed_in():
    assert (GENERAL.cost_cents, GENERAL.cost_aud) == (200.0001, 2.000001)
    assert (FEED_IN.cost_cents, FEED_IN.cost_aud) == (-30.0, 0.3)
    assert GENERAL.energy_kwh == 10.0


def unpriced(register: RegisterCost) -> RegisterCost:
    """The same with no cost at all."""
    return replace(
        register,
        cost_e4=0,
        unpriced_minutes=register.minutes,
        unpriced_energy_e3=register.energy_e3,
    )


def test_a_cost_of_which_nothing_is_known_is_none_and_not_zero():
    assert unpriced(GENERAL).cost_cents is None
    assert unpriced(FEED_IN).cost_aud is None
    assert aud(None) is None


def test_money_of_one_direction_that_is_unknown_leaves_no_net_cost():
    found = Money.of([GENERAL, unpriced(FEED_IN)])

    assert (found.import_e4, found.export_e4, found.net_e4) == (2_000_001, None, None)
    assert (found.export_e3, found.priced_export_e3) == (4_000, 0)
    assert Money.of([unpriced(GENERAL)]).net_e4 is None


def test_money_that_is_partly_unknown_is_that_which_is_known():
    found = Money.of([GENERAL + unpriced(GENERAL), unpriced(CONTROLLED)])

    assert (found.import_e4, found.export_e4, found.net_e4) == (2_000_001, 0, 2_000_001)
    assert (found.import_e3, found.priced_import_e3) == (25_000, 10_000)


def test_the_unpriced_share_is_of_the_covered_time():
    assert unpriced_share([GENERAL, unpriced(CONTROLLED)]) == 0.5
    assert unpriced_share([GENERAL]) == 0
    assert unpriced_share([]) is None


def test_a_day_is_a_period_of_its_own():
    found = costs_by_period([day(1), day(3)], Period.DAY, JANUARY)

    assert [(one.first.day, one.days, one.is_complete) for one in found] == [
        (1, 1, True),
        (3, 1, True),
    ]


def test_months_add_up_register_by_register():
    days = [day(31, GENERAL, FEED_IN), day(32), day(33, GENERAL, CONTROLLED)]

    january, february = costs_by_period(
        days, Period.MONTH, (date(2026, 1, 30), date(2026, 2, 2))
    )

    assert (january.first, january.days, january.days_complete) == (
        date(2026, 1, 1),
        2,
        1,
    )
    assert not january.is_complete
    assert february.is_complete
    assert [one.identifier for one in february.registers] == ["E1", "E2"]
    assert february.registers[0].cost_e4 == 4_000_002
    assert february.registers[0].intervals == 96


def test_a_year_is_complete_when_every_day_is():
    year = date(2025, 1, 1), date(2025, 12, 31)
    days = [
        CostDay(date.fromordinal(number), (GENERAL,), is_complete=True)
        for number in range(year[0].toordinal(), year[1].toordinal() + 1)
    ]

    [whole] = costs_by_period(days, Period.YEAR, year)
    [short] = costs_by_period(days[1:], Period.YEAR, year)

    assert (whole.days, whole.is_complete) == (365, True)
    assert (short.days_with_usage, short.is_complete) == (364, False)


def test_days_with_gaps_are_counted_apart():
    found = added_up(
        JANUARY[0], [day(1), day(2, is_complete=False)], days_between(JANUARY)
    )

    assert (found.days, found.days_with_usage, found.days_complete) == (31, 2, 1)


def test_the_estimated_share_is_of_the_covered_time():
    assert estimated_share([GENERAL, CONTROLLED]) == 0.25
    assert estimated_share([]) is None


def test_the_best_covered_register_says_how_many_days_there_are():
    half = RegisterCost("B1", "feedIn", 24, 720, 0, 0, 0)

    assert covered_days([GENERAL, half]) == 1.0
    assert covered_days([]) == 0.0


def test_dates_in_the_wrong_order_are_none():
    assert days_between((date(2026, 1, 2), date(2026, 1, 1))) == 0
