"""Answers, records and questions that the store tests are made of."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy import text

from energy_logger_server.api.amber_models import Price
from energy_logger_server.api.amber_parse import (
    parse_prices,
    parse_sites,
    parse_usage,
)
from energy_logger_server.api.exact_json import JsonObject, JsonValue, loads
from energy_logger_server.api.kamo_models import AreaGrid, SubstationTable
from energy_logger_server.api.kamo_parse import (
    parse_area_grid,
    parse_areas,
    parse_substations,
)
from energy_logger_server.api.models import Answer
from energy_logger_server.api.nem import nem_day_start
from energy_logger_server.domain.collecting.batch import (
    AreasRead,
    GridRead,
    Part,
    PricesRead,
    SitesRead,
    SubstationsRead,
    UsageRead,
)
from energy_logger_server.domain.collecting.runs import (
    Outcome,
    RunEnd,
    Source,
    Trigger,
    WriteCounts,
)
from energy_logger_server.store import Store
from energy_logger_server.store.amber.original import (
    Span,
    prices_page,
    usage_page,
)

FIXTURES = Path(__file__).parents[2] / "fixtures"
SITE_ID = "01S1MS1TEA0000000000000000"
NOON = datetime(2026, 1, 4, 2, 0, tzinfo=UTC)
"""12:00 NEM on 2026-01-04."""
TODAY = date(2026, 1, 4)
YESTERDAY = date(2026, 1, 3)


def ago(days: int) -> date:
    """Return the NEM date so many days before TODAY."""
    return TODAY - timedelta(days=days)


class FixedClock:
    """Stands until it is set."""

    def __init__(self) -> None:
        self.at = NOON

    def now(self) -> datetime:
        """Return where it stands."""
        return self.at


def site(**fields: JsonValue) -> JsonObject:
    """One site as Amber sends it."""
    return {
        "id": SITE_ID,
        "nmi": "9000000001",
        "channels": [
            {"identifier": "E1", "type": "general", "tariff": "EA116"},
            {"identifier": "B1", "type": "feedIn", "tariff": "EA029"},
        ],
        "network": "Ausgrid",
        "status": "active",
        "activeFrom": "2025-01-01",
        "intervalLength": 30,
        **fields,
    }


def price(
    ends_at: datetime, duration: int = 30, cents: float = 20.5, **fields: JsonValue
) -> JsonObject:
    """One actual general price as Amber sends it."""
    return {
        **_common("ActualInterval", ends_at, duration),
        "perKwh": cents,
        "renewables": 41.5,
        "spotPerKwh": 8.25,
        "channelType": "general",
        "spikeStatus": "none",
        "tariffInformation": {"demandWindow": False},
        "descriptor": "veryLow",
        **fields,
    }


def usage(
    ends_at: datetime, duration: int = 30, kwh: float = 0.5, **fields: JsonValue
) -> JsonObject:
    """One billable usage interval of E1 as Amber sends it."""
    return {
        **_common("Usage", ends_at, duration),
        "quality": "billable",
        "kwh": kwh,
        "perKwh": 20.5,
        "channelType": "general",
        "channelIdentifier": "E1",
        "cost": round(kwh * 20.5, 4),
        "renewables": 41.5,
        "spotPerKwh": 8.25,
        "spikeStatus": "none",
        "tariffInformation": {"demandWindow": False},
        "descriptor": "veryLow",
        **fields,
    }


def _common(kind: str, ends_at: datetime, duration: int) -> JsonObject:
    start = ends_at - timedelta(minutes=duration)
    nem = timedelta(hours=10)
    return {
        "type": kind,
        "date": (start + nem).date().isoformat(),
        "duration": duration,
        "startTime": f"{start + timedelta(seconds=1):%Y-%m-%dT%H:%M:%SZ}",
        "endTime": f"{ends_at:%Y-%m-%dT%H:%M:%SZ}",
        "nemTime": f"{ends_at + nem:%Y-%m-%dT%H:%M:%S}+10:00",
    }


def ends_of_day(day: date, duration: int) -> list[datetime]:
    """Ends of all intervals of a NEM day."""
    start = nem_day_start(day)
    return [
        start + timedelta(minutes=duration * number)
        for number in range(1, 1440 // duration + 1)
    ]


def prices_read(
    records: Sequence[JsonObject],
    days: tuple[date, date] | None = None,
    *,
    at: datetime = NOON,
    site_id: str = SITE_ID,
) -> PricesRead:
    """An answer of prices."""
    parsed, rejected = parse_prices(list(records))
    return PricesRead(site_id, Answer(parsed, rejected, at), days)


def usage_read(
    records: Sequence[JsonObject],
    days: tuple[date, date],
    *,
    at: datetime = NOON,
    site_id: str = SITE_ID,
) -> UsageRead:
    """An answer of usage."""
    parsed, rejected = parse_usage(list(records))
    return UsageRead(site_id, Answer(parsed, rejected, at), days)


def sites_read(*sites: JsonObject, at: datetime = NOON) -> SitesRead:
    """An answer of sites."""
    parsed, rejected = parse_sites(list(sites))
    return SitesRead(Answer(parsed, rejected, at))


def lists_of_days(*sites: JsonObject, last: datetime = NOON) -> tuple[SitesRead, ...]:
    """Answers of so many sites on three days in a row: the others are gone by then."""
    return tuple(
        sites_read(*sites, at=last - timedelta(days=days)) for days in (2, 1, 0)
    )


def areas_read(areas: Sequence[JsonObject], *, at: datetime = NOON) -> AreasRead:
    """An answer of areas."""
    parsed, rejected = parse_areas(list(areas))
    return AreasRead(Answer(parsed, rejected, at))


def area(number: int, **fields: JsonValue) -> JsonObject:
    """One area as KAMO sends it."""
    return {
        "id": number,
        "name": f"Area {number}",
        "abrev": f"A{number}",
        "selected": False,
        **fields,
    }


def grid_of(raw: JsonObject, area_id: int, *, at: datetime) -> GridRead:
    """An area grid."""
    parsed = parse_area_grid(raw, area_id)
    return GridRead(AreaGrid(area_id, parsed.series, parsed.rejected, at, parsed.raw))


def substation_body(
    area_id: int, substations: Mapping[str, tuple[float, float, float]]
) -> JsonObject:
    """kW, kVAR and power factor of substations by name, as KAMO sends them."""
    return {
        "Id": area_id,
        "areaLoadData": [
            {
                "name": name,
                "kw": kw,
                "kvar": kvar,
                "pf": factor,
                "quality": False,
                "qualityNow": True,
            }
            for name, (kw, kvar, factor) in substations.items()
        ],
    }


def table_of(
    raw: JsonObject, area_id: int, *, at: datetime, interval_minutes: int = 5
) -> SubstationsRead:
    """A substation table."""
    parsed = parse_substations(raw, area_id)
    return SubstationsRead(
        SubstationTable(area_id, parsed.readings, parsed.rejected, at, parsed.raw),
        interval_minutes,
    )


async def write(store: Store, *parts: Part, at: datetime = NOON) -> WriteCounts:
    """Write parts as one run."""
    run_id = await store.begin_run(Source.AMBER, Trigger.TICK, 5)
    return await store.write(run_id, parts, end=RunEnd(at, Outcome.SUCCESS, len(parts)))


_EVER = (-(2**40), 2**40)
_MOST = 2**40


async def mirrored_prices(store: Store, site_id: str = SITE_ID) -> list[JsonObject]:
    """Every price of a site as the mirror tells it."""
    span = Span(site_id, *_EVER)
    page = await store.read(prices_page, span, None, _MOST)
    return page.records


async def mirrored_usage(store: Store, site_id: str = SITE_ID) -> list[JsonObject]:
    """All usage of a site as the mirror tells it."""
    span = Span(site_id, *_EVER)
    page = await store.read(usage_page, span, None, _MOST)
    return page.records


async def rows(store: Store, query: str, **values: Any) -> list[tuple[Any, ...]]:
    """Ask the database itself."""
    return await store.read(
        lambda connection: [
            tuple(row) for row in connection.execute(text(query), values)
        ]
    )


def as_decimal(value: str) -> Any:
    """JSON with exact numbers, for comparisons."""
    return json.loads(value, parse_float=Decimal)


def fixture(name: str) -> str:
    """Text of a recorded answer."""
    return (FIXTURES / name).read_text()


def recorded_prices() -> tuple[tuple[Price, ...], list[JsonObject]]:
    """A real answer of prices: records and objects."""
    objects = loads(fixture("amber/prices-2024-09-04-30min.json"))
    assert isinstance(objects, list)
    listed = [item for item in objects if isinstance(item, dict)]
    return parse_prices(list(listed))[0], listed


def forecast_price(ends_at: datetime, cents: float) -> JsonObject:
    """Return a forecast of an interval, with the band of an advanced price."""
    band: JsonValue = {"low": cents - 1, "predicted": cents, "high": cents + 2.5}
    return price(ends_at, cents=cents, type="ForecastInterval", advancedPrice=band)
