"""The time axis in both nights of changing clocks, wherever the browser is."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from .conftest import SYDNEY, Open
from .entry_points import EntryPoint

CHICAGO = "America/Chicago"

_LABELS = """([zone, from, to]) => new Promise((resolve) => {
  const told = new Set();
  const draw = CanvasRenderingContext2D.prototype.fillText;
  CanvasRenderingContext2D.prototype.fillText = function (text, ...rest) {
    if (/^\\d\\d:00/.test(text)) told.add(text);
    return draw.call(this, text, ...rest);
  };
  const chart = document.createElement('time-chart');
  const times = [];
  for (let at = from; at < to; at += 3_600_000) times.push(at);
  chart.zone = zone;
  chart.limits = {from, to: to - 1};
  chart.data = {times, lines: [{label: 'Load', unit: 'kW', values: times.map(() => 1),
    shape: 'line', dash: 'solid', colour: 'kamo', digits: 0}]};
  document.body.prepend(chart);
  const look = () => {
    if (told.size === 0) return requestAnimationFrame(look);
    chart.remove();
    CanvasRenderingContext2D.prototype.fillText = draw;
    resolve([...told]);
  };
  look();
})"""


def _span_ms(zone: str, *date: int) -> list[float]:
    year, month, day = date
    nights = [datetime(year, month, day + n, tzinfo=ZoneInfo(zone)) for n in (0, 1)]
    return [night.astimezone(UTC).timestamp() * 1000 for night in nights]


@pytest.mark.parametrize("reader", [SYDNEY, CHICAGO])
async def test_nights_of_changing_clocks_have_all_their_hours_labelled(
    entry_points: dict[str, EntryPoint], visit: Open, reader: str
):
    seen = await visit(
        entry_points["direct"],
        timezone_id=reader,
        locale="en-GB",
        viewport={"width": 1920, "height": 900},
    )
    await seen.go("now")
    await seen.page.locator("time-chart").first.wait_for()

    async def labels(zone: str, *date: int) -> set[str]:
        asked = [zone, *_span_ms(zone, *date)]
        told: list[str] = await seen.page.evaluate(_LABELS, asked)
        return set(told)

    spring, autumn = (
        await labels(CHICAGO, 2026, 3, 8),
        await labels(CHICAGO, 2026, 11, 1),
    )
    assert len(spring) == 23
    assert "02:00" not in spring
    assert len(autumn) == 25
    assert {"01:00 CDT", "01:00 CST"} < autumn
    spring, autumn = await labels(SYDNEY, 2026, 10, 4), await labels(SYDNEY, 2026, 4, 5)
    assert len(spring) == 23
    assert "02:00" not in spring
    assert len(autumn) == 25
    assert {"02:00 GMT+11", "02:00 GMT+10"} < autumn
