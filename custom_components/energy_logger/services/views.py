"""A dashboard of what an entry shows, of Home Assistant's own cards; pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from homeassistant.util.json import JsonObjectType, JsonValueType

_RED, _AMBER, _GREEN = "#db4437", "#ffa600", "#43a047"
_GAUGES: Final[Mapping[str, JsonObjectType]] = {
    "general_price": {
        "min": 0,
        "max": 0.6,
        "segments": [
            {"from": 0, "color": _GREEN},
            {"from": 0.3, "color": _AMBER},
            {"from": 0.45, "color": _RED},
        ],
    },
    "feed_in_price": {
        "min": -0.1,
        "max": 0.3,
        "segments": [
            {"from": -0.1, "color": _RED},
            {"from": 0, "color": _AMBER},
            {"from": 0.08, "color": _GREEN},
        ],
    },
}
"""Prices with a gauge: its range and where its colors begin, AUD/kWh."""

_TILES: Final[Mapping[str, str]] = {
    "general_price_descriptor": "amber",
    "price_spike": "red",
    "demand_window": "red",
    "controlled_load_price": "amber",
    "renewables": "green",
    "import_yesterday": "orange",
    "cost_yesterday": "orange",
    "export_yesterday": "green",
    "earnings_yesterday": "green",
    "load": "deep-purple",
    "peak_today": "deep-purple",
    "peak_likely": "red",
    "peak_likelihood": "red",
    "month_peak": "deep-purple",
    "headroom": "teal",
    "collector_problem": "red",
    "database_size": "blue-grey",
}
"""Entities with a tile, in the order of the tiles, and its color."""

_GRAPHED: Final = (
    "general_price",
    "controlled_load_price",
    "feed_in_price",
    "load",
    "headroom",
)
"""Measurements with a graph of two days."""


@dataclass(frozen=True, slots=True)
class ShownEntity:
    """An entity that may be shown.

    Attributes:
        entity_id: By which Home Assistant knows it now.
        key: What it shows, as in its translations.
        name: Of it alone, without its device's.
    """

    entity_id: str
    key: str
    name: str

    @property
    def named(self) -> JsonObjectType:
        """How a card names it below the heading of its device."""
        return {"entity": self.entity_id, "name": self.name}


@dataclass(frozen=True, slots=True)
class ShownDevice:
    """A device with the entities that may be shown.

    Attributes:
        name: What its user calls it.
        entities: In any order.
    """

    name: str
    entities: Sequence[ShownEntity]


def dashboard(title: str, devices: Iterable[ShownDevice]) -> JsonObjectType:
    """Return the configuration of a dashboard: a section for every device.

    Args:
        title: Of the dashboard.
        devices: In the order of their sections; one with nothing to show gets none.
    """
    sections: list[JsonValueType] = [
        {"type": "grid", "cards": [_heading(device.name), *cards]}
        for device in devices
        if (cards := _cards(device))
    ]
    return {
        "title": title,
        "views": [
            {
                "title": title,
                "path": "energy",
                "type": "sections",
                "max_columns": 3,
                "sections": sections,
            }
        ],
    }


def _cards(device: ShownDevice) -> list[JsonValueType]:
    """Return gauges, tiles and a graph of what is there."""
    by_key = {one.key: one.named for one in device.entities}
    gauges: list[JsonValueType] = [
        {
            "type": "gauge",
            **by_key[key],
            "needle": True,
            **scale,
            "grid_options": {"columns": 6, "rows": 3},
        }
        for key, scale in _GAUGES.items()
        if key in by_key
    ]
    tiles: list[JsonValueType] = [
        {"type": "tile", **by_key[key], "color": color}
        for key, color in _TILES.items()
        if key in by_key
    ]
    graphed: list[JsonValueType] = [by_key[key] for key in _GRAPHED if key in by_key]
    graph: JsonObjectType = {
        "type": "statistics-graph",
        "entities": graphed,
        "days_to_show": 2,
        "period": "hour",
        "stat_types": ["mean"],
        "chart_type": "line",
        "grid_options": {"columns": 12, "rows": 5},
    }
    return [*gauges, *tiles, *([graph] if graphed else [])]


def _heading(name: str) -> JsonObjectType:
    return {"type": "heading", "heading": name}
