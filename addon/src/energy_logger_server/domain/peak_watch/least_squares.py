"""Linear regression by sums that grow with the data."""

from collections.abc import Sequence
from math import sqrt, sumprod

_RIDGE = 1e-3
"""Keeps a term without any variation from blowing up; far below what data add."""


class Sums:
    """Sums of products of terms, and of terms with the value: all a fit needs.

    Attributes:
        rows: How many observations were added.
    """

    __slots__ = ("_of_value", "_products", "_squares", "rows")

    def __init__(self, terms: int) -> None:
        self.rows = 0
        self._products = [[0.0] * (place + 1) for place in range(terms)]
        self._of_value = [0.0] * terms
        self._squares = 0.0

    def add(self, rows: Sequence[Sequence[float]], values: Sequence[float]) -> None:
        """Add observations: the terms of each, and its value."""
        columns = [*zip(*rows, strict=True)]
        for place, column in enumerate(columns):
            sums = self._products[place]
            for other in range(place + 1):
                sums[other] += sumprod(column, columns[other])
            self._of_value[place] += sumprod(column, values)
        self._squares += sumprod(values, values)
        self.rows += len(values)

    def fit(self) -> tuple[Sequence[float], float]:
        """Return the weight of each term and the standard deviation of what is left."""
        matrix = [row[:] for row in self._products]
        for place, row in enumerate(matrix):
            row[place] += _RIDGE
        weights = solved(matrix, self._of_value)
        left = self._squares - sumprod(weights, self._of_value)
        return weights, sqrt(max(left, 0.0) / max(self.rows, 1))


def solved(
    matrix: Sequence[Sequence[float]], right: Sequence[float]
) -> Sequence[float]:
    """Solve a symmetric positive definite system of equations by Cholesky.

    Args:
        matrix: Its lower triangle, a row as long as its number.
        right: The right-hand side.
    """
    lower: list[list[float]] = []
    forward: list[float] = []
    for place, row in enumerate(matrix):
        made: list[float] = []
        for other in range(place):
            known = lower[other]
            made.append((row[other] - sumprod(made, known[:other])) / known[other])
        made.append(sqrt(row[place] - sumprod(made, made)))
        lower.append(made)
        forward.append((right[place] - sumprod(made[:place], forward)) / made[place])
    weights = [0.0] * len(forward)
    for place in reversed(range(len(forward))):
        behind = range(place + 1, len(forward))
        rest = sum(lower[other][place] * weights[other] for other in behind)
        weights[place] = (forward[place] - rest) / lower[place][place]
    return weights
