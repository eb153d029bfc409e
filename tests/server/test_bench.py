"""The benchmarks run and tell every figure; how fast they were is not judged here."""

import json

import pytest
from click.testing import CliRunner

from tests.bench.__main__ import main
from tests.bench.disk import mb_each
from tests.bench.figure import at_least, at_most


def test_every_figure_of_the_store_comes_out_of_a_small_run_and_nothing_is_left(
    tmp_path,
):
    ended = CliRunner().invoke(
        main,
        [
            *("amber", "kamo", "cycles", "charts", "export"),
            "--readings=7200",
            "--weeks=1",
            "--cycles=2",
            "--drawn=1",
            "--exported=3360",
            f"--folder={tmp_path}",
        ],
        catch_exceptions=False,
    )

    assert ended.exit_code == 0
    for unit in ("%", "x", "B", "MB", "ms"):
        assert f" {unit} " in ended.output
    assert "rows/s of rows that lie ready" in " ".join(ended.output.split())
    assert "2 alternating hours" in ended.output
    assert "2 cycles with" in ended.output
    assert "2,016 prices" in ended.output
    assert "3,360 readings" in ended.output
    assert list(tmp_path.iterdir()) == []


def test_a_start_is_timed_and_weighed(tmp_path):
    ended = CliRunner().invoke(
        main,
        [
            *("start", "growth", "image", "--started=3360", "--starts=1", "--rounds=1"),
            f"--folder={tmp_path}",
        ],
        catch_exceptions=False,
    )

    assert ended.exit_code == 0
    told = " ".join(ended.output.split())
    assert "3,360 readings and 240 runs" in told
    assert "336 and 3,360 readings, 1 rounds; the worst is /api/" in told
    assert "size of the image" in ended.output
    assert list(tmp_path.iterdir()) == []


@pytest.mark.timeout(240)
def test_memory_is_told_after_collecting_and_exporting(tmp_path):
    ended = CliRunner().invoke(
        main,
        ["memory", "--collected=1", f"--folder={tmp_path}"],
        catch_exceptions=False,
    )

    assert ended.exit_code == 0
    assert "1 cycles of KAMO and Amber" in " ".join(ended.output.split())
    assert list(tmp_path.iterdir()) == []


def test_requests_are_counted_beside_an_empty_server(tmp_path):
    ended = CliRunner().invoke(
        main,
        [
            *("requests", "--asked-after=1", "--rounds=1", "--round-s=0.1"),
            *("--spike-s=0.1", f"--folder={tmp_path}", "--quick"),
            *(f"--json={tmp_path}/a.json", f"--plot={tmp_path}/a.svg"),
        ],
        catch_exceptions=False,
    )

    told = " ".join(ended.output.split())
    assert ended.exit_code == 0
    assert "16 connections, 1 alternating rounds" in told
    assert "0 answers" in told
    assert "backfilling" not in told
    assert sorted(one.name for one in tmp_path.iterdir()) == ["a.json", "a.svg"]
    figures, picture = tmp_path / "a.json", tmp_path / "a.svg"
    names = [one["name"] for one in json.loads(figures.read_text())]
    assert names[0] == "requests a second of /api/load/current, to an empty server's"
    # what may be nothing at all has no bar
    assert picture.read_text().count("<rect x=") == len(names) - 1


def test_a_figure_at_its_limit_meets_its_goal():
    assert at_most("size", 33, (33, "B"), "").is_met
    assert not at_most("size", 33.1, (33, "B"), "").is_met
    assert at_least("share", 50, (50, "%"), "").is_met
    assert not at_least("share", 49.9, (50, "%"), "").is_met


def test_what_cannot_be_measured_is_neither_met_nor_missed():
    assert mb_each([None, None]) is None
    assert mb_each([0, 0]) is None
    assert mb_each([1_000_000, 2_000_000]) == 1.5
    assert at_most("written", None, (0.15, "MB"), "").is_met is None
