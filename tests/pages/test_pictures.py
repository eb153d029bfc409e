"""Pictures of pages, for the documents and for whoever judges how they look."""

import struct
from pathlib import Path

import pytest

from .conftest import Open
from .covered import COVERED, CoveredPage
from .doors import Door

WIDTH, HEIGHT = 1440, 980


@pytest.mark.parametrize("covered", COVERED, ids=lambda one: one.name)
async def test_a_picture_shows_a_complete_page(
    doors: dict[str, Door], visit: Open, photographs: Path, covered: CoveredPage
):
    size = {"width": WIDTH, "height": HEIGHT}
    seen = await visit(doors["direct"], viewport=size)
    await seen.go(covered.address)
    await seen.page.get_by_text(covered.shows).first.wait_for()
    await seen.settled()

    picture = photographs / f"{covered.name}.png"
    await seen.page.screenshot(path=picture)

    png = picture.read_bytes()
    assert struct.unpack(">II", png[16:24]) == (WIDTH, HEIGHT)
    # nothing but a background is a tenth of that
    assert len(png) > 20_000
