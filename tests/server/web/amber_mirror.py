"""What the mirror of Amber is asked, and the records that it is asked for."""

from datetime import UTC, datetime, timedelta

from energy_logger_server.api.exact_json import JsonObject
from energy_logger_server.domain.collecting.batch import Part
from energy_logger_server.domain.collecting.runs import Source
from energy_logger_simulator.kamo.recording import RECORDED_AT
from tests.server.store import material
from tests.server.store.material import (
    SITE_ID,
    price,
    site,
    sites_read,
)
from tests.server.web.conftest import Api

HALF_HOUR = timedelta(minutes=30)
NOW = RECORDED_AT
"""2026-01-04 19:09 NEM."""
NOW_ENDS = datetime(2026, 1, 4, 9, 30, tzinfo=UTC)
"""End of the half hour that holds it."""
BASE = "/mirror/amber/v1/sites"
PRICES = f"{BASE}/{SITE_ID}/prices"
CURRENT = f"{PRICES}/current"
USAGE = f"{BASE}/{SITE_ID}/usage"


def prices_read(records: list[JsonObject], site_id: str = SITE_ID) -> Part:
    return material.prices_read(records, at=NOW, site_id=site_id)


async def store(api: Api, *parts: Part, sites: tuple[JsonObject, ...] = ()) -> None:
    listed = sites_read(*(sites or (site(),)), at=NOW)
    await api.collector.run(listed, *parts, source=Source.AMBER)


def half_hours(kind: str, first_end: datetime, *cents: float) -> list[JsonObject]:
    return [
        price(first_end + number * HALF_HOUR, cents=cent, type=kind)
        for number, cent in enumerate(cents)
    ]


async def cents_of(api: Api, path: str) -> list[float]:
    return [record["perKwh"] for record in await api.get(path)]


def without(record: JsonObject, *names: str) -> JsonObject:
    return {name: value for name, value in record.items() if name not in names}
