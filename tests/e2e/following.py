"""Waiting until Home Assistant shows what there is to be shown."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

from tests.launch.home_assistant import HomeAssistant, until

_FOLLOWS_WITHIN_S = 100
_CHANGES_WITHIN_S = 10

type States = dict[str, dict[str, Any]]
type Differences = dict[str, tuple[Any, Any]]


async def differences_that_stay(
    home: HomeAssistant,
    look: Callable[[States], Awaitable[Differences]],
    refresh: Callable[[], Awaitable[None]],
) -> Differences:
    """Return how states differ from what is published: empty as soon as nothing does.

    Between two looks an interval may end, a price may be confirmed and a load may
    change: then the next states count.

    Args:
        home: Who shows them.
        look: Compares states; gives what is shown and what is published.
        refresh: Has what is published fetched at once.
    """
    found: Differences = {}
    with suppress(TimeoutError):
        async with asyncio.timeout(_FOLLOWS_WITHIN_S):
            states = await home.states()
            while found := await look(states):
                await refresh()
                states = await _changed(home, states)
    return found


async def _changed(home: HomeAssistant, before: States) -> States:
    """Return the states as soon as one has changed, or after a while in any case."""
    states = before

    async def is_changed() -> bool:
        nonlocal states
        states = await home.states()
        return states != before

    with suppress(TimeoutError):
        await until(is_changed, _CHANGES_WITHIN_S)
    return states
