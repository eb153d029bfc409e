"""Chance that changes smoothly with time, for weather and loads."""

from functools import lru_cache
from math import floor

from energy_logger_simulator.keyed_hash import Draw, draw

stream = lru_cache(maxsize=4096)(draw)
"""The stream of a seed and a tag, as `draw` makes it, kept once made."""


def signed(uniform: Draw, index: int) -> float:
    """Return a number in [-1, 1) that belongs to an index."""
    return 2.0 * uniform(index) - 1.0


def wave(uniform: Draw, position: float) -> float:
    """Return a number in [-1, 1) that changes without jumps.

    At whole positions it is `signed`, in between it runs straight.
    """
    index = floor(position)
    begin, end = signed(uniform, index), signed(uniform, index + 1)
    return begin + (end - begin) * (position - index)
