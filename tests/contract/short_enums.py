"""A hook of Schemathesis: of some hundred time zones it shall try a few."""

from typing import Any

import schemathesis

MOST_WORDS = 40
"""More than any other parameter has."""


@schemathesis.hook
def before_load_schema(_context: object, description: dict[str, Any]) -> None:
    """Shorten the longest lists of words in a description of the API."""
    _shorten(description)


def _shorten(part: object) -> None:
    if isinstance(part, list):
        for one in part:
            _shorten(one)
    elif isinstance(part, dict):
        words = part.get("enum")
        if isinstance(words, list) and len(words) > MOST_WORDS:
            part["enum"] = words[:: len(words) // MOST_WORDS]
        for one in part.values():
            _shorten(one)
