"""The benchmark of drawing in a browser runs; how fast it was is not judged here."""

from pathlib import Path

from tests.bench.chart_in_browser import measure


async def test_a_first_drawing_and_a_zoom_are_timed(tmp_path: Path):
    drawn, zoomed = await measure(tmp_path, points=500)

    assert drawn.value is not None
    assert drawn.value > 0
    assert zoomed.value is not None
    assert zoomed.value > 0
    assert "500 points" in drawn.detail
