"""What the documentation says of the disk is what the store takes."""

import asyncio
import re
from pathlib import Path
from random import Random

import pytest

from energy_logger_server.domain.collecting.runs import Outcome, RunEnd, Source, Trigger
from energy_logger_server.store import Store
from tests.bench.kamo_cycles import AREAS, START, STEP, SUBSTATIONS, areas, cycle
from tests.bench.stepping_clock import SteppingClock

SETTINGS_PAGE = Path(__file__).parents[3] / "docs" / "settings.md"
CYCLES_PER_DAY = 288
BYTES_PER_GB = 1e9


def documented() -> tuple[float, float]:
    """Return millions of readings and gigabytes of a year at five minutes."""
    row = re.search(
        r"^\| 5 minutes \| ([0-9.]+) million, ([0-9.]+) GB \|",
        SETTINGS_PAGE.read_text(encoding="utf-8"),
        re.MULTILINE,
    )
    assert row is not None
    return float(row[1]), float(row[2])


async def collect_days(path: Path, clock: SteppingClock, days: int) -> None:
    """Store cycles of 300 substations as a collector does."""
    store, random = await Store.open(f"sqlite:///{path}", clock), Random(4)
    for _cycle in range(days * CYCLES_PER_DAY):
        run_id = await store.begin_run(Source.KAMO, Trigger.TICK, 5)
        end = RunEnd(clock.at, Outcome.SUCCESS, AREAS)
        await store.write(run_id, [areas(), *cycle(clock.at, random)], end=end)
        clock.at += STEP
    await store.close()


@pytest.mark.timeout(120)
def test_a_year_takes_as_much_as_the_page_of_settings_says(tmp_path: Path):
    millions, gigabytes = documented()
    clock, path = SteppingClock(START), tmp_path / "energy.db"

    asyncio.run(collect_days(path, clock, 1))
    first = path.stat().st_size
    asyncio.run(collect_days(path, clock, 2))
    added = path.stat().st_size - first

    readings = SUBSTATIONS * CYCLES_PER_DAY
    assert readings * 365 / 1e6 == pytest.approx(millions, rel=0.01)
    assert added / 2 * 365 / BYTES_PER_GB == pytest.approx(gigabytes, rel=0.15)
