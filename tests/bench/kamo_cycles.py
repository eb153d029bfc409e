"""Made-up cycles of 300 substations in 17 areas, values of the recorded kind."""

from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from energy_logger_server.api.exact_json import JsonObject
from energy_logger_server.api.kamo_models import SubstationTable
from energy_logger_server.api.kamo_parse import parse_areas, parse_substations
from energy_logger_server.api.models import Answer
from energy_logger_server.domain.collecting.batch import AreasRead, SubstationsRead
from energy_logger_server.store.kamo.readings import encode_readings

AREAS, SUBSTATIONS = 17, 300
START = datetime(2026, 1, 4, 6, 0, tzinfo=UTC)
STEP = timedelta(minutes=5)
CYCLES_PER_HOUR = 12
READING_COLUMNS = (
    "hour INTEGER NOT NULL",
    "substation_id INTEGER NOT NULL",
    "minute INTEGER NOT NULL",
    "load_e1 INTEGER NOT NULL",
    "reactive_e1 INTEGER NOT NULL",
    "power_factor_e4 INTEGER NOT NULL",
    "flags INTEGER NOT NULL",
    "extra TEXT",
)
READING_KEY = ("hour", "substation_id", "minute")


def areas() -> AreasRead:
    """Return KAMO's list of areas."""
    records, _none = parse_areas(
        [
            {"id": number, "name": f"Area {number}", "abrev": f"A{number}"}
            for number in range(1, AREAS + 1)
        ]
    )
    return AreasRead(Answer(records, (), START))


def cycle(at: datetime, random: Random) -> list[SubstationsRead]:
    """Return the tables of all areas, parsed."""
    reads = []
    for area_id in range(1, AREAS + 1):
        stations = range(area_id - 1, SUBSTATIONS, AREAS)
        raw: JsonObject = {
            "Id": area_id,
            "areaLoadData": [_row(at, random) for at in stations],
        }
        parsed = parse_substations(raw, area_id)
        table = SubstationTable(area_id, parsed.readings, (), at, raw)
        reads.append(SubstationsRead(table, int(STEP.total_seconds()) // 60))
    return reads


def plain_rows(at: datetime, reads: list[SubstationsRead]) -> list[tuple[Any, ...]]:
    """Return the same readings as rows that are ready to be inserted, by their key."""
    hour, minute = divmod(int(at.timestamp()) // 60, 60)
    readings = [reading for read in reads for reading in read.table.readings]
    numbers = [int(reading.name.split()[1]) for reading in readings]
    columns = encode_readings(readings)
    return sorted(
        (hour, number, minute, *values)
        for number, *values in zip(numbers, *columns, strict=True)
    )


def _row(number: int, random: Random) -> JsonObject:
    return {
        "name": f"Substation {number}",
        "kw": float(random.randrange(7000)),
        "kvar": float(random.randrange(-3000, 1400)),
        "pf": round(random.uniform(-1, 1), 2),
        "quality": False,
        "qualityNow": False,
    }
