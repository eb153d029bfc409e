"""``energy-logger peaks backtest`` on files and on the store."""

import gzip
import json
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from energy_logger_server.api.central import central_label
from energy_logger_server.api.exact_json import JsonObject
from energy_logger_server.cli import commands
from energy_logger_server.cli.load_file import load_from
from energy_logger_server.cli.peak_report import print_trade_off
from energy_logger_server.domain.peak_watch.backtest import Tally
from energy_logger_server.domain.peak_watch.history import LoadHistory
from energy_logger_server.domain.peak_watch.rule import BillingPeriod
from energy_logger_server.domain.peak_watch.trade_off import Line
from energy_logger_server.errors import ConfigurationError, PlaceUnusable
from energy_logger_server.store import Store
from tests.server.domain.peak_watch.made_up import FIRST_HOUR, daily_wave
from tests.server.domain.peak_watch.real_load import FILE
from tests.server.store.conftest import BOTH_KINDS
from tests.server.store.material import FixedClock, area, areas_read, grid_of, write
from tests.server.store_template import lay_store

DAYS = 245
HEADER = "hour_ending_utc,demand_mw,screening,cleaned_demand_mw,forecast_mw"


def varied(hour: int) -> float:
    """Return a load in kW: each day is a little different."""
    return daily_wave(hour) + hour // 24 * 7 % 31


def ends_at(hour: int) -> str:
    return f"{datetime.fromtimestamp((FIRST_HOUR + hour + 1) * 3600, UTC):%F %T}"


@pytest.fixture
def file(tmp_path: Path) -> Callable[[Iterable[str]], Path]:
    def write_file(lines: Iterable[str]) -> Path:
        path = tmp_path / "load.csv"
        path.write_text("\n".join([HEADER, *lines]))
        return path

    return write_file


@pytest.fixture
def eight_months(file) -> Path:
    path: Path = file(
        f"{ends_at(hour)},{varied(hour) / 1000},OKAY,1,{varied(hour) / 1000}"
        for hour in range(DAYS * 24)
    )
    return path


def told(*words: str | Path) -> str:
    """Run the command in this process; return what it printed."""
    ended = CliRunner().invoke(commands, ["peaks", "backtest", *map(str, words)])
    if ended.exception is not None:
        raise ended.exception
    return ended.output


def test_months_are_told_with_their_peak_and_what_being_warned_is_worth(eight_months):
    out = told("--from", eight_months, "--shed-kw", "500", "--price", "12")

    lines = [line.split() for line in out.splitlines()]
    months = [line for line in lines if line and line[0].startswith("2018-")]
    assert [line[0] for line in months] == ["2018-07", "2018-08"]
    assert all("1 of 1" in " ".join(line) for line in months)
    assert "2 of 2 peaks caught" in out
    assert "2 peaks are few" in out
    assert "2 months untrained" in out
    assert "1,000 kW of peaks saved, worth 12,000.00" in out


def test_a_price_without_a_load_is_worth_nothing(eight_months):
    assert "worth" not in told("--from", eight_months, "--price", "12")


def test_programs_read_each_announcement_with_its_lead(eight_months):
    answer = json.loads(
        told("--from", eight_months, "--budget", "4", "--lead", "3", "--json")
    )

    assert answer["judged"][0]["first_date"] == "2018-07-01"
    assert answer["most_hours_in_a_period"] == 4
    announced = answer["judged"][0]["announced"]
    leads = {
        datetime.fromisoformat(one["begins_at"])
        - datetime.fromisoformat(one["announced_at"])
        for one in announced
    }
    assert [lead.total_seconds() for lead in leads] == [3 * 3600]
    assert answer["saved_money"] is None
    assert answer["is_probability_shown"] is False


def test_the_days_of_real_seasons_are_announced_within_sixty_hours_a_year():
    """The three highest days of each summer and winter of three years."""
    seasons = ("--period", "season", "--months", "6-9,12-3", "--peaks", "3")
    words = ("--from", FILE, *seasons, "--mean", "28", "--fit", "other-years")

    found = json.loads(told(*words, "--json"))

    assert [one["first_date"] for one in found["judged"]] == [
        f"{year}-{month:02}-01"
        for year, month in ((2016, 6), (2016, 12), (2017, 6), (2017, 12), (2018, 6))
    ]
    assert found["days_caught"] == found["peaks"] == 15
    assert found["caught"] >= 11
    assert found["hours_per_period"] * 2 <= 60


def test_seasons_are_told_with_their_hours_a_year(eight_months):
    out = told("--from", eight_months, "--period", "season", "--months", "7-8")

    assert "1 of 1 peaks caught" in out
    assert "hours announced a year" in out
    with pytest.raises(SystemExit):
        told("--from", eight_months, "--months", "13")


def test_the_trade_off_is_told_and_drawn(eight_months, tmp_path):
    drawn = tmp_path / "trade-off.svg"

    answer = json.loads(
        told("--from", eight_months, "--own-forecast", "--picture", drawn, "--json")
    )

    names = [point["name"] for line in answer for point in line["points"]]
    assert "13 h on average" in names
    assert "load at 99 % of the peak so far" in names
    # each point, and a mark for each line in the legend
    assert drawn.read_text().count("<circle") == len(names) + len(answer)


