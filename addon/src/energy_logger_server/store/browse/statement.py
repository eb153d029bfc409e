"""SQL of a query about a table."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from math import ceil, floor

from energy_logger_server.store.schema.readable.columns import (
    ColumnType,
    StoredValue,
    TableColumn,
)

from .query import Condition, Direction, Operand, Operator, TableQuery

_LARGEST = 2**62
_SIGNS: Mapping[Operator, str] = {
    Operator.EXACT: "=",
    Operator.NE: "<>",
    Operator.GT: ">",
    Operator.GTE: ">=",
    Operator.LT: "<",
    Operator.LTE: "<=",
}


class TableStatement:
    """SQL in which every value of the request is a bound parameter.

    Attributes:
        values: The parameters of what has been written.
    """

    def __init__(self, dialect: str, query: TableQuery) -> None:
        """Take what is to be written.

        Args:
            dialect: ``sqlite`` or ``postgresql``.
            query: Which rows.
        """
        self.values: dict[str, StoredValue] = {}
        self._is_postgres = dialect == "postgresql"
        self._query = query
        sort, key = query.sort, query.table.key
        self._order = sort.order or (self._text(sort),)
        self._order += tuple(column for column in key if column not in sort.order)

    def of_all(self) -> str:
        """Return the query of a whole table, along its key or by searching it."""
        query = self._query
        return self._select(
            self._conditions(),
            f"{self._bind(query.limit + 1)} OFFSET {self._bind(query.offset)}",
        )

    def of_series(self, series: Sequence[int]) -> str:
        """Return the query of a table whose key is the series, then time.

        Each series is read along its key; the newest rows of all come first.
        """
        query = self._query
        conditions = self._conditions()
        most = self._bind(query.limit + 1 + query.offset)
        arms = []
        for number in series:
            name = self._bind(number)
            chosen = (f"s.id = {name}", f"t.series_id = {name}")
            arms.append(f"SELECT * FROM ({self._select((*chosen, *conditions), most)})")
        merged = " UNION ALL ".join(
            f"{arm} arm{number}" for number, arm in enumerate(arms)
        )
        order = ", ".join(
            f"k{number} {query.direction.value}" for number in range(len(self._order))
        )
        return (
            f"SELECT * FROM ({merged}) merged ORDER BY {order}"
            f" LIMIT {self._bind(query.limit + 1)}"
            f" OFFSET {self._bind(query.offset)}"
        )

    def _select(self, conditions: Sequence[str], limit: str) -> str:
        query = self._query
        direction = query.direction.value
        columns = [
            *(f"{one.sql} AS c{n}" for n, one in enumerate(query.columns)),
            *(f"{one} AS k{n}" for n, one in enumerate(self._order)),
        ]
        order = [f"{one} {direction}" for one in self._order]
        if not query.sort.order:
            order.insert(0, f"({query.sort.sql}) IS NULL")
        return (
            f"SELECT {', '.join(columns)} FROM {query.table.source}"
            f" WHERE {' AND '.join((query.table.joined, *conditions))}"
            f" ORDER BY {', '.join(order)} LIMIT {limit}"
        )

    def _conditions(self) -> tuple[str, ...]:
        found = [self._condition(condition) for condition in self._query.conditions]
        if self._query.cursor is not None:
            found.append(self._behind(self._query.cursor))
        return tuple(found)

    def _condition(self, condition: Condition) -> str:
        column, value = condition.column, condition.value
        if condition.operator is Operator.ISNULL:
            return f"({column.sql}) IS {'' if value else 'NOT '}NULL"
        if isinstance(value, tuple):
            equal = [self._compared(column, Operator.EXACT, one) for one in value]
            return f"({' OR '.join(equal)})"
        return self._compared(column, condition.operator, value)

    def _compared(self, column: TableColumn, operator: Operator, value: Operand) -> str:
        if isinstance(value, Decimal):
            return self._number_compared(column, operator, value)
        if operator is Operator.CONTAINS:
            search = "strpos" if self._is_postgres else "instr"
            return f"{search}(lower({column.sql}), lower({self._bind(value)})) > 0"
        return f"{self._text(column)} {_SIGNS[operator]} {self._bind(value)}"

    def _number_compared(
        self, column: TableColumn, operator: Operator, value: Decimal
    ) -> str:
        if column.scale is None:
            return f"{column.sql} {_SIGNS[operator]} {self._bind(float(value))}"
        stored = value * column.scale
        below, above = floor(stored), ceil(stored)
        match operator:
            case Operator.GT | Operator.LTE:
                whole = below
            case Operator.LT | Operator.GTE:
                whole = above
            case Operator.NE if below != above:
                # between two values that can be stored
                return f"({column.sql}) IS NOT NULL"
            case _ if below != above:
                return "1 = 0"
            case _:
                whole = below
        compared = f"({column.sql}) {_SIGNS[operator]} {self._bind(_bounded(whole))}"
        return " AND ".join((compared, *self._narrowed(column, operator, whole)))

    def _narrowed(
        self, column: TableColumn, operator: Operator, epoch_s: int
    ) -> list[str]:
        """Return what the key must fulfil if a time that is no key fulfils this."""
        under = column.index_range
        if under is None or operator is Operator.NE:
            return []
        found = []
        if operator not in (Operator.LT, Operator.LTE):
            lowest = (epoch_s - under.after_s) // under.unit_s
            found.append(f"{under.sql} >= {self._bind(_bounded(lowest))}")
        if operator not in (Operator.GT, Operator.GTE):
            highest = (epoch_s + under.before_s) // under.unit_s
            found.append(f"{under.sql} <= {self._bind(_bounded(highest))}")
        return found

    def _behind(self, cursor: Sequence[StoredValue]) -> str:
        """Return what rows behind the last page's last row fulfil."""
        is_down = self._query.direction is Direction.DESCENDING
        sign = "<" if is_down else ">"
        sort = self._query.sort
        if not sort.order:
            nothing = f"({sort.sql}) IS NULL"
            if cursor[0] is None:
                return f"{nothing} AND {self._tuple_behind(1, sign, cursor[1:])}"
            return f"({nothing} OR {self._tuple_behind(0, sign, cursor)})"
        # the first one alone as well: the key begins with it
        first = f"{self._order[0]} {sign}= {self._bind(cursor[0])}"
        return f"{first} AND {self._tuple_behind(0, sign, cursor)}"

    def _tuple_behind(
        self, first: int, sign: str, values: Sequence[StoredValue]
    ) -> str:
        bound = ", ".join(self._bind(value) for value in values)
        return f"({', '.join(self._order[first:])}) {sign} ({bound})"

    def _text(self, column: TableColumn) -> str:
        """Return a column for comparisons; texts compare alike on both databases."""
        if self._is_postgres and column.type is ColumnType.TEXT:
            return f'({column.sql}) COLLATE "C"'
        return f"({column.sql})"

    def _bind(self, value: StoredValue) -> str:
        name = f"v{len(self.values)}"
        self.values[name] = value
        return f":{name}"


def _bounded(number: int) -> int:
    """Return a number that both databases can hold; no row has a larger one."""
    return max(-_LARGEST, min(_LARGEST, number))
