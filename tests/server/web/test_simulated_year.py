"""A generated year through store and API, beside a calculation that shares no code."""

from datetime import UTC, datetime, timedelta
from math import pi, sin
from zoneinfo import ZoneInfo

import pytest

from tests.server.web.answers import areas, grid, table
from tests.server.web.conftest import Api

CHICAGO = ZoneInfo("America/Chicago")
BEGIN, END = (datetime(year, 1, 1, tzinfo=CHICAGO) for year in (2025, 2026))
SUBSTATIONS = {"North": 21_000.0, "South": 14_000.0, "Mill": 6_500.0}
READ_AT = (1, 7, 13, 17)
"""UTC hours of each day at which substations are read."""


def scatter(*numbers: int) -> float:
    """Return a number from 0 to 1 that looks like chance."""
    mixed = 2166136261
    for number in numbers:
        mixed = (mixed ^ number) * 16777619 % 2**32
    return (mixed ^ mixed >> 13) * 2246822519 % 2**32 / 2**32


def load_kw(hour: int) -> float:
    """Return a load that is high in summer's afternoons and in winter's mornings."""
    at = datetime.fromtimestamp(hour * 3600, UTC)
    season = sin(2 * pi * (at.timetuple().tm_yday - 110) / 365)
    of_day = sin(2 * pi * (at.hour - (16 if season > 0 else 7)) / 24)
    return round(
        45_000 + 9_000 * abs(season) + 7_000 * of_day + 4_000 * scatter(hour, 1), 1
    )


def substation_kw(name: str, at: datetime) -> float:
    number = [*SUBSTATIONS].index(name)
    hour = int(at.timestamp()) // 3600
    swing = 0.1 * sin(2 * pi * at.timetuple().tm_yday / 365 + number)
    return round(SUBSTATIONS[name] * (0.8 + swing + 0.2 * scatter(hour, number)), 1)


def hours() -> list[int]:
    return [*range(int(BEGIN.timestamp()) // 3600, int(END.timestamp()) // 3600)]


def readings() -> list[datetime]:
    """Return when substations were read."""
    first = datetime(2025, 1, 1, tzinfo=UTC)
    every = (
        first + timedelta(days=day, hours=hour)
        for day in range(366)
        for hour in READ_AT
    )
    return [at for at in every if BEGIN <= at < END]


def expected() -> tuple[float, float]:
    """Return peak and base demand, kW, the long way round."""
    highest: dict[str, float] = {}
    for hour in hours():
        day = f"{datetime.fromtimestamp(hour * 3600, CHICAGO):%Y-%m-%d}"
        highest[day] = max(highest.get(day, 0.0), load_kw(hour))
    hot, cold = [], []
    for day, kw in highest.items():
        if day[5:7] in {"06", "07", "08", "09"}:
            hot.append(kw)
        if day[5:7] in {"12", "01", "02", "03"}:
            cold.append(kw)
    billed = sorted(hot)[-3:] + sorted(cold)[-3:]
    months: dict[tuple[str, str], float] = {}
    for at in readings():
        for name in SUBSTATIONS:
            key = name, f"{at.astimezone(CHICAGO):%Y-%m}"
            months[key] = max(months.get(key, 0.0), substation_kw(name, at))
    assert len(months) == 36
    return sum(billed) / 6, sum(months.values()) / 12


async def test_a_simulated_year_is_what_an_independent_calculation_makes_of_it(
    api: Api,
):
    loads = {
        datetime.fromtimestamp(hour * 3600, UTC): load_kw(hour) for hour in hours()
    }
    await api.collector.run(areas(), grid(1, loads))
    read = [
        table(
            1,
            at,
            {name: (substation_kw(name, at), 0.0, 0.0) for name in SUBSTATIONS},
        )
        for at in readings()
    ]
    await api.collector.run(*read)
    # closes the year's last hour
    await api.collector.run(table(1, END.astimezone(UTC), {"North": (1.0, 0.0, 0.0)}))

    answer = await api.get("/api/determinants/OZEC?year=2025", key=None)

    peak, base = expected()
    found = answer["so_far"]
    assert found["peak_kw"] == pytest.approx(peak, abs=1)
    assert found["base_kw"] == pytest.approx(base, abs=1)
    assert found["billed_kw"] == pytest.approx(peak - base, abs=1)
    assert answer["projected"] == found
    months = answer["substations"]
    assert len(months) == 36
    assert not any(one["is_at_least"] or one["suspect_kw"] for one in months)
