"""Hourly load of the areas: pure functions of the seed and the time.

An hour is named by the epoch second at which it begins. Its load is settled when the
hour is over; while it runs, its value moves every three minutes. Nothing here knows
labels or JSON.
"""

from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from math import cos, pi, sqrt
from zoneinfo import ZoneInfo

from .areas import simulated_areas
from .noise import signed, stream, wave

HOUR_S = 3600
STEP_S = 180
"""KAMO refreshes its figures every three minutes."""
_STEPS = HOUR_S // STEP_S
_DAY_S = 86_400
CENTRAL = ZoneInfo("America/Chicago")

# Share of the day's mean that is drawn whatever the weather, by hour of wall clock.
_DAY_SHAPE = (
    *(0.86, 0.83, 0.82, 0.82, 0.85, 0.92, 1.03, 1.08, 1.06, 1.03, 1.01, 1.00),
    *(1.00, 0.99, 0.99, 1.00, 1.04, 1.12, 1.17, 1.17, 1.14, 1.08, 1.00, 0.92),
)
_WEATHERLESS = 0.62
_WEEKEND = 0.97
_SATURDAY = 5
_HEATS_BELOW_C, _HEATING_PER_C = 16.0, 0.019
_COOLS_ABOVE_C, _COOLING_PER_C = 21.0, 0.045
_NOISE = 0.012
_RUNNING_NOISE = 0.03
_FORECAST_ERROR = 0.012


@lru_cache(maxsize=8192)
def settled_load_kw(seed: int, area_id: int, hour_s: int) -> float:
    """Return the load, kW, that an hour has when it is over.

    Whole numbers save where the recording has decimals; an aggregate is the sum of
    its members.
    """
    area = simulated_areas()[area_id]
    if area.member_ids:
        return _sum(settled_load_kw(seed, id_, hour_s) for id_ in area.member_ids)
    return round(_mean_load_kw(seed, area_id, hour_s), area.decimals)


def shown_load_kw(seed: int, area_id: int, hour_s: int, now_s: int) -> float:
    """Return what KAMO shows at ``now_s`` as the load, kW, of an hour.

    Raises:
        ValueError: If the hour has not begun.
    """
    if now_s < hour_s:
        raise ValueError(f"the hour that begins at {hour_s} is still to come")
    if now_s >= hour_s + HOUR_S:
        return settled_load_kw(seed, area_id, hour_s)
    area = simulated_areas()[area_id]
    if area.member_ids:
        return _sum(shown_load_kw(seed, id_, hour_s, now_s) for id_ in area.member_ids)
    step = (now_s - hour_s) // STEP_S
    chance = signed(
        stream(seed, f"kamo/running/{area_id}"), hour_s // HOUR_S * _STEPS + step
    )
    still_open = 1 - step / _STEPS
    final_kw = _mean_load_kw(seed, area_id, hour_s)
    return round(final_kw * (1 + _RUNNING_NOISE * still_open * chance), area.decimals)


def forecast_load_kw(seed: int, area_id: int, hour_s: int, now_s: int) -> float:
    """Return the forecast, kW, of an hour that KAMO shows at ``now_s``.

    It is drawn anew every hour, closer to the truth each time, for the last time in
    the hour before the one it is about.
    """
    hour = hour_s // HOUR_S
    return _issued_forecast_kw(seed, area_id, hour, min(now_s // HOUR_S, hour - 1))


@lru_cache(maxsize=8192)
def _issued_forecast_kw(seed: int, area_id: int, hour: int, issued: int) -> float:
    area = simulated_areas()[area_id]
    if area.member_ids:
        return _sum(
            _issued_forecast_kw(seed, id_, hour, issued) for id_ in area.member_ids
        )
    lead = hour - issued
    bias = signed(stream(seed, f"kamo/forecast/{area_id}"), issued)
    detail = signed(stream(seed, f"kamo/forecast/{area_id}/{lead}"), hour)
    error = _FORECAST_ERROR * sqrt(lead) * (0.7 * bias + 0.3 * detail)
    final_kw = _mean_load_kw(seed, area_id, hour * HOUR_S)
    return round(final_kw * (1 + error), area.decimals)


def _sum(loads_kw: Iterable[float]) -> float:
    # the decimals of one member must not grow a tail of binary dust
    return round(sum(loads_kw), 1)


@lru_cache(maxsize=8192)
def _mean_load_kw(seed: int, area_id: int, hour_s: int) -> float:
    local = datetime.fromtimestamp(hour_s, CENTRAL)
    temperature_c = _temperature_c(seed, area_id, hour_s)
    shape = _DAY_SHAPE[local.hour] * (_WEEKEND if local.weekday() >= _SATURDAY else 1)
    heating = _HEATING_PER_C * max(0.0, _HEATS_BELOW_C - temperature_c)
    cooling = _COOLING_PER_C * max(0.0, temperature_c - _COOLS_ABOVE_C)
    chance = signed(stream(seed, f"kamo/load/{area_id}"), hour_s // HOUR_S)
    level = _WEATHERLESS * shape + heating + cooling
    return simulated_areas()[area_id].base_load_kw * level * (1 + _NOISE * chance)


def _temperature_c(seed: int, area_id: int, hour_s: int) -> float:
    """Return a temperature as in the Ozarks: one weather, a little local colour."""
    local = datetime.fromtimestamp(hour_s, CENTRAL)
    season = -12.5 * cos(2 * pi * (local.timetuple().tm_yday - 20) / 365.25)
    day = 4 * cos(2 * pi * (local.hour - 15.5) / 24)
    front = 7 * wave(stream(seed, "kamo/weather"), hour_s / (1.5 * _DAY_S))
    place = 1.5 * wave(stream(seed, f"kamo/weather/{area_id}"), hour_s / _DAY_S)
    return 14.5 + season + day + front + place
