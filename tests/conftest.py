"""The order of tests, in every lane."""

import pytest

_LONG_S = 90
"""A test that may take longer than this is one that does take long."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes long, so that no core waits for it at the end."""
    items.sort(key=lambda item: -_limit_s(item) if _limit_s(item) > _LONG_S else 0)


def _limit_s(item: pytest.Item) -> float:
    marker = item.get_closest_marker("timeout")
    return float(marker.args[0]) if marker else 0.0
