"""Adopting by the command line: told first, written when asked."""

import re

import pytest

from energy_logger_server.portable.content import content_of_store
from tests.server.adopt import amber_files
from tests.server.adopt.kamo_files import database_with_pending_log

TITLES = ("rows", "found", "adopted", "there already")


@pytest.fixture
def environment(tmp_path) -> dict[str, str]:
    """Settings of a server that has not stored anything yet."""
    return {"DATA_DIR": str(tmp_path / "data"), "KAMO_ENABLED": "true"}


def cells(out: str) -> list[list[str]]:
    """The cells of a table's lines."""
    return [re.split(r"\s{2,}", line.strip()) for line in out.splitlines()]


async def test_the_kamo_loggers_rows_are_told_and_then_written_and_then_there(
    run, environment, tmp_path
):
    file = database_with_pending_log(tmp_path)
    words = ("adopt", "kamo-load-logger", str(file))

    told = await run(*words, environment=environment)
    before = [path.name for path in (tmp_path / "data").iterdir()]
    written = await run(*words, "--write", environment=environment)
    again = await run(*words, "--write", environment=environment)

    assert told.code == 0, told.errors
    assert ["hours of load", "7", "5", "1", "1"] in cells(told.out)
    assert "nothing was written: give --write to adopt these rows" in told.out
    assert "read before they were over, kept as provisional: 1\n" in told.out
    assert "in the skipped hour: load of area 1 at 2026-03-08 02:00:00" in told.errors
    assert before == []
    assert cells(written.out)[0] == ["Adopted"]
    assert ["substation readings", "4", "3", "1"] in cells(written.out)
    assert "nothing was written" not in written.out
    assert ["hours of load", "7", "5", "1", "1"] in cells(again.out)
    rows = content_of_store(f"sqlite:///{tmp_path}/data/energy-logger.db").rows
    assert (rows["load"], rows["substation_reading"]) == (5, 3)


async def test_a_table_of_amber_home_is_adopted_by_the_clock_that_is_told(
    run, environment, tmp_path
):
    listed = [
        *amber_files.PRICES,
        amber_files.price("2026-01-03 15:00:00", None, var_date=""),
    ]
    file = amber_files.as_csv(
        tmp_path / "prices.csv", amber_files.PRICE_COLUMNS, listed
    )
    words = ("adopt", "amber-home", str(file), "--write", "--clock", "nem")

    ended = await run(*words, environment=environment)

    assert ended.code == 0, ended.errors
    assert ["prices", "6", "4", "1", "1"] in cells(ended.out)
    assert "labelled by Sydney's clock, kept at their true time: 1\n" in ended.out
    rows = content_of_store(f"sqlite:///{tmp_path}/data/energy-logger.db").rows
    assert (rows["price"], rows["usage"]) == (4, 0)


async def test_what_cannot_be_adopted_is_one_sentence(run, environment, tmp_path):
    other = tmp_path / "notes.txt"
    other.write_text("hello\n")
    wrong = {
        ("kamo-load-logger", str(other)): "of no table of kamo-load-logger",
        ("kamo-load-logger", str(tmp_path / "none")): "No such file or directory",
        ("amber-home", "mysql://x/y"): "mysql is not supported",
    }

    for words, sentence in wrong.items():
        ended = await run("adopt", *words, environment=environment)

        assert ended.code in (1, 2)
        (line,) = ended.errors.splitlines()
        assert line.startswith("energy-logger: ")
        assert sentence in line
