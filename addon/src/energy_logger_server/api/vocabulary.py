"""Words of the utilities that this version does not know.

They are kept as text. Each is reported once per process, so that a developer hears of
a new one and a log does not fill with it.
"""

import logging

_LOGGER = logging.getLogger(__name__)
_LONGEST_SHOWN = 60
# a source that sends noise would otherwise fill the memory
_MOST_REPORTED = 500
_reported: set[tuple[str, str]] = set()


def report_unknown_word(kind: str, word: str) -> None:
    """Log a word of an upstream enumeration, unless that has been done.

    Args:
        kind: Upstream's name of the field.
        word: What upstream sent, never a whole record.
    """
    shown = repr(word[:_LONGEST_SHOWN])[:_LONGEST_SHOWN]
    if (kind, shown) in _reported or len(_reported) >= _MOST_REPORTED:
        return
    _reported.add((kind, shown))
    _LOGGER.warning("Unknown %s, kept as it is: %s", kind, shown)