def test_the_trade_off_is_a_table_for_people(capsys):
    point = Tally(2, 2, 1, 2, 27, 20, 26, 3)

    print_trade_off([Line("aiming", (("13 h", point),))], BillingPeriod.MONTH)

    assert ["aiming", "13", "h", "1", "2", "2", "13.5", "20", "3"] in [
        line.split() for line in capsys.readouterr().out.splitlines()
    ]


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        ((), "say whose history: by --area, or by --from"),
        (("--from", "/nowhere/load.csv"), "cannot read /nowhere/load.csv"),
    ],
)
def test_what_cannot_be_judged_is_said(words, problem):
    with pytest.raises((ConfigurationError, PlaceUnusable), match=problem):
        told(*words)


def test_a_month_of_history_is_too_little(file):
    path = file(f"{ends_at(hour)},1,OKAY,1,1" for hour in range(31 * 24))

    with pytest.raises(ConfigurationError, match="there is too little history"):
        told("--from", path)


def test_a_picture_that_cannot_be_drawn_is_said(eight_months):
    with pytest.raises(PlaceUnusable, match="cannot draw into /nowhere/a"):
        told("--from", eight_months, "--picture", "/nowhere/a.svg")


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("yesterday,1,OKAY,1,1", "line 3: hour_ending_utc is no time: 'yesterday'"),
        ("2018-02-01 00:30:00,1,OKAY,1,1", "line 3: hour_ending_utc is no full hour"),
        ("2018-02-01 00:00:00,much,OKAY,1,1", "line 3: demand_mw is no number: 'much'"),
        ("2018-02-01 00:00:00,nan,OKAY,1,1", "line 3: demand_mw is no number: 'nan'"),
        (f"{ends_at(0)},1,OKAY,1,1", "line 3 has the hour of an earlier line"),
        ("1901-02-01 00:00:00,1,OKAY,1,1", "more than 50 years apart"),
    ],
)
def test_a_line_that_cannot_be_read_is_named(file, line, problem):
    path = file([f"{ends_at(0)},1,OKAY,1,1", line])

    with pytest.raises(ConfigurationError, match=problem):
        load_from(path)


def test_a_file_that_is_something_else_is_refused(tmp_path):
    other = tmp_path / "other.csv"
    for content, problem in (
        (b"time,load\n1,2\n", "lacks the column demand_mw and hour_ending_utc"),
        (gzip.compress(b"x" * 1000)[:-20], "damaged"),
        (b"hour_ending_utc,demand_mw\n\xff\xfe", "damaged"),
        (f"{HEADER}\n".encode(), "it has no hours"),
    ):
        other.write_bytes(content)
        with pytest.raises(ConfigurationError, match=problem):
            load_from(other)


def test_packed_or_not_a_file_has_the_same_hours(file, tmp_path):
    path = file([f"{ends_at(0)},1.5,OKAY,1,2", f"{ends_at(2)},EMPTY,MISSING,3,"])
    packed = tmp_path / "load.gz"
    packed.write_bytes(gzip.compress(path.read_bytes()))

    assert load_from(packed) == load_from(path)
    # what was put in for a missing hour was made from what came later
    assert load_from(path) == LoadHistory(
        FIRST_HOUR, [1500.0, None, None], [2000.0, None, None]
    )


def grid(labels: Iterable[str], loads: Iterable[float]) -> JsonObject:
    """Return the measured loads of area 1 as KAMO sends them."""
    return {
        "Id": 1,
        "lineChartLabels": [*labels],
        "chartLineData": [{"label": "Actual", "data": [*loads]}],
    }


@pytest.fixture(params=BOTH_KINDS)
async def stored_months(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Settings of a store with eight months of one area, and nothing of another."""
    if request.param == "sqlite":
        url = lay_store(tmp_path / "energy-logger.db")
    else:
        url = request.getfixturevalue("postgres_url")
    clock = FixedClock()
    hours = range(DAYS * 24)
    labels = [
        central_label(datetime.fromtimestamp((FIRST_HOUR + hour) * 3600, UTC))
        for hour in hours
    ]
    raw = grid(labels, [round(varied(hour), 1) for hour in hours])
    store = await Store.open(url, clock)
    await write(store, areas_read([area(1), area(2)]), grid_of(raw, 1, at=clock.now()))
    await store.close()
    monkeypatch.setenv("DATABASE_URL", url)
    monkeypatch.setenv("DATA_DIR", str(tmp_path))


@pytest.mark.usefixtures("stored_months")
def test_the_history_of_a_stored_area_is_judged():
    assert "2 of 2 peaks caught" in told("--area", "a1")
    with pytest.raises(ConfigurationError, match="there is no area '99'"):
        told("--area", "99")
    with pytest.raises(ConfigurationError, match="no load of Area 2 is stored yet"):
        told("--area", "2")
