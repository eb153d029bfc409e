"""Where a price stands among others."""

from datetime import UTC, datetime, timedelta

import pytest

from custom_components.energy_logger.api.price_source import PriceStep
from custom_components.energy_logger.coordinator.price_rank import percentile_rank

NINE = datetime(2026, 1, 4, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)


def steps(*hours_and_aud: tuple[float, float]) -> list[PriceStep]:
    """Return consecutive prices from nine on: for so many hours so many AUD/kWh."""
    made, at = [], NINE
    for hours, aud in hours_and_aud:
        made.append(PriceStep(at, at + hours * HOUR, aud))
        at = made[-1].ends_at
    return made


@pytest.mark.parametrize(
    ("aud", "rank"), [(0.1, 0), (0.2, 12.5), (0.3, 62.5), (0.31, 100), (-1, 0)]
)
def test_a_rank_is_the_share_of_time_with_a_lower_price(aud: float, rank: float):
    known = steps((0.5, 0.2), (0.5, 0.2), (3, 0.3))

    assert percentile_rank(known, aud, NINE, NINE + 4 * HOUR) == rank


def test_a_rank_goes_by_time_and_not_by_the_number_of_prices():
    known = steps(*[(1 / 12, 0.2)] * 6, (0.5, 0.4))

    assert percentile_rank(known, 0.3, NINE, NINE + HOUR) == 50


def test_what_lies_outside_the_span_does_not_count():
    known = steps((1, 0.1), (1, 0.2), (1, 0.3))

    assert percentile_rank(known, 0.3, NINE + 2 * HOUR, NINE + 9 * HOUR) == 50
    assert percentile_rank(known, 0.3, NINE + 5 * HOUR, NINE + 9 * HOUR) is None
