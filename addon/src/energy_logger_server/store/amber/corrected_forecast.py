"""What is expected of a site's prices, beside what correction makes of it."""

from collections.abc import Iterator

from energy_logger_server.api.amber_models import Price
from energy_logger_server.domain.forecasts.corrected import (
    AHEAD_S,
    CorrectedForecast,
    Expected,
    corrected_forecasts,
)
from energy_logger_server.domain.forecasts.report import ScoreOrder
from energy_logger_server.store.db.reader import Reader

from .forecast import forecast
from .forecast_scores import nem_day_and_hour, price_scores


def corrected_prices(
    connection: Reader, site_id: str, now: int
) -> list[CorrectedForecast]:
    """Return what is expected of the intervals that begin in the next 24 hours.

    Args:
        connection: A reader's.
        site_id: Whose.
        now: Epoch seconds.

    Returns:
        In c/kWh with upstream's signs, by end, channel and forecast.
    """
    prices = forecast(connection, site_id, (now, now + AHEAD_S + 1)).prices
    expected = [one for known in prices for one in _expected(known.price)]
    corrections = price_scores(connection, site_id, ScoreOrder(now, now)).corrections
    to_come = (one for one in expected if one.start_at > now)
    return [*corrected_forecasts(to_come, corrections, now, nem_day_and_hour)]


def _expected(price: Price) -> Iterator[Expected]:
    end = int(price.ends_at.timestamp())
    start = end - price.duration_minutes * 60
    channel = price.channel_type
    yield Expected(channel, "spot", start, end, price.price_cents_per_kwh)
    if price.advanced_price is not None:
        predicted = price.advanced_price.predicted_cents_per_kwh
        yield Expected(channel, "predicted", start, end, predicted)
