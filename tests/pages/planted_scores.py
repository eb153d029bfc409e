"""Forecasts that were kept: what came, and more off the further ahead they were."""

from sqlalchemy import text
from sqlalchemy.engine import Connection

from energy_logger_server.app import Server
from energy_logger_server.domain.forecasts.horizons import HORIZONS_MINUTES

_NOISE = "(({instant} / 300 * 7919 + {horizon}) % 1000 - {shift})"
"""Within 1,000, the same in every run; with a shift of 500 of mean zero."""

_PRICES = """
INSERT INTO price_at_horizon
SELECT series_id, end_at, duration_minutes, {horizon},
  end_at - duration_minutes * 60 - {horizon} * 60,
  price_e5 + {spot} * {size}, price_e5 + {predicted} * {size} - 900 * {size},
  price_e5 + {predicted} * {size}, price_e5 + {predicted} * {size} + 1100 * {size}
FROM price p WHERE duration_minutes = 30 OR {horizon} = 30
"""
_LOADS = """
INSERT INTO load_at_horizon
SELECT s.id, l.at, {horizon}, l.at - {horizon} * 60,
  l.load_e1 + {noise} * {horizon} / 40
FROM load l JOIN series s ON s.kind = 'load_forecast' AND s.owner = l.area_id
WHERE l.is_settled ON CONFLICT DO NOTHING
"""


async def plant_scores(server: Server) -> None:
    """Keep a forecast of all that is settled, at every horizon."""

    def plant(connection: Connection) -> None:
        for horizon in HORIZONS_MINUTES:
            spot, predicted = (
                _NOISE.format(instant="end_at", horizon=horizon, shift=shift)
                for shift in (380, 470)
            )
            noise = _NOISE.format(instant="l.at", horizon=horizon, shift=450)
            size = 1000 + 2 * horizon
            for statement in (
                _PRICES.format(
                    horizon=horizon, spot=spot, predicted=predicted, size=size
                ),
                _LOADS.format(horizon=horizon, noise=noise),
            ):
                connection.execute(text(statement))

    await server.deps.store._write(plant)  # noqa: SLF001 - weeks of what upkeep keeps
