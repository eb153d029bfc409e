"""A probability as a word."""

from enum import StrEnum

_LIKELY = 0.2
_POSSIBLE = 0.02


class Likelihood(StrEnum):
    """A probability as a word, for where a number would say too much.

    ``unlikely``: below 2 in 100; ``likely``: from 20 in 100 on; ``possible``: between,
    or not known.
    """

    UNLIKELY = "unlikely"
    POSSIBLE = "possible"
    LIKELY = "likely"

    @classmethod
    def of(cls, probability: float | None) -> "Likelihood":
        """Return the word for a probability; None is one that nobody knows."""
        if probability is None or _POSSIBLE <= probability < _LIKELY:
            return cls.POSSIBLE
        return cls.LIKELY if probability >= _LIKELY else cls.UNLIKELY
