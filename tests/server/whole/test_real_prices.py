"""Inside the packaged month the stored spot prices are the market's real ones."""

import csv
import gzip
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from importlib import resources

from energy_logger_server.domain.collecting.runs import Source
from energy_logger_simulator.amber.config import AmberConfig
from tests.server.store.material import rows

NOW = datetime(2024, 2, 15, 13, 34, tzinfo=UTC)
"""Late on a NEM day, and late in an interval: its price is confirmed."""
SITE_B = "01S1MS1TEB0000000000000000"


def real_prices(first: date, last: date) -> dict[int, int]:
    """RRP / 10 * 1.1 in 10^-5 c/kWh by interval end (epoch seconds)."""
    packed = (
        resources.files("energy_logger_simulator") / "resources/nem-vic1-2024-02.csv.gz"
    )
    lines = gzip.decompress(packed.read_bytes()).decode().splitlines()
    table = csv.DictReader(line for line in lines if not line.startswith("#"))
    prices = {}
    for line in table:
        end = datetime.fromisoformat(f"{line['interval_end_nem']}+10:00")
        if first <= (end - timedelta(minutes=5)).date() <= last:
            cents = Decimal(line["rrp_aud_per_mwh"]) / 10 * Decimal("1.1")
            scaled = (cents * 100_000).quantize(Decimal(1), ROUND_HALF_EVEN)
            prices[int(end.timestamp())] = int(scaled)
    return prices


async def test_stored_spot_prices_are_those_of_the_market(start_world):
    amber = AmberConfig(start=NOW - timedelta(days=14), cutover=date(2023, 1, 1))
    async with start_world(at=NOW, amber=amber) as world:
        run = await world.server.collecting.collect_now(Source.AMBER)

        assert run.end is not None
        stored = await rows(
            world.server.collecting.shared.store,
            "SELECT p.end_at, p.spot_e5 FROM price p"
            " JOIN series s ON s.id = p.series_id"
            " WHERE s.owner = :owner AND s.channel = 'general'"
            " AND p.duration_minutes = 5",
            owner=SITE_B,
        )
    real = {
        end: price
        for end, price in real_prices(date(2024, 2, 2), date(2024, 2, 15)).items()
        if end <= NOW.timestamp()
    }
    compared = {end: spot for end, spot in stored if end in real}
    assert len(real) == 14 * 288 - 6
    assert compared == real
    assert max(compared.values()) > 100 * 100_000 > 0 > min(compared.values())
