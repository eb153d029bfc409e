"""``energy-logger sql``, beside a server and without one."""

import json
import signal
from pathlib import Path

import pytest

from tests.server.cli.conftest import answer_of
from tests.server.store_template import lay_store

ENDLESS = (
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)"
    " SELECT max(i) FROM n"
)


@pytest.fixture
def empty_store(environment: dict[str, str]) -> None:
    """A store without rows."""
    folder = Path(environment["DATA_DIR"])
    folder.mkdir()
    lay_store(folder / "energy-logger.db")


async def test_rows_are_printed_beside_a_running_server(start, run, environment):
    process = await start("serve", environment=environment)
    base = f"http://127.0.0.1:{environment['PORT']}"
    await answer_of(f"{base}/api/info", process)
    # waits for the run under way, so that there is something to read
    await run("collect", environment=environment)

    query = "SELECT area, load_kw FROM loads ORDER BY hour_at DESC, area"
    table = await run("sql", query, "--limit", "2", environment=environment)
    as_json = await run("sql", query, "--json", environment=environment)
    process.send_signal(signal.SIGTERM)
    await process.communicate()

    assert table.code == 0, table.errors
    rows = json.loads(as_json.out)
    assert len(rows) > 2
    assert rows[0].keys() == {"area", "load_kw"}
    lines = [line.split() for line in table.out.splitlines() if line.strip()]
    heading, _rule, *cells = lines
    assert heading == ["area", "load_kw"]
    assert cells == [[row["area"], str(row["load_kw"])] for row in rows[:2]]
    assert table.errors == "only the first 2 rows: --limit allows more\n"
    assert not as_json.errors


@pytest.mark.usefixtures("empty_store")
async def test_a_query_that_cannot_be_run_is_one_sentence(run, environment):
    sentences = {
        ("DELETE FROM run",): (2, "only a SELECT can be run"),
        ("SELECT * FROM pricez",): (2, "no such table: pricez; there are "),
        ("SELECT prize FROM prices",): (2, "no such column: prize; "),
        ("SELECT 1 AS a, 2 AS a", "--json"): (2, "two columns are called a"),
        (ENDLESS, "--timeout", "0.05"): (1, "took longer than 0.05 s: narrow it"),
    }

    for words, (code, sentence) in sentences.items():
        ended = await run("sql", *words, environment=environment)

        assert ended.code == code, words
        (line,) = ended.errors.splitlines()
        assert line.startswith("energy-logger: ")
        assert sentence in line


@pytest.mark.usefixtures("empty_store")
async def test_a_query_without_rows_says_so(run, environment):
    table = await run("sql", "SELECT * FROM loads", environment=environment)
    as_json = await run("sql", "SELECT * FROM loads", "--json", environment=environment)

    assert table.out == "no rows\n"
    assert json.loads(as_json.out) == []


async def test_a_query_without_a_store_says_that_nothing_is_stored(run, environment):
    ended = await run("sql", "SELECT 1", environment=environment)

    assert ended.code == 2
    assert "nothing is stored yet" in ended.errors
