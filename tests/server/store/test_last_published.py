"""What a server that starts finds to have been the current prices last."""

from datetime import timedelta

from energy_logger_server.api.exact_json import JsonObject, JsonValue
from energy_logger_server.store import Store
from energy_logger_server.store.amber.last_published import last_current_prices
from tests.server.store.material import NOON, price, prices_read, write

FIVE = timedelta(minutes=5)
OTHER_SITE = "01S1MS1TEB0000000000000000"


async def last_current(store: Store) -> dict[str, list[tuple[str, int]]]:
    """Return type, and minutes after noon of the end, of each site's last prices."""
    found = await store.read(last_current_prices, NOON)
    return {
        site_id: [
            (record.type, (record.ends_at - NOON) // timedelta(minutes=1))
            for record in prices
        ]
        for site_id, prices in found.items()
    }


def estimate(minutes: int, **fields: JsonValue) -> JsonObject:
    """One current price that is not final and ends so long after noon."""
    ends_at = NOON + timedelta(minutes=minutes)
    sent: JsonObject = {"type": "CurrentInterval", "estimate": True, **fields}
    return {**price(ends_at, 5), **sent}


def forecast(minutes: int) -> JsonObject:
    """One forecast that ends so long after noon."""
    return price(NOON + timedelta(minutes=minutes), 5, type="ForecastInterval")


async def test_nothing_was_published_before_the_first_price(store: Store):
    assert await last_current(store) == {}


async def test_the_newer_of_settled_and_estimated_was_published_last(store: Store):
    await write(store, prices_read([price(NOON - FIVE, 5), estimate(0)]))
    await write(store, prices_read([price(NOON, 5)], site_id=OTHER_SITE))

    assert await last_current(store) == {
        "01S1MS1TEA0000000000000000": [("CurrentInterval", 0)],
        OTHER_SITE: [("ActualInterval", 0)],
    }


async def test_each_channel_has_its_own(store: Store):
    await write(store, prices_read([estimate(5), estimate(0, channelType="feedIn")]))

    ((_site, prices),) = (await last_current(store)).items()
    assert prices == [("CurrentInterval", 5), ("CurrentInterval", 0)]


async def test_forecasts_and_the_future_were_not_published(store: Store):
    await write(store, prices_read([estimate(-5), forecast(0), forecast(5)]))
    await write(store, prices_read([estimate(10)]))
    await write(store, prices_read([forecast(5)], site_id=OTHER_SITE))

    assert await last_current(store) == {
        "01S1MS1TEA0000000000000000": [("CurrentInterval", -5)]
    }
