"""SQL that writes the tables of intervals."""

from collections.abc import Mapping, Sequence

from sqlalchemy import Table

from energy_logger_server.store.codec.intervals import IntervalRow, PriceRow, UsageRow
from energy_logger_server.store.db.query import (
    Query,
    columns_of,
    fields_of,
    insert_into,
    upsert_into,
)
from energy_logger_server.store.db.wide_insert import WideInsert
from energy_logger_server.store.ledger.days import DayMinutes
from energy_logger_server.store.schema.amber import (
    PRICE,
    PRICE_HOUR,
    USAGE,
    USAGE_HOUR,
)

type Days = tuple[int, int, int]
"""series_id, and where its whole NEM days begin and end, epoch seconds."""

KEY = ("series_id", "end_at", "duration_minutes")
"""What identifies an interval in every table of them but the archive."""

FETCHED_COLUMNS = columns_of(PriceRow, "t.").replace(
    "t.known_at", "t.fetched_at AS known_at"
)
"""SQL: a ``PriceRow`` of the archive, known from the fetch by which it is filed."""

_ORDER_OF_DAYS = ("series", "begin", "end")
_HOURS_OF_DAYS = "series_id = :series AND hour >= :begin / 3600 AND hour < :end / 3600"
_HOUR_ORIGIN = ("run_id", "change_id")
_BLOCK_COLUMNS = ("series_id", "duration_minutes")
_ORIGIN_COLUMNS = ("run_id", "known_at", "extra")


def delete_from(table: str) -> Query[tuple[()]]:
    """Return a deletion of intervals by their key."""
    is_it = " AND ".join(f"{name} = :{name}" for name in KEY)
    return Query(f"DELETE FROM {table} WHERE {is_it}", KEY)


class IntervalStatements[Row: IntervalRow]:
    """What writes one kind of settled intervals and its rollups.

    Attributes:
        in_days: Rows that begin in ``Days``; parameters series, begin, the last end
            that such a row can have, end.
        insert: New rows.
        insert_block: The same, of a block: the repeated columns as in a block.
        upsert: Rows that replace those of their keys.
        delete: Rows by key.
        upsert_hours: Hours, if they came out otherwise than before: series_id, run_id
            and change_id, then hours and sums.
        delete_hours: The hours of ``Days``.
        count_days: Counts days of hours; the run, then ``Days``.
        minutes_of_days: Minutes by NEM day; series, first and last day.
    """

    def __init__(
        self,
        row: type[Row],
        tables: tuple[Table, Table],
        repeated: Sequence[str],
        day_sums: Mapping[str, str],
        may_change: str,
    ) -> None:
        """Declare them.

        Args:
            row: Of the table.
            tables: The rows, and their hours.
            repeated: Columns that all rows of a block share, in a block's order.
            day_sums: How each figure of a day follows from its hours.
            may_change: SQL, how many minutes of a day may still be revised.
        """
        table, hours = tables
        # the ends find them by the key, the starts say which are meant
        start = "end_at - duration_minutes * 60"
        self.in_days = Query(
            f"SELECT {columns_of(row)} FROM {table.name}"
            " WHERE series_id = :series AND end_at > :begin AND end_at <= :last_end"
            f" AND {start} >= :begin AND {start} < :end",
            ("series", "begin", "last_end", "end"),
            row=row,
        )
        self.insert = insert_into(table, fields_of(row))
        self.insert_block = WideInsert(table, repeated)
        self.upsert = upsert_into(table, fields_of(row))
        self.delete = delete_from(table.name)
        # hours that came out as before are no change: nobody needs to hear of them
        self.upsert_hours = WideInsert(
            hours, ("series_id", *_HOUR_ORIGIN), overwrites=True, origin=_HOUR_ORIGIN
        )
        self.delete_hours = Query(
            f"DELETE FROM {hours.name} WHERE {_HOURS_OF_DAYS}", _ORDER_OF_DAYS
        )
        self.count_days = Query(
            _days_sql(table.name, day_sums), ("run", *_ORDER_OF_DAYS)
        )
        self.minutes_of_days = Query(
            f"SELECT day, minutes AS present, {may_change} AS estimated"
            f" FROM {table.name}_day"
            " WHERE series_id = :series AND day >= :first AND day <= :last",
            ("series", "first", "last"),
            row=DayMinutes,
        )


def _days_sql(kind: str, sums: Mapping[str, str]) -> str:
    of_hours = ", ".join(f"{function}({name})" for name, function in sums.items())
    updates = ", ".join(f"{name} = excluded.{name}" for name in (*sums, "run_id"))
    # NEM time is ten hours ahead
    return f"""
INSERT INTO {kind}_day (series_id, day, {", ".join(sums)}, run_id)
SELECT series_id, (hour + 10) / 24, {of_hours}, :run
FROM {kind}_hour WHERE {_HOURS_OF_DAYS} GROUP BY 1, 2
ON CONFLICT (series_id, day) DO UPDATE SET {updates}
"""


PRICE_STATEMENTS = IntervalStatements(
    PriceRow,
    (PRICE, PRICE_HOUR),
    (
        *_BLOCK_COLUMNS,
        "range_min_e5",
        "range_max_e5",
        "low_e5",
        "predicted_e5",
        "high_e5",
        *_ORIGIN_COLUMNS,
    ),
    {
        "intervals": "sum",
        "minutes": "sum",
        "price_minutes_e5": "sum",
        "spot_minutes_e5": "sum",
        "price_min_e5": "min",
        "price_max_e5": "max",
    },
    may_change="0",
)

USAGE_STATEMENTS = IntervalStatements(
    UsageRow,
    (USAGE, USAGE_HOUR),
    (*_BLOCK_COLUMNS, *_ORIGIN_COLUMNS),
    {
        "intervals": "sum",
        "minutes": "sum",
        "estimated_minutes": "sum",
        "energy_e3": "sum",
        "cost_e4": "sum",
        "unpriced_minutes": "sum",
        "unpriced_energy_e3": "sum",
    },
    # what has no cost yet will be revised as well; both may be the same minutes
    may_change="CASE WHEN unpriced_minutes > estimated_minutes THEN unpriced_minutes"
    " ELSE estimated_minutes END",
)
