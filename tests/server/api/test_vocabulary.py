"""New words are reported once, briefly, and not without end."""

import logging

import pytest

from energy_logger_server.api import vocabulary
from energy_logger_server.api.vocabulary import report_unknown_word


@pytest.fixture(autouse=True)
def _fresh(monkeypatch) -> None:
    monkeypatch.setattr(vocabulary, "_reported", set())


def test_a_word_is_reported_once(caplog):
    report_unknown_word("descriptor", "sky-high")
    report_unknown_word("descriptor", "sky-high")
    report_unknown_word("season", "sky-high")

    assert caplog.messages == [
        "Unknown descriptor, kept as it is: 'sky-high'",
        "Unknown season, kept as it is: 'sky-high'",
    ]
    assert {record.levelno for record in caplog.records} == {logging.WARNING}


def test_a_long_word_is_shown_by_its_start_and_on_one_line(caplog):
    report_unknown_word("type", "a\nb" + "x" * 1000)

    assert caplog.messages == [
        "Unknown type, kept as it is: " + repr("a\nb" + "x" * 1000)[:60]
    ]


def test_noise_does_not_fill_the_log(caplog):
    for number in range(1000):
        report_unknown_word("type", f"noise {number}")

    assert len(caplog.messages) == 500
