"""What the peak watch said, and how far it is; neither has a view."""

from energy_logger_server.store.codec.scale import E4

from .columns import IndexRange, ReadableTable, day, number, text, time, truth

_HOUR_S = 3600

PEAKS = (
    ReadableTable(
        name="peak_announcements",
        description="Hours that the peak watch announced as likely peaks.",
        table="peak_announcement",
        source="peak_announcement t CROSS JOIN area a",
        joined="a.id = t.area_id",
        columns=(
            number("area_id", "t.area_id", is_key=True),
            text("area", "a.abbreviation"),
            time(
                "hour_at",
                f"t.hour * {_HOUR_S}",
                order=("t.hour",),
                index_range=IndexRange("t.hour", _HOUR_S),
            ),
            time("announced_at", f"t.announced_in * {_HOUR_S}"),
            time("withdrawn_at", f"t.withdrawn_in * {_HOUR_S}"),
            number("probability", "t.probability_e4", E4),
            day("period", "t.period_day", is_key=False),
        ),
        key=("t.hour", "t.area_id"),
        default_sort="hour_at",
        has_view=False,
    ),
    ReadableTable(
        name="peak_watch",
        description="How far the peak watch of an area is.",
        table="peak_watch",
        source="peak_watch t CROSS JOIN area a",
        joined="a.id = t.area_id",
        columns=(
            number("area_id", "t.area_id", is_key=True),
            text("area", "a.abbreviation"),
            time("looked_to", f"t.looked_to * {_HOUR_S}"),
            truth("is_open", "t.is_open"),
            truth("is_trained", "t.is_trained"),
            truth("is_probability_shown", "t.is_probability_shown"),
        ),
        key=("t.area_id",),
        default_sort="area_id",
        has_view=False,
    ),
)
