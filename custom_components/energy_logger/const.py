"""Names that more than one module needs."""

import logging
from enum import StrEnum
from typing import Final

DOMAIN: Final = "energy_logger"
LOGGER: Final = logging.getLogger(__package__)

CONF_CONNECTION: Final = "connection"
CONF_SITE_ID: Final = "site_id"
CONF_AREA_ID: Final = "area_id"
CONF_SUBSTATIONS: Final = "substations"
"""Of an area's entry: whether to show them; of a linked one: of which areas."""

CONF_AREAS: Final = "areas"
CONF_CHARGES: Final = "charges"
"""Of an Amber site: what it costs a day, by site; see ``statistics.charges``."""

CONF_APP_SLUG: Final = "app_slug"
CONF_LISTED: Final = "listed"
"""What the lists of sites and areas held, see ``known_listings``."""

INTERVAL_MINUTES: Final = 5

AUD: Final = "AUD"
AUD_PER_KWH: Final = "AUD/kWh"

PRICE_DIGITS: Final = 4
"""Decimals of a price in AUD/kWh that are shown."""


class Connection(StrEnum):
    """What a config entry connects to."""

    SERVER = "server"
    AMBER = "amber"
    KAMO = "kamo"


SOURCE_NAMES: Final = {
    "amber": "Amber Electric",
    "kamo": "KAMO Power",
    "server": "Energy Logger server",
}
"""What errors call those who are asked."""
