"""Tables of hours that hold their change, read as feeds."""

from energy_logger_server.store.db.query import Query, fields_of
from energy_logger_server.store.db.reader import Reader

from .hour_feed import FeedCursor, FeedRow, HoursWanted, next_rows

_MONTH_HOURS = 31 * 24
_ORDER = ("owner", "first", "end", "change", "hour", "series", "limit")


class HourTable[Found: FeedRow]:
    """The queries of one table.

    All take an owner, first and end of the hours in the table's own unit, a place of
    the feed, and how many rows to return at most; they return rows in the order of
    their places.
    """

    def __init__(
        self, table: str, key: tuple[str, str], whose: str, row: type[Found], ticks: int
    ) -> None:
        """Make them.

        Args:
            table: Its name.
            key: Columns of hour and series.
            whose: Condition on the series, of the parameter ``owner``.
            row: Its fields are those of ``FeedRow`` and columns of the table.
            ticks: How many units of the hour's column an hour has.
        """
        self.ticks = ticks
        hour, series = (f"t.{name}" for name in key)
        place = f"t.change_id, {hour}, {series}"
        names = {"hour": f"{hour} AS hour", "series_id": f"{series} AS series_id"}
        columns = [names.get(name, f"t.{name}") for name in fields_of(row)]
        begin = f"SELECT {', '.join(columns)} FROM {table} t WHERE"
        of_span = f"{series} {whose} AND {hour} >= :first AND {hour} < :end"
        given = "(:change, :hour, :series)"
        # a plus keeps a column from being looked up in an index (SQLite): what lies
        # behind a place is found by change, what lies in a short span by hour
        self.by_change = Query(
            f"{begin} +{series} {whose} AND +{hour} >= :first AND +{hour} < :end"
            f" AND ({place}) > {given} ORDER BY {place} LIMIT :limit",
            _ORDER,
            row=row,
        )
        self.by_hour = Query(
            f"{begin} {of_span} AND (+{place}) > {given}"
            f" ORDER BY +{place} LIMIT :limit",
            _ORDER,
            row=row,
        )
        self.before = Query(
            f"{begin} {of_span} AND (+{place}) <= {given}"
            f" ORDER BY +{place} LIMIT :limit",
            _ORDER,
            row=row,
        )


def next_hours[Found: FeedRow](
    connection: Reader, table: HourTable[Found], owner: str | int, wanted: HoursWanted
) -> tuple[list[Found], FeedCursor, bool]:
    """Return the next rows of hours that are over; otherwise as ``next_rows``.

    Args:
        connection: A reader's.
        table: Where the hours are.
        owner: Whose.
        wanted: Which.
    """
    since, (first, end) = wanted.since, wanted.hours
    end = min(end, wanted.running)
    is_short = end - first <= _MONTH_HOURS

    def rows(query: Query[Found], begin: int) -> list[Found]:
        span = begin * table.ticks, end * table.ticks
        return query.all(connection, owner, *span, *since.place, wanted.limit + 1)

    found = rows(table.by_hour if is_short else table.by_change, first)
    if 0 < since.running < end:
        found += rows(table.before, max(first, since.running))
    return next_rows(wanted, found)
