"""Logistic regression: the probability of an hour by what speaks for it."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, sumprod
from operator import mul

from .least_squares import solved

_PULL = 1.0
"""Pulls each weight but the first towards 0, as one observation against it would."""
_MOST_STEPS = 30
_CLOSE = 1e-6


@dataclass(frozen=True, slots=True)
class Logistic:
    """Weights of the terms; the first term is always 1."""

    weights: Sequence[float]

    def probability(self, terms: Sequence[float]) -> float:
        """Return the probability, 0 to 1."""
        return _share(sumprod(self.weights, terms))


def fit_logistic(
    rows: Sequence[Sequence[float]], are_peaks: Sequence[bool], weight: float
) -> Logistic:
    """Fit by Newton's method.

    Args:
        rows: Terms of each observation, at least one.
        are_peaks: What each turned out to be.
        weight: Of each observation; 1/3 where each is in there three times.
    """
    columns = [*zip(*rows, strict=True)]
    observed = [float(one) for one in are_peaks]
    weights = [0.0] * len(columns)
    for _step in range(_MOST_STEPS):
        expected = [_share(sumprod(weights, row)) for row in rows]
        left = [weight * (one - p) for one, p in zip(observed, expected, strict=True)]
        spread = [weight * p * (1 - p) for p in expected]
        slope: list[float] = []
        matrix: list[list[float]] = []
        for place, column in enumerate(columns):
            pull = _PULL if place else _CLOSE
            weighted = [*map(mul, column, spread)]
            row = [sumprod(weighted, columns[other]) for other in range(place + 1)]
            row[place] += pull
            matrix.append(row)
            slope.append(sumprod(column, left) - pull * weights[place])
        step = solved(matrix, slope)
        weights = [old + one for old, one in zip(weights, step, strict=True)]
        if max(map(abs, step)) < _CLOSE:
            break
    return Logistic(weights)


def _share(score: float) -> float:
    if score < 0:
        grown = exp(score)
        return grown / (1 + grown)
    return 1 / (1 + exp(-score))
