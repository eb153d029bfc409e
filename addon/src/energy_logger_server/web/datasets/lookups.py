"""What a request names: an area, a site, a channel."""

import re
from http import HTTPStatus

from aiohttp import web

from energy_logger_server.api.channels import ChannelType
from energy_logger_server.domain.collecting.ledger import Kind
from energy_logger_server.store.amber.prices import is_known_site, known_channels
from energy_logger_server.store.kamo.areas import area_named
from energy_logger_server.store.records import KnownArea
from energy_logger_server.web.deps import deps_of
from energy_logger_server.web.http.errors import ApiError, unknown


def name_in_path(request: web.Request, part: str) -> str:
    """Return what stands in a part of the path.

    Raises:
        ApiError: If nothing can have that name: PostgreSQL holds no NUL character.
    """
    name = request.match_info[part]
    if "\0" in name:
        raise unknown(part, f"nothing has this {part}'s name")
    return name


def number_in_path(request: web.Request, part: str) -> int:
    """Return the number that stands in a part of the path.

    Raises:
        ApiError: If nothing can have that number.
    """
    name = request.match_info[part]
    if not re.fullmatch("[0-9]{1,11}", name):
        raise unknown(part, f"nothing has the {part} {name!r}")
    return int(name)


async def find_area(request: web.Request) -> KnownArea:
    """Return the area that the path names by number or abbreviation.

    Raises:
        ApiError: If there is none.
    """
    name = name_in_path(request, "area")
    area = await deps_of(request).store.read(area_named, name)
    if area is None:
        raise unknown("area", f"there is no area {name!r}: see /api/cooperatives")
    return area


async def find_site(request: web.Request) -> str:
    """Return the id of the site that the path names.

    Raises:
        ApiError: If the account neither has nor had it.
    """
    name = name_in_path(request, "site")
    if not await deps_of(request).store.read(is_known_site, name):
        raise unknown("site", f"there is no site {name!r}: see /api/sites")
    return name


async def check_channel(
    request: web.Request, kind: Kind, site_id: str, channel: str | None
) -> None:
    """Check that a site's prices or usage can have the channel that is asked for.

    Args:
        request: The one to answer.
        kind: Prices have types of channels, usage has registers.
        site_id: Whose.
        channel: None asks for all.

    Raises:
        ApiError: If there is no such channel; the message names those that there are.
    """
    if channel is None:
        return
    known = await deps_of(request).store.read(known_channels, kind, site_id)
    allowed = known
    if kind is Kind.PRICE:
        allowed = tuple(dict.fromkeys((*known, *ChannelType)))
    if allowed and channel not in allowed:
        raise ApiError(
            HTTPStatus.UNPROCESSABLE_ENTITY,
            "unknown_channel",
            f"channel cannot be {channel!r} here, allowed: {', '.join(allowed)}",
            parameter="channel",
        )
