"""The power factor of a set."""

import pytest

from energy_logger_server.domain.load.power_factor import power_factor_of_sums


@pytest.mark.parametrize(
    ("load", "reactive", "factor"),
    [(3, 4, 0.6), (3, -4, 0.6), (-3, 4, 0.6), (5, 0, 1.0), (0, 5, 0.0)],
)
def test_it_is_the_real_share_of_the_apparent_power(
    load: float, reactive: float, factor: float
):
    assert power_factor_of_sums(load, reactive) == pytest.approx(factor)


def test_without_power_there_is_none():
    assert power_factor_of_sums(0, 0) is None
