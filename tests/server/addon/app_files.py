"""The files of the app that its tests read."""

from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[3]
ADDON = ROOT / "addon"


def read_yaml(path: Path) -> Any:
    """Return what a file says."""
    return yaml.safe_load(path.read_text())


def manifest() -> dict[str, Any]:
    """Return the app's manifest."""
    read = read_yaml(ADDON / "config.yaml")
    assert isinstance(read, dict)
    return read
