"""What was wrong with substations, and what was decided on their spikes; no views."""

from energy_logger_server.store.codec.scale import E1

from .columns import ReadableTable, day, number, text, time, truth

SUBSTATION_HEALTH = (
    ReadableTable(
        name="substation_faults",
        description="What was wrong with substations and their readings.",
        table="substation_fault",
        source="substation_fault t JOIN area a ON a.id = t.area_id"
        " LEFT JOIN substation p ON p.id = t.substation_id",
        columns=(
            number("id", "t.id", is_key=True),
            number("area_id", "t.area_id"),
            text("area", "a.abbreviation"),
            text("substation", "p.name"),
            text("fault", "t.fault"),
            time("began_at", "t.began_at"),
            time("ended_at", "t.ended_at"),
            number("value", "t.value_e1", E1),
        ),
        key=("t.id",),
        default_sort="id",
        has_view=False,
    ),
    ReadableTable(
        name="peak_reviews",
        description="Whether a substation's spike counts as its month's peak.",
        table="peak_review",
        source="peak_review t CROSS JOIN substation p CROSS JOIN area a",
        joined="p.id = t.substation_id AND a.id = p.area_id",
        columns=(
            number("substation_id", "t.substation_id", is_key=True),
            text("area", "a.abbreviation"),
            text("substation", "p.name"),
            day("day", "t.day", is_key=False),
            truth("counts", "t.counts"),
            text("note", "t.note"),
            time("reviewed_at", "t.reviewed_at"),
        ),
        key=("t.substation_id", "t.day"),
        default_sort="substation_id",
        has_view=False,
    ),
)
