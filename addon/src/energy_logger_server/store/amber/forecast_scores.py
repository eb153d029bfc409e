"""What was forecast of a site's prices, beside the prices that came."""

from collections.abc import Iterator
from typing import NamedTuple

from energy_logger_server.api.nem import NEM_TIME
from energy_logger_server.domain.collecting.ledger import Kind
from energy_logger_server.domain.forecasts.past import Kept, pasts
from energy_logger_server.domain.forecasts.report import (
    ScoreOrder,
    ScoreReport,
    SeriesPast,
    score_report,
)
from energy_logger_server.domain.forecasts.settled import SettledValue, SettledValues
from energy_logger_server.store.codec.scale import E5
from energy_logger_server.store.db.query import Query, columns_of
from energy_logger_server.store.db.reader import Reader

from .prices import series_of

PRICE_FORECASTS = ("spot", "predicted", "low", "high")
"""``spot``: the price that Amber makes of the market's spot forecast; the others are
the values of its advanced price."""

_DAY_S = 86_400
_HOUR_S = 3600
_BLOCK_S = 14 * _DAY_S
_OFFSET_S = int(NEM_TIME.utcoffset(None).total_seconds())


class _Kept(NamedTuple):
    end_at: int
    duration_minutes: int
    horizon_minutes: int
    price_e5: int
    predicted_e5: int | None
    low_e5: int | None
    high_e5: int | None


class _Settled(NamedTuple):
    end_at: int
    duration_minutes: int
    price_e5: int


_IN_SPAN = "WHERE series_id = :series AND end_at > :after AND end_at <= :until"
_ORDER = ("series", "after", "until")
_KEPT = Query(
    f"SELECT {columns_of(_Kept)} FROM price_at_horizon {_IN_SPAN}"
    " ORDER BY end_at, duration_minutes, horizon_minutes",
    _ORDER,
    row=_Kept,
)
_SETTLED = Query(
    f"SELECT {columns_of(_Settled)} FROM price {_IN_SPAN} ORDER BY end_at",
    _ORDER,
    row=_Settled,
)


def price_scores(connection: Reader, site_id: str, order: ScoreOrder) -> ScoreReport:
    """Return how good the forecasts of a site's prices were, in c/kWh.

    Upstream's signs; hours of the day in NEM time.
    """
    return score_report(price_pasts(connection, site_id, order.span), order)


def price_pasts(
    connection: Reader, site_id: str, span: tuple[int, int]
) -> Iterator[SeriesPast]:
    """Yield what was forecast of each of a site's channels, and what came.

    A channel after the other, so that no more than one is in memory; in c/kWh, with
    upstream's signs, and hours of the day in NEM time.

    Args:
        connection: A reader's.
        site_id: Whose.
        span: Intervals that end behind the first instant, and at the second or before,
            epoch seconds.
    """
    after, until = span
    for series_id, channel in series_of(connection, Kind.PRICE, site_id, None):
        # persistence at the longest horizon lies a day before
        settled = _SETTLED.all(connection, series_id, after - 2 * _DAY_S, until)
        values = SettledValues.of(
            SettledValue(
                row.end_at - row.duration_minutes * 60, row.end_at, row.price_e5
            )
            for row in settled
        )
        kept = _kept_in_blocks(connection, series_id, span)
        yield SeriesPast(
            channel,
            pasts(PRICE_FORECASTS, kept, values, nem_day_and_hour, E5),
            values,
            nem_day_and_hour,
        )


def nem_day_and_hour(instant: int) -> tuple[int, int]:
    """Return the NEM date, in days since 1970-01-01, and the hour of an instant."""
    day, second = divmod(instant + _OFFSET_S, _DAY_S)
    return day, second // _HOUR_S


def _kept_in_blocks(
    connection: Reader, series_id: int, span: tuple[int, int]
) -> Iterator[Kept]:
    """Yield a year without holding it."""
    after, until = span
    for block in range(after, until, _BLOCK_S):
        for end, minutes, horizon, *scaled in _KEPT.all(
            connection, series_id, block, min(block + _BLOCK_S, until)
        ):
            yield Kept(end - minutes * 60, end, horizon, scaled)
