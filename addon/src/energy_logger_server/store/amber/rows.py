"""Rows of intervals as queries return them, in the order of the tables' columns."""

from typing import NamedTuple

from energy_logger_server.store.db.query import columns_of


class PriceRow(NamedTuple):
    """A row of settled or of expected prices; fields as in ``PRICE``."""

    series_id: int
    end_at: int
    duration_minutes: int
    price_e5: int
    spot_e5: int | None
    renewables_percent: float | None
    attributes_id: int
    range_min_e5: int | None
    range_max_e5: int | None
    low_e5: int | None
    predicted_e5: int | None
    high_e5: int | None
    run_id: int
    known_at: int
    extra: str | None


class UsageRow(NamedTuple):
    """A row of usage; fields as in ``USAGE``."""

    series_id: int
    end_at: int
    duration_minutes: int
    energy_e3: int
    cost_e4: int | None
    price_e5: int | None
    spot_e5: int | None
    renewables_percent: float | None
    attributes_id: int
    run_id: int
    known_at: int
    extra: str | None


type IntervalRow = PriceRow | UsageRow

FETCHED_COLUMNS = columns_of(PriceRow, "t.").replace(
    "t.known_at", "t.fetched_at AS known_at"
)
"""SQL: a ``PriceRow`` of the archive, known from the fetch by which it is filed."""
