"""Real spot prices of one month, for the simulated Amber to replay.

Source: AEMO, aggregated price and demand data, region VIC1 (Victoria), February 2024:
8,352 five-minute trading intervals in NEM time, with 63 above 300 AUD/MWh (up to the
market's cap of 16,600) and 2,026 below zero.
"""

import csv
import gzip
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from functools import cache
from importlib import resources
from io import TextIOWrapper

_NEM_TIME = timezone(timedelta(hours=10), "NEM")
MONTH_START = datetime(2024, 2, 1, tzinfo=_NEM_TIME).astimezone(UTC)
"""Start (UTC) of the first packaged interval, which ends five minutes later."""
MONTH_END = datetime(2024, 3, 1, tzinfo=_NEM_TIME).astimezone(UTC)
"""End (UTC) of the last packaged interval."""

_PRICES = "nem-vic1-2024-02.csv.gz"
# AUD/MWh to c/kWh is a tenth; GST is a tenth on top.
_CENTS_WITH_GST = Decimal("0.1") * Decimal("1.1")
# Amber never sends more (recorded answers); AEMO's longest prices would make seven.
_FIVE_DECIMALS = Decimal("0.00001")


def spot_cents_per_kwh(interval_end_epoch_s: int) -> float | None:
    """Return what the market paid in a five-minute interval.

    Args:
        interval_end_epoch_s: End of the interval, seconds since the epoch (UTC).

    Returns:
        c/kWh with GST, which is RRP / 10 * 1.1, at most five decimals; negative in a
        glut. None for an instant at which no packaged interval ends.
    """
    return _prices().get(interval_end_epoch_s)


@cache
def _prices() -> dict[int, float]:
    packed = resources.files("energy_logger_simulator") / "resources" / _PRICES
    with (
        packed.open("rb") as stored,
        gzip.open(stored) as unpacked,
        TextIOWrapper(unpacked, encoding="ascii", newline="") as text,
    ):
        return {
            _epoch_s(row["interval_end_nem"]): _cents(row["rrp_aud_per_mwh"])
            for row in csv.DictReader(text)
        }


def _epoch_s(nem_time: str) -> int:
    return int(datetime.fromisoformat(nem_time).replace(tzinfo=_NEM_TIME).timestamp())


def _cents(rrp_aud_per_mwh: str) -> float:
    cents = Decimal(rrp_aud_per_mwh) * _CENTS_WITH_GST
    return float(cents.quantize(_FIVE_DECIMALS))
