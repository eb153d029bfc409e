"""A site's prices for a chart: settled, expected, and the market's."""

from typing import NamedTuple

from energy_logger_server.api.amber_models import Price
from energy_logger_server.api.channels import aud_of_cents, directed_aud
from energy_logger_server.domain.charts import (
    Aggregate,
    Bucket,
    Chart,
    Line,
    Point,
    Resolution,
    Span,
)
from energy_logger_server.domain.collecting.ledger import Kind
from energy_logger_server.store.amber.prices import (
    IntervalSpan,
    newest_prices,
    series_of,
)
from energy_logger_server.store.codec.scale import E5
from energy_logger_server.store.db.reader import Reader

from .drawing import HOUR_S, NEM_DAYS, ChartWanted, Drawing, RowLines, draw, hull
from .interval_tables import IntervalTables, bucketed_rows, rows_in_buckets

AUD_PER_KWH = "AUD/kWh"
SPOT = "spot"


class _Sums(NamedTuple):
    bucket: int
    minutes: int
    price_minutes_e5: int
    price_min_e5: int
    price_max_e5: int


class _Spot(NamedTuple):
    bucket: int
    minutes: int
    spot_minutes_e5: int
    spot_min_e5: int
    spot_max_e5: int


_SETTLED = IntervalTables(
    "price",
    of_rows=(
        "sum(t.duration_minutes) AS minutes,"
        " sum(t.price_e5 * t.duration_minutes) AS price_minutes_e5,"
        " min(t.price_e5) AS price_min_e5, max(t.price_e5) AS price_max_e5"
    ),
    of_rollups=(
        "sum(t.minutes) AS minutes, sum(t.price_minutes_e5) AS price_minutes_e5,"
        " min(t.price_min_e5) AS price_min_e5, max(t.price_max_e5) AS price_max_e5"
    ),
    row=_Sums,
)
_EXPECTED = IntervalTables(
    "price_outlook", of_rows="count(*) AS count", of_rollups="", row=_Sums
)
_SPOTS = bucketed_rows(
    "price",
    "sum(t.duration_minutes) AS minutes,"
    " sum(t.spot_e5 * t.duration_minutes) AS spot_minutes_e5,"
    " min(t.spot_e5) AS spot_min_e5, max(t.spot_e5) AS spot_max_e5",
    _Spot,
    where="AND t.spot_e5 IS NOT NULL",
)


def price_chart(
    connection: Reader, site_id: str, channel: str | None, wanted: ChartWanted
) -> Chart:
    """Return a site's prices, AUD/kWh, positive: you pay on import, earn on feed-in.

    What is expected, and within what bounds, has no rollups: it is drawn while points
    are single intervals. So is the market's price, which rollups have without knowing
    how much of it is missing, up to buckets of less than an hour.

    Args:
        connection: A reader's.
        site_id: Whose.
        channel: Type of the channel; None for all.
        wanted: Which part, and how many points.
    """
    series = series_of(connection, Kind.PRICE, site_id, channel)
    numbers = [number for number, _name in series]
    edges = [tables.extent(connection, numbers) for tables in (_SETTLED, _EXPECTED)]
    drawing = Drawing(
        calendar=NEM_DAYS,
        row_s=_SETTLED.usual_interval_s(connection, numbers),
        extent=hull([edge for edge in edges if edge is not None]),
        rows=lambda span, most: _rows(connection, site_id, channel, span, most),
        buckets=lambda resolution, span: _buckets(connection, series, resolution, span),
    )
    return draw(wanted, drawing)


def _rows(
    connection: Reader, site_id: str, channel: str | None, span: Span, most: int
) -> RowLines | None:
    channels = len(series_of(connection, Kind.PRICE, site_id, channel))
    page = newest_prices(
        connection, IntervalSpan(site_id, *span, most * channels, channel)
    )
    if page.cursor is not None:
        return None
    points: dict[tuple[str | None, str], dict[int, Point]] = {}
    covered: list[Span] = []
    for price in page.intervals:
        at = int(price.starts_at.timestamp())
        covered.append((at, at + price.duration_minutes * 60))
        for name, value in _values(price):
            of_channel = None if name == SPOT else price.channel_type
            points.setdefault((of_channel, name), {})[at] = Point(value)
    return RowLines([_line(*key, found) for key, found in points.items()], covered)


def _values(price: Price) -> list[tuple[str, float]]:
    """Return what an interval says, by the name of the line."""
    if price.is_settled:
        spot = price.spot_aud_per_kwh
        found = [("price", price.price_aud_per_kwh)]
        return found if spot is None else [*found, (SPOT, spot)]
    bounds = price.advanced_price_aud
    found = [("expected", price.price_aud_per_kwh)]
    if bounds is not None:
        found += [("expected_low", bounds.low), ("expected_high", bounds.high)]
    return found


def _buckets(
    connection: Reader,
    series: list[tuple[int, str]],
    resolution: Resolution,
    span: Span,
) -> list[Line]:
    lines = []
    for number, channel in series:
        sums = _SETTLED.sums(connection, number, resolution, span)
        points = {at: _point(row, channel) for at, row in sums.items()}
        lines.append(_line(channel, "price", points))
    if resolution.bucket is Bucket.TIME and resolution.seconds < HOUR_S and series:
        width = resolution.seconds
        spots = rows_in_buckets(_SPOTS, connection, series[0][0], width, span)
        lines.append(
            _line(None, SPOT, {row.bucket * width: _spot(row) for row in spots})
        )
    return lines


def _line(channel: str | None, name: str, points: dict[int, Point]) -> Line:
    key = name if channel is None else f"{channel}/{name}"
    return Line(key, channel, AUD_PER_KWH, Aggregate.MEAN, points)


def _point(row: _Sums, channel: str) -> Point:
    # PostgreSQL sums to a decimal
    mean = int(row.price_minutes_e5) / int(row.minutes) / E5
    edges = (row.price_min_e5 / E5, row.price_max_e5 / E5)
    minimum, maximum = sorted(directed_aud(cents, channel) for cents in edges)
    return Point(directed_aud(mean, channel), minimum, maximum)


def _spot(row: _Spot) -> Point:
    mean = int(row.spot_minutes_e5) / int(row.minutes) / E5
    edges = (row.spot_min_e5 / E5, row.spot_max_e5 / E5)
    return Point(aud_of_cents(mean), *map(aud_of_cents, edges))
