"""How far long work is, reported as it goes on."""

from collections.abc import Callable

type Step = Callable[[float], None]
"""Called with the share that is done, 0 to 1; what it raises ends the work."""


def ignore_progress(_share: float) -> None:
    """Tell nobody."""
