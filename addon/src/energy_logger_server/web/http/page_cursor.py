"""Where a page of a list ended, as a text that goes into the link to the next page.

To clients the text is opaque. It holds the order of the list, in which alone it can be
used, and the values of the page's last item by which the list is ordered.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import orjson
from aiohttp import hdrs

from .checks import Matching
from .errors import contradiction

type CursorValue = str | int | float | bool | None
type ValueCheck = Callable[[CursorValue], bool]

CURSOR = Matching("[A-Za-z0-9_-]{4,6000}", "must be that of a Link header")
"""The check of a parameter that is a cursor, before ``ListOrder.values``."""

_LARGEST_COUNT = 10**12
_LARGEST_MS = 10**15


def is_count(value: CursorValue) -> bool:
    """Return whether a value is a number such as an id or epoch seconds."""
    return type(value) is int and 0 <= value < _LARGEST_COUNT


def is_milliseconds(value: CursorValue) -> bool:
    """Return whether a value is an instant in epoch milliseconds."""
    return type(value) is int and 0 <= value < _LARGEST_MS


@dataclass(frozen=True, slots=True)
class ListOrder:
    """The order of a list, as far as its cursors must know.

    Attributes:
        name: A cursor of an order of another name is refused.
        checks: What each value of a cursor must fulfil.
    """

    name: str
    checks: tuple[ValueCheck, ...]

    def cursor(self, values: Iterable[CursorValue]) -> str:
        """Return the text of a place in this order."""
        named = orjson.dumps([self.name, *values])
        return urlsafe_b64encode(named).decode().rstrip("=")

    def values(self, text: str, parameter: str = "cursor") -> tuple[Any, ...]:
        """Return the values of which ``cursor`` made a text.

        Raises:
            ApiError: If it is not a cursor of this order.
        """
        name, *values = _parts(text) or [None]
        if (
            name != self.name
            or len(values) != len(self.checks)
            or not all(
                check(one) for check, one in zip(self.checks, values, strict=True)
            )
        ):
            raise contradiction(
                parameter, "is not that of this list in this order: begin without it"
            )
        return tuple(values)


def next_link(sent: Iterable[tuple[str, str]], **changed: str) -> dict[str, str]:
    """Return the header that leads to the next page.

    Args:
        sent: Names and texts of the parameters of this page.
        changed: Those that are others for the next page.
    """
    kept = [(name, text) for name, text in sent if name not in changed]
    query = urlencode([*kept, *changed.items()])
    return {hdrs.LINK: f'<?{query}>; rel="next"'}


def _parts(text: str) -> list[CursorValue] | None:
    try:
        found = orjson.loads(urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except (NotBase64, orjson.JSONDecodeError):
        return None
    return found if isinstance(found, list) else None
