"""How long a browser takes to draw a chart of many points, and to zoom into it.

Chromium draws in software here, as on no phone; the figure is for comparing releases.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

from playwright.async_api import Page, ViewportSize, async_playwright

from energy_logger_server import app
from energy_logger_server.config.load import build_settings
from energy_logger_server.domain.collecting.runs import Source
from energy_logger_server.web.pages.routes import BUILT_PAGES
from energy_logger_simulator.server import Simulator, serve
from energy_logger_simulator.settable_clock import SettableClock
from tests.launch.browser import NoBrowserError, find_browser

from .figure import Figure, at_most

_NOW = datetime(2026, 1, 4, 9, 9, tzinfo=UTC)
_VIEWPORT = ViewportSize(width=1440, height=900)
_TURNS = 5
_DRAW_GOAL_MS, _ZOOM_GOAL_MS = 500, 150

# the time from handing over the points, or from the click, to the frame that shows them
_DRAW_AND_ZOOM = """async ([points, height]) => {
  const painted = () => new Promise((resolve) =>
    requestAnimationFrame(() => setTimeout(resolve, 0)));
  const STEP_MS = 300_000;
  const times = Float64Array.from({length: points}, (_none, n) => n * STEP_MS);
  const values = Array.from(times, (_at, n) => 20 + 15 * Math.sin(n / 45) + n % 7);
  const chart = document.createElement('time-chart');
  chart.height = height;
  chart.zone = 'Australia/Brisbane';
  chart.limits = {from: 0, to: points * STEP_MS};
  const start = performance.now();
  chart.data = {times: [...times], lines: [{label: 'Price', unit: 'c/kWh', values,
    shape: 'step', dash: 'solid', colour: 'amber', digits: 1}]};
  document.body.prepend(chart);
  await chart.updateComplete;
  if (chart.shadowRoot.querySelector('canvas') === null) throw new Error('not drawn');
  await painted();
  const drawn = performance.now();
  chart.shadowRoot.querySelector('.tools button').click();
  await chart.updateComplete;
  await painted();
  const zoomed = performance.now();
  chart.remove();
  return [drawn - start, zoomed - drawn];
}"""


async def measure(folder: Path, points: int) -> Sequence[Figure]:
    """Draw a chart of so many points of 400 pixels' height, and zoom in once.

    The figures have no value where there is no browser, or no built pages.
    """
    turns = await _turns(folder, points)
    drawn, zoomed = zip(*turns, strict=True) if turns else ((), ())
    detail = (
        f"{points:,} points in Chromium, which draws in software, from handing them"
        f" over to the next frame, the median of {_TURNS} turns"
        if turns
        else "there is no Chromium here, or the pages are not built"
    )
    return [
        at_most(
            "a chart's first drawing in a browser",
            median(drawn) if drawn else None,
            (_DRAW_GOAL_MS, "ms"),
            detail,
        ),
        at_most(
            "zooming into that chart",
            median(zoomed) if zoomed else None,
            (_ZOOM_GOAL_MS, "ms"),
            detail,
        ),
    ]


async def _turns(folder: Path, points: int) -> list[list[float]]:
    if not (BUILT_PAGES / "index.html").exists():
        return []
    try:
        browser_path = find_browser()
    except NoBrowserError:
        return []
    clock = SettableClock(_NOW)
    async with serve(Simulator(now=clock.now)) as utilities:
        settings = build_settings(
            environment={
                "DATA_DIR": str(folder),
                "HOST": "127.0.0.1",
                "AMBER_ENABLED": "false",
                "KAMO_BASE_URL": f"{utilities}/kamo/api",
            }
        )
        async with (
            app.running(replace(settings, port=0), clock) as server,
            async_playwright() as playwright,
        ):
            # the module of charts is loaded by a page that has one
            await server.collecting.collect_now(Source.KAMO)
            browser = await playwright.chromium.launch(
                executable_path=browser_path,
                args=["--disable-gpu", "--disable-dev-shm-usage", "--no-proxy-server"],
                chromium_sandbox=False,
            )
            page = await browser.new_page(viewport=_VIEWPORT)
            await page.goto(f"http://127.0.0.1:{server.port}/#/inspector?area=OZEC")
            await page.locator("time-chart").first.wait_for()
            turns = [await _turn(page, points) for _turn_number in range(_TURNS)]
            await browser.close()
            return turns


async def _turn(page: Page, points: int) -> list[float]:
    took: Any = await page.evaluate(_DRAW_AND_ZOOM, [points, 400])
    return [float(one) for one in took]
