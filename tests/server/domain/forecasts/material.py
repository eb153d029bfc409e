"""Forecasts of hours and what came of them, for tests of scores and corrections."""

from collections.abc import Sequence

from energy_logger_server.domain.forecasts.past import Came, Past

HOUR_S = 3600
DAY_S = 24 * HOUR_S


def hours_past(
    actuals: Sequence[float], forecasts: Sequence[float], horizon_minutes: int = 60
) -> Past:
    """Return forecasts of consecutive hours from 1970-01-01 on, in UTC."""
    return Past(
        "predicted",
        horizon_minutes,
        [
            Came(
                start_at=number * HOUR_S,
                end_at=(number + 1) * HOUR_S,
                day=number // 24,
                hour=number % 24,
                persistence_error=None,
            )
            for number in range(len(actuals))
        ],
        [said - came for said, came in zip(forecasts, actuals, strict=True)],
    )
