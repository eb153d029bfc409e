"""What happens to the server in the middle of an import of its history.

Home Assistant runs all the time.
"""

from functools import partial
from http import HTTPStatus

import pytest

from tests.e2e.conftest import Connected
from tests.e2e.first_import import (
    PATIENCE_S,
    check_bars,
    half_imported,
    is_imported,
)
from tests.launch.home_assistant import until
from tests.launch.household import KEY

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(160)]

OTHER_KEY = "another-key-of-the-household"


async def test_an_import_goes_on_behind_a_restart_of_the_server(connected: Connected):
    household = connected.household
    async with half_imported(connected) as half:
        await household.server.stop()
        half.proxy.may_go_on.set()
        assert await half.proxy.statuses.get() == HTTPStatus.BAD_GATEWAY
        await household.server.start()
        # by itself
        await until(partial(is_imported, household.home), PATIENCE_S)

    await check_bars(household)


async def test_an_import_goes_on_with_the_key_that_was_put_in_force_meanwhile(
    connected: Connected,
):
    household = connected.household
    async with half_imported(connected) as half:
        household.put_key(OTHER_KEY)
        half.proxy.may_go_on.set()
        assert await half.proxy.statuses.get() == HTTPStatus.UNAUTHORIZED
        await household.home.reconfigure(
            half.entry_id, {"url": half.proxy.url, "api_key": OTHER_KEY}
        )
        await until(partial(is_imported, household.home), PATIENCE_S)
        household.put_key(KEY)

    await check_bars(household)
