"""Randomness that is a pure function: the same on every machine, in every process."""

from collections.abc import Callable
from hashlib import blake2b

_MASK = 0xFFFF_FFFF_FFFF_FFFF
_GOLDEN = 0x9E37_79B9_7F4A_7C15
_MIX_1 = 0xBF58_476D_1CE4_E5B9
_MIX_2 = 0x94D0_49BB_1331_11EB
_TO_UNIT = 2.0**-53

type Draw = Callable[[int], float]
"""Maps an index of any size and sign to a number in [0, 1)."""


def draw(seed: int, tag: str) -> Draw:
    """Return the stream of uniform numbers that belongs to a seed and a tag.

    The index is mixed by splitmix64, which costs well under a microsecond. Two tags
    give independent streams.
    """
    key = int.from_bytes(blake2b(f"{seed}/{tag}".encode(), digest_size=8).digest())

    def uniform(index: int) -> float:
        mixed = (key + index * _GOLDEN) & _MASK
        mixed = ((mixed ^ (mixed >> 30)) * _MIX_1) & _MASK
        mixed = ((mixed ^ (mixed >> 27)) * _MIX_2) & _MASK
        return ((mixed ^ (mixed >> 31)) >> 11) * _TO_UNIT

    return uniform


def shuffled_order(uniform: Draw, count: int) -> list[int]:
    """Return the indices 0 to ``count - 1`` in an order that only the draw decides."""
    return sorted(range(count), key=uniform)
