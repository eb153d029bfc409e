"""The time axis in both nights of changing clocks, wherever the browser is."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from .conftest import SYDNEY, Open
from .doors import Door

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
  const look = () => told.size > 0 ? resolve([...told]) : requestAnimationFrame(look);
  look();
})"""


@pytest.mark.parametrize("reader", [SYDNEY, CHICAGO])
@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        (CHICAGO, (2026, 3, 8), 23),
        (CHICAGO, (2026, 11, 1), 25),
        (SYDNEY, (2026, 10, 4), 23),
        (SYDNEY, (2026, 4, 5), 25),
    ],
)
async def test_a_night_of_changing_clocks_has_all_its_hours_labelled(
    doors: dict[str, Door],
    visit: Open,
    reader: str,
    zone: str,
    day: tuple[int, int, int],
    hours: int,
):
    seen = await visit(
        doors["direct"],
        timezone_id=reader,
        locale="en-GB",
        viewport={"width": 1920, "height": 900},
    )
    await seen.go("now")
    await seen.page.locator("time-chart").first.wait_for()
    year, month, date = day
    start = datetime(year, month, date, tzinfo=ZoneInfo(zone)).astimezone(UTC)
    end = datetime(year, month, date + 1, tzinfo=ZoneInfo(zone)).astimezone(UTC)
    span = [start.timestamp() * 1000, end.timestamp() * 1000]

    labels = await seen.page.evaluate(_LABELS, [zone, *span])

    assert len(labels) == hours
    assert ("02:00" in labels) == (hours == 25 and zone == CHICAGO)
