"""Which servers the integration gets along with."""

import pytest

from custom_components.energy_logger.sources.server_version import Misfit, misfit_of


@pytest.mark.parametrize(
    ("version", "misfit"),
    [
        ("0.1.0", Misfit.NONE),
        ("0.1", Misfit.NONE),
        ("0.10.2b1", Misfit.NONE),
        ("1.99.0", Misfit.NONE),
        ("0.0.9", Misfit.TOO_OLD),
        ("2.0.0b1", Misfit.TOO_NEW),
        ("10.0", Misfit.TOO_NEW),
        ("dev", Misfit.NONE),
        ("1", Misfit.NONE),
        ("", Misfit.NONE),
    ],
)
def test_versions_fit_from_the_first_up_to_the_next_but_one_major(
    version: str, misfit: Misfit
):
    assert misfit_of(version) is misfit
