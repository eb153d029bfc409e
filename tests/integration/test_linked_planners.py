"""A linked entry gives planners the prices that its server has."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from homeassistant.helpers import device_registry as dr

from custom_components.energy_logger.keys import site_key
from tests.integration.actions import act
from tests.integration.linked import FIVE_MINUTE_SITE, LinkedWorld


async def test_every_form_has_the_prices_that_are_known_of_the_server(
    linked: LinkedWorld,
):
    entry = linked.entry()
    await linked.set_up(entry)
    device = dr.async_get(linked.hass).async_get_device_by_identifier(
        ("energy_logger", site_key(FIVE_MINUTE_SITE)), entry.entry_id
    )
    assert device is not None
    prices = entry.runtime_data.sites[FIVE_MINUTE_SITE].prices.data
    first, second, third, *_ = prices.channels["general"].known

    async def form(name: str) -> dict[str, Any]:
        return await act(
            linked,
            "get_forecasts",
            entry,
            device_id=device.id,
            channel="general",
            format=name,
            price_source="aemo",
            hours=1,
            step=5,
        )

    wanted = {
        one.starts_at.isoformat(): pytest.approx(one.price_aud_per_kwh)
        for one in (first, second, third)
    }
    own = (await form("energy_logger"))["forecasts"]
    assert {one["start_time"]: one["per_kwh"] for one in own[:2]} == {
        at: price for at, price in wanted.items() if at != first.starts_at.isoformat()
    }
    rates = (await form("evcc"))["rates"]
    assert {one["start"]: one["value"] for one in rates[:3]} == wanted
    spans = (await form("haeo"))["forecasts"]
    assert {one["start_time"]: one["per_kwh"] for one in spans[:3]} == wanted
    emhass = await form("emhass")
    assert dict([*emhass["load_cost_forecast"].items()][:3]) == wanted
    assert emhass["prod_price_forecast"].keys() == emhass["load_cost_forecast"].keys()
    predbat = await form("predbat")
    rows = [*predbat["raw_today"], *predbat["raw_tomorrow"]]
    by_start = {datetime.fromisoformat(one["start"]): one["value"] for one in rows}
    half_hours = {
        one.starts_at: pytest.approx(one.price_aud_per_kwh)
        for one in prices.channels["general"].known
        if one.ends_at - one.starts_at == timedelta(minutes=30)
    }
    assert len(half_hours) > 20
    assert {at: by_start[at] for at in half_hours} == half_hours
