"""How much a browser has to fetch before the first page stands."""

import gzip
from typing import Any

from .conftest import Open
from .entry_points import EntryPoint

_MOST_BYTES = 100_000


async def test_the_first_page_weighs_less_than_100_kb(
    entry_points: dict[str, EntryPoint], visit: Open
):
    seen = await visit(entry_points["direct"])
    fetched: list[Any] = []
    seen.page.on("response", lambda one: fetched.append(one))  # noqa: PLW0108 - takes no bound method
    await seen.go("")
    await seen.page.get_by_text("of this month's peak").wait_for()

    files = [one for one in fetched if "/api/" not in one.url]
    packed = [len(gzip.compress(await one.body())) for one in files]

    assert any("now_page" in one.url for one in files)
    assert sum(packed) < _MOST_BYTES
