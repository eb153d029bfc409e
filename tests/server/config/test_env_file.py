"""Lines of ``.env`` files."""

import pytest

from energy_logger_server.config.env_file import parse_env_file


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("NAME=value", "value"),
        ("  NAME = value  ", "value"),
        ("export NAME=value", "value"),
        ("NAME=", ""),
        ("NAME=a=b", "a=b"),
        ("NAME=two words", "two words"),
        ("NAME=value # comment", "value"),
        ("NAME=value#no-comment", "value#no-comment"),
        ("NAME=# comment", ""),
        ("NAME='va$lue # \"kept\"'", 'va$lue # "kept"'),
        ("NAME='back\\slash'", "back\\slash"),
        ('NAME="two\\nlines"', "two\nlines"),
        ('NAME="a\\tb \\" \\$ \\\\ \\x"', 'a\tb " $ \\ \\x'),
        ('NAME="value" # comment', "value"),
        ("NAME='' # comment", ""),
        ("\ufeffNAME=value", "value"),
    ],
)
def test_a_line_gives_a_name_its_value(line: str, value: str):
    parsed = parse_env_file(line)

    assert parsed.values == {"NAME": value}
    assert parsed.unreadable_lines == ()


@pytest.mark.parametrize("line", ["", "   ", "# NAME=value", "\t# comment"])
def test_empty_lines_and_comments_say_nothing(line: str):
    parsed = parse_env_file(line)

    assert (parsed.values, parsed.unreadable_lines) == ({}, ())


@pytest.mark.parametrize(
    "line",
    ["NAME", "1NAME=value", "NA ME=value", "NAME='open", 'NAME="open', "NAME='a'b"],
)
def test_any_other_line_is_reported_by_its_number(line: str):
    parsed = parse_env_file(f"GOOD=1\r\n{line}\r\nBETTER=2")

    assert parsed.values == {"GOOD": "1", "BETTER": "2"}
    assert parsed.unreadable_lines == (2,)


def test_of_two_equal_names_the_last_one_counts():
    assert parse_env_file("NAME=1\nNAME=2").values == {"NAME": "2"}
