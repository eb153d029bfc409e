"""The figures of a run as a picture: how much of what is allowed each one takes."""

from collections.abc import Iterator, Sequence
from html import escape

from .figure import Figure

_LINE, _BAR, _TEXT = 22, 12, 13
_LEFT, _WIDTH, _RIGHT = 560, 300, 110
_MOST = 2.0
"""Bars end here; the number behind them goes on."""

_LONGEST = 84
"""Characters of a name."""

_MET, _NOT_MET = "#2e7d32", "#c62828"


def plot(figures: Sequence[Figure]) -> str:
    """Return an SVG with a bar for each figure that has a goal, and a line at it."""
    shown = [one for one in figures if one.share_of_goal is not None]
    height = _LINE * len(shown) + 30
    goal = _LEFT + _WIDTH / _MOST
    return "\n".join(
        (
            _head(_LEFT + _WIDTH + _RIGHT, height),
            '<rect width="100%" height="100%" fill="#ffffff"/>',
            *(
                part
                for number, one in enumerate(shown)
                for part in _bar(one, number * _LINE)
            ),
            _dashes(goal, height - 22),
            f'<text x="{goal}" y="{height - 8}" text-anchor="middle">the goal</text>',
            "</svg>\n",
        )
    )


def _bar(figure: Figure, top: float) -> Iterator[str]:
    share = figure.share_of_goal or 0.0
    width = min(share, _MOST) / _MOST * _WIDTH
    middle = top + _LINE / 2
    name = escape(figure.name if len(figure.name) <= _LONGEST else _cut(figure.name))
    yield (
        f'<text x="{_LEFT - 8}" y="{middle + 4}" text-anchor="end">{name}</text>'
        f'<rect x="{_LEFT}" y="{middle - _BAR / 2}" width="{width:.1f}"'
        f' height="{_BAR}" fill="{_MET if figure.is_met else _NOT_MET}"/>'
        f'<text x="{_LEFT + width + 6:.1f}" y="{middle + 4}">'
        f"{figure.value:.3g} {escape(figure.unit)}</text>"
    )


def _head(width: int, height: int) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}"'
        f' font-family="sans-serif" font-size="{_TEXT}">'
    )


def _dashes(left: float, height: int) -> str:
    return (
        f'<line x1="{left}" x2="{left}" y1="0" y2="{height}" stroke="#212121"'
        ' stroke-dasharray="4 3"/>'
    )


def _cut(name: str) -> str:
    return f"{name[: _LONGEST - 1].rstrip()}…"
