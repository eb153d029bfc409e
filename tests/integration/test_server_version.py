"""Which servers the integration gets along with."""

import pytest

from custom_components.energy_logger.sources.server_version import (
    VersionMismatch,
    mismatch_of,
)


@pytest.mark.parametrize(
    ("version", "mismatch"),
    [
        ("0.1.0", VersionMismatch.NONE),
        ("0.1", VersionMismatch.NONE),
        ("0.10.2b1", VersionMismatch.NONE),
        ("1.99.0", VersionMismatch.NONE),
        ("0.0.9", VersionMismatch.TOO_OLD),
        ("2.0.0b1", VersionMismatch.TOO_NEW),
        ("10.0", VersionMismatch.TOO_NEW),
        ("dev", VersionMismatch.NONE),
        ("1", VersionMismatch.NONE),
        ("", VersionMismatch.NONE),
    ],
)
def test_versions_fit_from_the_first_up_to_the_next_but_one_major(
    version: str, mismatch: VersionMismatch
):
    assert mismatch_of(version) is mismatch
