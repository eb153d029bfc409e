"""Statistics of a linked entry, beside the hours that the server has."""

from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from homeassistant.components.recorder.statistics import (
    StatisticsRow,
    statistics_during_period,
)
from homeassistant.core import HomeAssistant
from homeassistant.helpers.recorder import get_instance

from custom_components.energy_logger.api.kamo_models import Area
from custom_components.energy_logger.statistics.catalogue import substation_power
from tests.integration.linked import HALF_HOUR_SITE, LATE, OZARK, LinkedWorld

SITE = f"energy_logger:amber_{HALF_HOUR_SITE.lower()}"


async def recorded(
    hass: HomeAssistant, *statistic_ids: str
) -> dict[str, dict[str, StatisticsRow]]:
    """Return what the recorder has, by statistic and start of the hour."""
    found = await get_instance(hass).async_add_executor_job(
        partial(
            statistics_during_period,
            hass,
            LATE - timedelta(days=400),
            None,
            {*statistic_ids},
            "hour",
            None,
            {"change", "max", "mean", "min", "state"},
        )
    )
    return {
        one: {
            datetime.fromtimestamp(row["start"], UTC).isoformat(): row for row in rows
        }
        for one, rows in found.items()
    }


async def feed(linked: LinkedWorld, path: str) -> list[dict[str, Any]]:
    """Return all hours that the server tells."""
    answer = await linked.server.fetch(f"/api/statistics/{path}?limit=10000")
    assert not answer["truncated"]
    return list(answer["data"])


async def check_usage(linked: LinkedWorld) -> None:
    """Compare usage with what the server tells, by channel."""
    hours = await feed(linked, f"usage/{HALF_HOUR_SITE}")
    for channel, energy, money in (
        ("general", "general_energy", "general_cost"),
        ("feedIn", "feed_in_energy", "feed_in_compensation"),
    ):
        own = {one["start"]: one for one in hours if one["channel_type"] == channel}
        found = await recorded(linked.hass, f"{SITE}_{energy}", f"{SITE}_{money}")
        assert own
        assert {
            start: row["change"] for start, row in found[f"{SITE}_{energy}"].items()
        } == {
            start: pytest.approx(one["energy_kwh"], abs=1e-9)
            for start, one in own.items()
        }
        assert {
            start: row["change"] for start, row in found[f"{SITE}_{money}"].items()
        } == {
            start: pytest.approx(one["cost_aud"], abs=1e-7)
            for start, one in own.items()
        }


async def check_means(linked: LinkedWorld) -> None:
    """Compare prices and loads with what the server tells, extremes included."""
    prices = await feed(linked, f"price/{HALF_HOUR_SITE}")
    loads = await feed(linked, f"load/{OZARK}")
    price, load = f"{SITE}_feed_in_price", f"energy_logger:kamo_{OZARK}_load"
    found = await recorded(linked.hass, price, load)
    own = {
        one["start"]: one
        for one in prices
        if one["channel_type"] == "feedIn" and one["minutes"] == 60
    }
    assert found[price].keys() == own.keys()
    for start, row in found[price].items():
        assert row["mean"] == own[start]["mean_aud_per_kwh"]
        # Amber's sign is the other one
        assert row["min"] == pytest.approx(-own[start]["max_cents_per_kwh"] / 100)
        assert row["max"] == pytest.approx(-own[start]["min_cents_per_kwh"] / 100)
    assert {start: row["mean"] for start, row in found[load].items()} == {
        one["start"]: one["mean_kw"] for one in loads if one["is_settled"]
    }
    assert all(len(rows) > 1 for rows in found.values())


async def check_substations(linked: LinkedWorld) -> None:
    """Compare substations with what the server tells."""
    hours = await feed(linked, f"substations/{OZARK}")
    area = Area(OZARK, "", "", {})
    found = await recorded(
        linked.hass,
        *(substation_power(area, one["substation_name"]).id for one in hours),
    )
    assert sorted(
        row["mean"] or 0 for rows in found.values() for row in rows.values()
    ) == (sorted(one["mean_kw"] for one in hours))
    assert hours
