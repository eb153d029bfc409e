"""Long-term statistics, as if Home Assistant had run for longer than it has.

For dashboards, which would begin with empty charts. What it writes is what the
integration's own actions tell of the time before.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from statistics import fmean
from typing import Any

from .home_assistant import HomeAssistant

_ARITHMETIC = 1
_DAYS = 3


async def remember_dashboard(home: HomeAssistant) -> None:
    """Write statistics of all that the charts of the dashboard show."""
    site = "sensor.amber_jemena"
    await remember_prices(home, f"{site}_general_price", "general")
    await remember_prices(home, f"{site}_feed_in_price", "feed_in")
    for area in ("barry", "barton_county"):
        await remember_load(home, f"sensor.{area}_electric_cooperative_load")


async def remember_prices(home: HomeAssistant, entity_id: str, channel: str) -> None:
    """Write hourly statistics of a sensor of prices."""
    answer = await _ask_action(home, entity_id, "get_prices", channel=channel)
    now = home.present.now().isoformat()
    hours: dict[str, list[float]] = {}
    for price in answer["prices"]:
        if price["end_time"] <= now:
            hours.setdefault(_hour_of(price["start_time"]), []).append(price["per_kwh"])
    await _write(home, entity_id, hours, unit="AUD/kWh", unit_class=None)


async def remember_load(home: HomeAssistant, entity_id: str) -> None:
    """Write hourly statistics of a sensor of an area's load."""
    answer = await _ask_action(home, entity_id, "get_load")
    hours = {_hour_of(point["time"]): [point["load_kw"]] for point in answer["load"]}
    await _write(home, entity_id, hours, unit="kW", unit_class="power")


async def _ask_action(
    home: HomeAssistant, entity_id: str, action: str, **fields: Any
) -> Any:
    entity = await home.ask("config/entity_registry/get", entity_id=entity_id)
    now = home.present.now()
    return await home.act(
        action,
        config_entry_id=entity["config_entry_id"],
        device_id=entity["device_id"],
        start=(now - timedelta(days=_DAYS)).isoformat(),
        end=now.isoformat(),
        **fields,
    )


async def _write(
    home: HomeAssistant,
    entity_id: str,
    hours: Mapping[str, Sequence[float]],
    *,
    unit: str,
    unit_class: str | None,
) -> None:
    await home.ask(
        "recorder/import_statistics",
        metadata={
            "has_sum": False,
            "mean_type": _ARITHMETIC,
            "name": None,
            "source": "recorder",
            "statistic_id": entity_id,
            "unit_class": unit_class,
            "unit_of_measurement": unit,
        },
        stats=[
            {
                "start": hour,
                "mean": fmean(values),
                "min": min(values),
                "max": max(values),
            }
            for hour, values in hours.items()
        ],
    )


def _hour_of(time: str) -> str:
    hour = datetime.fromisoformat(time).replace(minute=0, second=0, microsecond=0)
    return hour.isoformat()
