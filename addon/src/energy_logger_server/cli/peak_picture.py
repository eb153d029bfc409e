"""The trade-off of the peak watch as a picture: peaks caught by hours announced."""

from collections.abc import Iterator, Sequence
from html import escape

from energy_logger_server.domain.peak_watch.rule import BillingPeriod
from energy_logger_server.domain.peak_watch.trade_off import Line

_WIDTH, _HEIGHT = 760, 460
_LEFT, _TOP, _RIGHT, _BOTTOM = 64, 48, 24, 56
_SVG = "http://www.w3.org/2000/svg"
_COLOURS = ("#1f6feb", "#bf5700", "#57606a")
_STEP_HOURS = 5
_STEP_SHARE = 20


def picture(title: str, lines: Sequence[Line], period: BillingPeriod) -> str:
    """Return an SVG document.

    Each point is a budget or a rule: to the right the announced hours of a month or
    season on average, upwards the share of the peaks that were caught.
    """
    most = max(
        (point.mean_hours for line in lines for _name, point in line.points),
        default=0.0,
    )
    hours = max(_STEP_HOURS, -(-int(most + 1) // _STEP_HOURS) * _STEP_HOURS)
    size = f"0 0 {_WIDTH} {_HEIGHT}"
    parts = [
        f'<svg xmlns="{_SVG}" viewBox="{size}" font-family="sans-serif" role="img">',
        f"<title>{escape(title)}</title>",
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="#fff"/>',
        f'<text x="{_LEFT}" y="26" font-size="16">{escape(title)}</text>',
        *_axes(hours, period),
    ]
    for line, colour in zip(lines, _COLOURS, strict=False):
        parts += _line(line, colour, hours)
    parts += _legend(lines)
    return "\n".join([*parts, "</svg>\n"])


def _x(hours: float, most: int) -> float:
    return _LEFT + (_WIDTH - _LEFT - _RIGHT) * hours / most


def _y(share: float) -> float:
    return _HEIGHT - _BOTTOM - (_HEIGHT - _TOP - _BOTTOM) * share


def _axes(most: int, period: BillingPeriod) -> Iterator[str]:
    for hours in range(0, most + 1, _STEP_HOURS):
        x = _x(hours, most)
        yield f'<path d="M{x:.1f} {_y(0):.1f}V{_y(1):.1f}" stroke="#e4e4e4"/>'
        yield _text(x, _y(0) + 18, str(hours), "middle")
    for percent in range(0, 101, _STEP_SHARE):
        y = _y(percent / 100)
        yield f'<path d="M{_LEFT} {y:.1f}H{_WIDTH - _RIGHT}" stroke="#e4e4e4"/>'
        yield _text(_LEFT - 8, y + 4, f"{percent} %", "end")
    middle = (_LEFT + _WIDTH - _RIGHT) / 2
    name = f"announced hours a {period}, on average"
    yield _text(middle, _HEIGHT - 16, name, "middle")
    yield _text(_LEFT, _TOP - 6, "peaks caught", "start")


def _line(line: Line, colour: str, most: int) -> Iterator[str]:
    places = [
        (_x(point.mean_hours, most), _y(point.caught_share), name)
        for name, point in line.points
    ]
    if line.is_curve:
        way = "L".join(f"{x:.1f} {y:.1f}" for x, y, _name in places)
        yield f'<path d="M{way}" fill="none" stroke="{colour}" stroke-width="2"/>'
    for x, y, name in places:
        yield (
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{colour}">'
            f"<title>{escape(name)}</title></circle>"
        )


def _legend(lines: Sequence[Line]) -> Iterator[str]:
    y = _y(0) - 14 - 18 * len(lines)
    for line, colour in zip(lines, _COLOURS, strict=False):
        y += 18
        x = _WIDTH - _RIGHT - 180
        yield f'<circle cx="{x}" cy="{y - 4:.1f}" r="4" fill="{colour}"/>'
        yield _text(x + 12, y, line.name, "start")


def _text(x: float, y: float, text: str, anchor: str) -> str:
    place = f'x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"'
    return f'<text {place} font-size="13">{escape(text)}</text>'
