"""What holds for every page, however it is looked at."""

import json
import struct
from pathlib import Path
from typing import Any, Literal

import pytest

from .conftest import Open, Visit
from .covered import COVERED, CoveredPage
from .entry_points import ENTRY_POINTS, EntryPoint

WIDTHS = (320, 768, 1440)
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
HEIGHT = 900
PICTURE_WIDTH, PICTURE_HEIGHT = 1440, 980
SERIOUS = {"serious", "critical"}

_ROOT = Path(__file__).parents[2]
_AXE = _ROOT / "addon" / "web" / "node_modules" / "axe-core" / "axe.min.js"


async def _violations(visit: Visit) -> list[str]:
    """Return what axe finds serious or critical."""
    found: list[dict[str, Any]] = await visit.page.evaluate(
        """async () => {
          const {violations} = await axe.run(document, {resultTypes: ['violations']});
          return violations.map(({id, impact, nodes}) => ({id, impact,
            where: nodes.map((node) => [node.target, node.failureSummary])}));
        }"""
    )
    return [json.dumps(one, indent=1) for one in found if one["impact"] in SERIOUS]


async def _scrolls_sideways(visit: Visit) -> bool:
    wide: bool = await visit.page.evaluate(
        "document.documentElement.scrollWidth > window.innerWidth"
    )
    return wide


async def _take_picture(visit: Visit, picture: Path) -> None:
    """Keep how a page looks, for the documents and for whoever judges it."""
    await visit.page.set_viewport_size(
        {"width": PICTURE_WIDTH, "height": PICTURE_HEIGHT}
    )
    await visit.page.emulate_media(color_scheme="light")
    await visit.settled()
    png = await visit.page.screenshot(path=picture)
    assert struct.unpack(">II", png[16:24]) == (PICTURE_WIDTH, PICTURE_HEIGHT)
    # nothing but a background is a tenth of that
    assert len(png) > 20_000


@pytest.mark.parametrize("covered", COVERED, ids=lambda one: one.name)
@pytest.mark.parametrize("way", ENTRY_POINTS)
async def test_a_page_holds_at_every_width_in_both_themes_through_every_entry_point(
    entry_points: dict[str, EntryPoint],
    visit: Open,
    photographs: Path,
    way: str,
    covered: CoveredPage,
):
    seen = await visit(
        entry_points[way], viewport={"width": WIDTHS[0], "height": HEIGHT}
    )
    await seen.go(covered.address)
    await seen.page.get_by_text(covered.shows).first.wait_for()
    if way == "direct":
        await seen.page.evaluate(_AXE.read_text())

    for width in WIDTHS:
        await seen.page.set_viewport_size({"width": width, "height": HEIGHT})
        for scheme in SCHEMES:
            await seen.page.emulate_media(color_scheme=scheme)
            await seen.settled()
            look = f"{way} {width} {scheme}"
            assert not await _scrolls_sideways(seen), look
            # axe sees the same through each of them; what a theme can change, the
            # contrast of colours, is the same at every width
            if way == "direct" and (scheme == "light" or width == WIDTHS[-1]):
                assert await _violations(seen) == [], look
    if way == "direct":
        await _take_picture(seen, photographs / f"{covered.name}.png")

    assert seen.problems == []
