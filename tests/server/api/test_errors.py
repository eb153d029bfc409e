"""Errors say where and what, and carry what their reader needs to act."""

from datetime import UTC, datetime

import pytest

from energy_logger_server.api import errors
from energy_logger_server.api.errors import (
    EnergyLoggerError,
    SourceError,
    SourceRateLimited,
    SourceRefused,
    SourceUnreadable,
)

NOON = datetime(2026, 3, 1, 12, 0, 5, tzinfo=UTC)


def test_an_error_names_source_path_and_reason():
    err = SourceRefused("amber", "/sites", "no valid key (403)", status=403)

    assert str(err) == "amber /sites: no valid key (403)"
    assert (err.source, err.path, err.status) == ("amber", "/sites", 403)


def test_a_rate_limit_says_from_when_on_a_call_may_succeed():
    err = SourceRateLimited("amber", "/sites", retry_at=NOON, status=None)

    assert str(err) == "amber /sites: too many calls, next one at 12:00:05 UTC"
    assert (err.retry_at, err.status) == (NOON, None)


def test_an_unreadable_answer_keeps_no_more_than_the_start_of_it():
    err = SourceUnreadable("kamo", "/area", "no list", sample="x" * 9000)

    assert (err.sample, err.status) == ("x" * 2000, 200)


def test_every_error_has_a_code_of_its_own():
    kinds = [
        kind
        for kind in vars(errors).values()
        if isinstance(kind, type) and issubclass(kind, EnergyLoggerError)
    ]

    assert len({kind.code for kind in kinds}) == len(kinds) == 9


@pytest.mark.parametrize("kind", SourceError.__subclasses__())
def test_everything_that_happens_at_a_source_is_a_source_error(kind):
    assert issubclass(kind, EnergyLoggerError)
