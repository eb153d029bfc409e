"""How far long work is, told as it goes on."""

from collections.abc import Callable

type Step = Callable[[float], None]
"""Is told how much is done, 0 to 1; what it raises ends the work."""


def untold(_share: float) -> None:
    """Tell nobody."""
