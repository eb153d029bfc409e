"""The predecessors' tables that are adopted, with their columns.

Source: the public repositories of both, as of their last commits.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Predecessor:
    """A program that came before.

    Attributes:
        name: Of the program.
        columns: Of its tables that are adopted, by table.
        required: Those of them that its rows cannot do without, by table.
        indexes: Columns to find rows by, by table.
    """

    name: str
    columns: Mapping[str, tuple[str, ...]]
    required: Mapping[str, frozenset[str]]
    indexes: Mapping[str, str]


KAMO_LOAD_LOGGER = Predecessor(
    "kamo-load-logger",
    {
        "cooperatives": ("id", "name", "abbreviation"),
        "load_data": ("id", "area_id", "timestamp", "load_kw", "created_at"),
        "substation_snapshots": (
            "id", "area_id", "snapshot_time", "substation_name", "kw", "kvar", "pf",
            "quality", "quality_now",
        ),
    },
    {
        "cooperatives": frozenset({"id", "name"}),
        "load_data": frozenset({"area_id", "timestamp", "load_kw"}),
        "substation_snapshots": frozenset(
            {"area_id", "snapshot_time", "substation_name", "kw"}
        ),
    },
    {
        "load_data": "timestamp",
        "substation_snapshots": "area_id, snapshot_time",
    },
)  # fmt: skip

AMBER_HOME = Predecessor(
    "amber-home",
    {
        "sites": ("id", "nmi"),
        "price_data": (
            "id", "site_id", "nem_time", "end_time", "duration", "channel_type",
            "per_kwh", "spot_per_kwh", "renewables", "spike_status", "descriptor",
            "estimate", "var_date", "created_at",
        ),
        "usage_data": (
            "id", "site_id", "nem_time", "end_time", "duration", "channel_id",
            "channel_type", "kwh", "cost", "quality", "descriptor", "var_date",
            "created_at",
        ),
    },
    {
        "sites": frozenset({"id", "nmi"}),
        "price_data": frozenset({"site_id", "nem_time", "channel_type", "per_kwh"}),
        "usage_data": frozenset({"site_id", "nem_time", "channel_type", "kwh"}),
    },
    {"price_data": "id", "usage_data": "id"},
)  # fmt: skip
