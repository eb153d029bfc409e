"""Secrets stay secret."""

import logging

import pytest

from energy_logger_server.config.secret import Secret

TEXT = "hunter2-hunter2"


@pytest.mark.parametrize("show", [str, repr, "{}".format, "{!r}".format, "%s".__mod__])
def test_a_secret_does_not_show_itself(show: object):
    assert callable(show)

    assert TEXT not in show(Secret(TEXT))


def test_a_secret_does_not_get_into_logs(caplog: pytest.LogCaptureFixture):
    logging.getLogger("test").warning("got %s and %r", Secret(TEXT), [Secret(TEXT)])

    assert caplog.messages == ["got ******** and [Secret(********)]"]


def test_a_secret_is_revealed_to_whoever_asks():
    assert Secret(TEXT).reveal() == TEXT


@pytest.mark.parametrize("other", ["", "hunter2", TEXT.upper(), f"{TEXT} ", "\udcff"])
def test_only_the_text_itself_matches(other: str):
    assert Secret(TEXT).matches(TEXT)
    assert not Secret(TEXT).matches(other)


def test_equal_secrets_are_equal_and_no_text_is_one():
    assert Secret(TEXT) == Secret(TEXT)
    assert Secret(TEXT) != Secret("other")
    assert Secret(TEXT) != TEXT
    assert len({Secret(TEXT), Secret(TEXT)}) == 1
