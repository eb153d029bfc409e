"""Keys as people paste them: with quotes, with ``Bearer``, with space around; pure."""

import re

_PLAIN_QUOTES = "\"'`"
_TYPOGRAPHIC_QUOTES = (
    "\u2018\u2019\u201a\u201b\u201c\u201d\u201e\u201f\u2039\u203a\u00ab\u00bb"
)
# str.strip() leaves these: a byte order mark and characters without width
_WITHOUT_WIDTH = "\ufeff\u200b\u200c\u200d\u2060"
_SCHEME = re.compile(r"bearer\s+", re.IGNORECASE)


def clean_key(text: str) -> str:
    """Return the key in a pasted text: ``"Bearer psk_1"`` gives ``psk_1``.

    Takes away space, a pair of quotes, straight or typographic, and a leading
    ``Bearer``, in any order and number. What is inside the key stays as it is.
    """
    while (shorter := _without_one_layer(text)) != text:
        text = shorter
    return text


def _without_one_layer(text: str) -> str:
    text = text.strip().strip(_WITHOUT_WIDTH)
    if _is_quoted(text):
        return text[1:-1]
    scheme = _SCHEME.match(text)
    return text[scheme.end() :] if scheme else text


def _is_quoted(text: str) -> bool:
    if len(text) < 2:  # noqa: PLR2004 - one quote is no pair
        return False
    first, last = text[0], text[-1]
    if first in _PLAIN_QUOTES:
        return first == last
    return first in _TYPOGRAPHIC_QUOTES and last in _TYPOGRAPHIC_QUOTES
