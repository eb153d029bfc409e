"""The three connections of a household, each to a site and areas of its own."""

from dataclasses import dataclass
from typing import Any

from .home_assistant import until
from .household import KEY, TOKEN, Household

DIRECT_SITE = "01S1MS1TEB0000000000000000"
"""Jemena: three channels, intervals of five minutes."""
LINKED_SITE = "01S1MS1TEA0000000000000000"
"""Ausgrid: two channels, intervals of thirty minutes, a demand tariff."""

DIRECT_AREA = 3
"""Barry Electric Cooperative, with its eight substations."""
LINKED_AREAS = (4, 20)
"""Barton County Electric Cooperative, with its nine substations, and all of KAMO."""

_COLLECTED_WITHIN_S = 120
"""Around a mark of five minutes the past may have to wait for confirmed prices."""


@dataclass(frozen=True, slots=True)
class Connections:
    """Ids of the entries.

    Attributes:
        amber: Amber Electric directly.
        kamo: KAMO Power directly.
        server: The server, which shows what the others do not.
    """

    amber: str
    kamo: str
    server: str


async def connect(household: Household) -> Connections:
    """Go through the config flow for each connection.

    Amber comes before the server, which collects both sites of the account: what an
    entry of its own shows already, the server's leaves out.
    """
    home = household.home
    amber = await home.set_up(
        {"next_step_id": "amber"}, {"api_token": TOKEN}, {"site_id": DIRECT_SITE}
    )
    kamo = await home.set_up(
        {"next_step_id": "kamo"}, {"area_id": str(DIRECT_AREA), "substations": True}
    )
    await household.collect("kamo")
    await household.collect("amber", within_s=5)
    await until(household.has_collected, _COLLECTED_WITHIN_S)
    server = await link(household, household.server_url)
    return Connections(amber, kamo, server)


async def link(household: Household, url: str) -> str:
    """Link the server at an address through the config flow; return the entry's id."""
    with_substations, *others = map(str, LINKED_AREAS)
    return await household.home.set_up(
        {"next_step_id": "server"},
        {"url": url, "api_key": KEY},
        {"areas": others, "substations": [with_substations]},
    )


async def show_forecasts(household: Household, entry_id: str) -> None:
    """Enable an entry's sensors of forecasts, as its user can."""
    home = household.home
    async with home.connected() as ask:
        entities: list[dict[str, Any]] = await ask("config/entity_registry/list")
        for entity in entities:
            if (
                entity["config_entry_id"] == entry_id
                and entity["disabled_by"] is not None
                and entity["unique_id"].endswith("_forecast")
            ):
                await ask(
                    "config/entity_registry/update",
                    entity_id=entity["entity_id"],
                    disabled_by=None,
                )
    await home.post(f"/api/config/config_entries/entry/{entry_id}/reload", {})
