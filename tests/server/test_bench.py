"""The benchmarks run and tell every figure; how fast they were is not judged here."""

import json

import pytest
from click.testing import CliRunner

from tests.bench import statistics_import
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


async def test_without_home_assistant_an_import_is_named_as_not_measured(
    tmp_path, monkeypatch
):
    async def nowhere() -> None:
        return None

    monkeypatch.setattr(statistics_import, "home_assistant_python", nowhere)

    (figure,) = await statistics_import.measure(tmp_path, weeks=1, turns=1)

    assert figure.value is None
    assert "scripts/setup" in figure.detail


def test_an_import_is_held_against_plain_writes():
    told = {
        "hours": 8_064,
        "ours_s": [3.0, 1.0, 2.0],
        "plain_s": [2.0, 2.0, 2.0],
        "ours_longest_ms": [70.0],
        "plain_longest_ms": [80.0],
        "ours_step_ms": [9.0, 51.0],
        "plain_step_ms": [200.0],
    }

    ratio, step = statistics_import.figures_of(told, weeks=8)

    assert (ratio.value, ratio.is_met) == (1.0, True)
    assert (step.value, step.is_met) == (51.0, False)
    assert "8,064 hours" in ratio.detail


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
