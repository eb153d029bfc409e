"""A time zone as a parameter of a query."""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo

import voluptuous as vol

from .checks import JsonSchema


@dataclass(frozen=True, slots=True)
class Zone:
    """The name of a time zone, as in ``Australia/Sydney``."""

    def __call__(self, text: str) -> ZoneInfo:
        """Return the zone."""
        if text not in _zones():
            raise vol.Invalid("must be an IANA time zone such as Australia/Sydney")
        return ZoneInfo(text)

    @property
    def json_schema(self) -> JsonSchema:
        """All names."""
        return {"type": "string", "enum": [*_zones()]}


@cache
def _zones() -> dict[str, None]:
    """Return the names of the zones that every installation has, in their order."""
    listed = files("tzdata").joinpath("zones").read_text("ascii")
    return dict.fromkeys(sorted(listed.split()))
