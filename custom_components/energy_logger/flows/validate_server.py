"""Trying an address and a key before they are kept."""

import re
from dataclasses import dataclass

from homeassistant.core import HomeAssistant
from yarl import URL

from custom_components.energy_logger.api.errors import (
    SourceError,
    SourceRateLimited,
    SourceRefused,
    SourceUnreachable,
)
from custom_components.energy_logger.api.kamo_models import Area
from custom_components.energy_logger.const import LOGGER
from custom_components.energy_logger.coordinator.server import fetch_or_none
from custom_components.energy_logger.entries.linked import (
    linked_amber,
    linked_kamo,
    server_client,
)
from custom_components.energy_logger.sources.server_version import (
    VersionMismatch,
    mismatch_of,
)

_SLASHES = re.compile("/{2,}")


@dataclass(frozen=True, slots=True)
class FoundServer:
    """A server that takes the key.

    Attributes:
        instance_id: Its store's own name.
        areas: KAMO's areas that it has; empty without any.
    """

    instance_id: str
    areas: tuple[Area, ...]


def address_of(text: str) -> str | None:
    """Return an address as it is kept, None if the text can be none.

    Users leave out the scheme, paste the address of a page, or double a slash.
    """
    text = text.strip()
    try:
        url = URL(text if "://" in text else f"http://{text}")
        is_usable = url.scheme in {"http", "https"} and bool(url.host and url.port)
    except ValueError:
        return None
    if not is_usable or url.user is not None:
        return None
    path = _SLASHES.sub("/", url.raw_path).rstrip("/")
    return str(url.with_path(path, encoded=True)).rstrip("/")


async def try_server(hass: HomeAssistant, url: str, key: str) -> FoundServer | str:
    """Return the server at an address, or the error that says what hinders it.

    Args:
        hass: Home Assistant.
        url: As ``address_of`` returns it.
        key: The server's API key.
    """
    try:
        info = await server_client(hass, url, key).fetch_info()
    except SourceUnreachable as err:
        LOGGER.debug("No server at this address: %s", err)
        return "server_unreachable"
    except SourceError as err:
        LOGGER.debug("Not our server at this address: %s", err)
        return "not_our_server"
    mismatch = mismatch_of(info.version)
    if mismatch is not VersionMismatch.NONE:
        return mismatch
    return await _try_key(hass, url, key, info.instance_id)


async def _try_key(
    hass: HomeAssistant, url: str, key: str, instance_id: str
) -> FoundServer | str:
    try:
        # this needs the key, whether the server has any sites or not
        await fetch_or_none(linked_amber(hass, url, key).fetch_sites())
        areas = await fetch_or_none(linked_kamo(hass, url).fetch_areas())
    except SourceRefused:
        return "server_refused"
    except SourceRateLimited:
        return "server_rate_limited"
    except SourceError as err:
        LOGGER.debug("The server gave no sites or areas: %s", err)
        return "server_unreachable"
    return FoundServer(instance_id, () if areas is None else areas.records)
