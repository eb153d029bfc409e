"""What an export reads of a store, and tables that it reads."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import chain
from typing import Any

from tests.server.store.material import (
    table_of,
)

ALL_TIME = (0, 2**40)
HOUR = timedelta(hours=1)


def column(blocks: Iterable[Any], name: str) -> list[Any]:
    return list(chain.from_iterable(getattr(block, name) for block in blocks))


def table(at: datetime, loads: dict[str, Any], area_id: int = 1) -> Any:
    raw: dict[str, Any] = {
        "Id": area_id,
        "areaLoadData": [
            {"name": name, "kw": kw, "kvar": -1.5, "pf": -0.86, "quality": False}
            for name, kw in loads.items()
        ],
    }
    return table_of(raw, area_id, at=at)
