"""How sites and areas are called: by what differs, never by a number; pure."""

from collections.abc import Iterable

from custom_components.energy_logger.api.amber_models import Site, SiteStatus
from custom_components.energy_logger.api.kamo_models import Area


def site_names(sites: Iterable[Site]) -> dict[str, str]:
    """Return the names of an account's sites by site id.

    A site is called after its network. Of several on one network the later ones are
    numbered in the order in which Amber made them, closed ones last, so that closing
    one customer connection and opening the next gives the new one the plain name.

    Args:
        sites: All of the account.
    """
    names: dict[str, str] = {}
    counts: dict[str, int] = {}
    # ids begin with the time at which they were made
    for site in sorted(
        sites, key=lambda one: (one.status == SiteStatus.CLOSED, one.id)
    ):
        name = "Amber" if site.network is None else f"Amber {site.network}"
        counts[name] = counts.get(name, 0) + 1
        names[site.id] = name if counts[name] == 1 else f"{name} {counts[name]}"
    return names


def area_name(area: Area) -> str:
    """Return the name of an area; sums have one that says little by itself."""
    if area.is_aggregate and not area.name.startswith("KAMO"):
        return f"KAMO {area.name}"
    return area.name
