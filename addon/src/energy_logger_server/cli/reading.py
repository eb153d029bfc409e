"""Reading the store beside whoever writes to it."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any, Concatenate

from energy_logger_server.clock import SystemClock
from energy_logger_server.config.saved import with_saved
from energy_logger_server.config.settings import Settings
from energy_logger_server.errors import NothingStored
from energy_logger_server.store import Store
from energy_logger_server.store.settings.read import saved_settings


@asynccontextmanager
async def open_for_reading(settings: Settings) -> AsyncIterator[Store]:
    """Open the store for reading, close it at the end.

    Raises:
        ConfigurationError: If nothing is stored there.
        StoreError: If it cannot be read.
    """
    store = await Store.open_for_reading(settings.store_address.reveal(), SystemClock())
    try:
        yield store
    finally:
        await store.close()


async def stored[**P, Result](
    settings: Settings,
    query: Callable[Concatenate[Any, P], Result],
    /,
    *args: P.args,
    **kwargs: P.kwargs,
) -> Result:
    """Return what one read function finds, see ``Store.read``."""
    async with open_for_reading(settings) as store:
        return await store.read(query, *args, **kwargs)


async def settings_at_next_start(machine: Settings) -> Settings:
    """Return the settings that a server would start with: what is saved comes first.

    Raises:
        StoreError: If there is a store that cannot be read.
    """
    try:
        saved = await stored(machine, saved_settings)
    except NothingStored:
        return machine
    return with_saved(machine, saved)
