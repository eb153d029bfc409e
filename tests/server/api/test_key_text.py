"""A key is found in whatever somebody pasted."""

import pytest

from energy_logger_server.api.key_text import clean_key

KEY = "psk_0123456789abcdef"


@pytest.mark.parametrize(
    "pasted",
    [
        KEY,
        f"  {KEY}\n",
        f"Bearer {KEY}",
        f"bearer\t{KEY}",
        f'"{KEY}"',
        f"'{KEY}'",
        f"`{KEY}`",
        f"\u201c{KEY}\u201d",
        f"\u201e{KEY}\u201c",
        f"\u2018{KEY}\u2019",
        f"\u00ab{KEY}\u00bb",
        f'"Bearer {KEY}"',
        f'Bearer "{KEY}"',
        f"'\"Bearer  {KEY} \"'",
        f"\ufeff{KEY}\u200b",
        f"\u00a0{KEY}\u00a0",
    ],
)
def test_quotes_space_and_bearer_around_a_key_are_taken_away(pasted: str):
    assert clean_key(pasted) == KEY


@pytest.mark.parametrize(
    "key",
    ["a'quote", "\"it's", "BearerOfNews", "Bearer", "two words", '"', "'mixed\"", ""],
)
def test_what_belongs_to_a_key_stays(key: str):
    assert clean_key(key) == key


@pytest.mark.parametrize("nothing", ['""', "''", "  ", "\u201c\u201d", '" "'])
def test_quotes_around_nothing_hold_nothing(nothing: str):
    assert clean_key(nothing) == ""
