"""A text that must not be shown."""

import hmac
from hashlib import sha256
from typing import override

_MASK = "********"


class Secret:
    """Keeps a text out of reprs, messages and logs; compares it in constant time."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        """Take the text in."""
        self._text = text

    def reveal(self) -> str:
        """Return the text, for the one who sends it or connects with it."""
        return self._text

    def matches(self, candidate: str) -> bool:
        """Return whether a text is the secret.

        How long that takes says nothing of the secret, not even its length.
        """
        return hmac.compare_digest(_digest(self._text), _digest(candidate))

    @override
    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Secret):
            return NotImplemented
        return self.matches(other._text)

    @override
    def __hash__(self) -> int:
        return hash(_digest(self._text))

    @override
    def __repr__(self) -> str:
        return f"Secret({_MASK})"

    @override
    def __str__(self) -> str:
        return _MASK


def _digest(text: str) -> bytes:
    # headers of a request may hold bytes that are no UTF-8
    return sha256(text.encode("utf-8", "surrogateescape")).digest()
