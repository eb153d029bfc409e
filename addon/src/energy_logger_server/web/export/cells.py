"""Values as an export's cells, looked up instead of made where possible.

Columns are turned over as a whole: ``map`` over a dictionary runs without a step of
Python for each row. What is kept is bounded, so an export of any length takes the same
memory.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from functools import partial
from typing import Any

import orjson

from energy_logger_server.api.nem import NEM_TIME, date_of_day_number
from energy_logger_server.web.datasets.columns import Column, Form, Kind, Shared
from energy_logger_server.web.http.plain_numbers import plain_text
from energy_logger_server.web.http.rows import without_formula

_MOST_KEPT = 16_384
_QUARTERS_KEPT = 4_096
_QUARTER = timedelta(minutes=15)
_QUARTER_S = 900
_MINUTE_S = 60
_NEEDS_QUOTES = frozenset('",\r\n')

type CellOf = Callable[[Any], Any]
"""Makes a cell of a value."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CellStyle:
    """How one format writes its cells.

    Attributes:
        empty: The cell of None.
        flags: The cells of None, False and True.
        text: Makes the cell of a text.
        number: Makes the cell of a number's digits; None where they are the cell.
        instant: Gets a zone and returns what makes the cell of epoch seconds.
        day: Makes the cell of days since 1970-01-01.
    """

    empty: Any
    flags: Mapping[bool | None, Any]
    text: Callable[[str], Any]
    number: Callable[[str], Any] | None = None
    instant: Callable[[tzinfo], Callable[[int], Any]]
    day: Callable[[int], Any]


class Cells(dict[Any, Any]):
    """Cells of values that are often the same."""

    def __init__(self, cell_of: CellOf) -> None:
        """Keep nothing yet."""
        super().__init__()
        self._cell_of = cell_of

    def __missing__(self, value: Any) -> Any:
        """Make the cell of a value, and keep it while there is room."""
        cell = self._cell_of(value)
        if len(self) < _MOST_KEPT:
            self[value] = cell
        return cell

    def of(self, column: Sequence[Any]) -> Iterable[Any]:
        """Return the cells of a column."""
        if len(self) < _MOST_KEPT:
            return map(self.__getitem__, column)
        # so many different ones: the next will be new as well
        return map(self._cell_of, column)


class RunningCells:
    """Cells of values that run on, such as times: each is met in one block only."""

    def __init__(self, cell_of: CellOf) -> None:
        """Keep nothing at all."""
        self._cell_of = cell_of

    def of(self, column: Sequence[Any]) -> Iterable[Any]:
        """Return the cells of a column."""
        cells = {value: self._cell_of(value) for value in dict.fromkeys(column)}
        return map(cells.__getitem__, column)


class CellKinds:
    """How the values of one export are written, by kind; None is an empty cell.

    Percentages are floats, whole ones written as integers; a number that is a text
    already keeps its digits.
    """

    def __init__(self, style: CellStyle, zone: tzinfo) -> None:
        """Prepare for one export, whose times are shown in a zone."""
        local = style.instant(zone)
        self._style = style
        self._by_kind: dict[Kind, Cells | RunningCells] = {}
        self._makers: Mapping[Form, Callable[[int], Cells | RunningCells]] = {
            Form.TEXT: lambda _digits: Cells(_or_empty(style, style.text)),
            Form.FLAG: lambda _digits: Cells(style.flags.__getitem__),
            Form.PERCENT: lambda _digits: self._number(_percent_text),
            Form.COUNT: lambda _digits: self._number(str),
            Form.INSTANT: lambda _digits: RunningCells(local),
            Form.MINUTE: lambda _digits: RunningCells(lambda at: local(at * _MINUTE_S)),
            Form.NEM_INSTANT: lambda _digits: RunningCells(style.instant(NEM_TIME)),
            Form.DAY: lambda _digits: RunningCells(style.day),
            Form.KAMO_NUMBER: lambda digits: self._number(
                partial(_kamo_text, factor=10**digits)
            ),
            Form.AMBER_NUMBER: lambda digits: self._number(
                partial(_amber_text, factor=10**digits, digits=digits)
            ),
        }

    def __getitem__(self, kind: Kind) -> Cells | RunningCells:
        """Return how values of a kind are written."""
        if kind not in self._by_kind:
            self._by_kind[kind] = self._makers[kind.form](kind.digits)
        return self._by_kind[kind]

    def column[Rows](self, column: Column[Any, Rows], rows: Rows) -> Iterable[Any]:
        """Return the cells of a column, one for each row of a block."""
        cells = self[column.kind]
        stored = column.stored(rows)
        if not isinstance(stored, Shared):
            return cells.of(stored)
        written = dict(
            zip(stored.by_number, cells.of([*stored.by_number.values()]), strict=True)
        )
        return map(written.__getitem__, stored.numbers)

    def _number(self, digits_of: Callable[[Any], str]) -> Cells:
        as_cell = self._style.number
        if as_cell is None:
            return Cells(_or_empty(self._style, digits_of))
        return Cells(_or_empty(self._style, lambda value: as_cell(digits_of(value))))


def _or_empty(style: CellStyle, cell_of: CellOf) -> CellOf:
    empty = style.empty
    return lambda value: empty if value is None else cell_of(value)


def csv_style(*, is_only_column: bool = False, is_raw: bool = False) -> CellStyle:
    """Return the cells of CSV.

    Args:
        is_only_column: Then an empty cell needs quotes: a line without a character is
            no record.
        is_raw: Whether texts stay as they are that a spreadsheet would run.
    """
    empty = '""' if is_only_column else ""
    return CellStyle(
        empty=empty,
        flags={None: empty, False: "false", True: "true"},
        text=_csv_text if is_raw else lambda text: _csv_text(without_formula(text)),
        instant=lambda zone: TimeFormatter(zone).text,
        day=_day_text,
    )


def json_style() -> CellStyle:
    """Return the cells of JSON."""

    def quoted(zone: tzinfo) -> Callable[[int], str]:
        text_of = TimeFormatter(zone).text
        return lambda at: f'"{text_of(at)}"'

    return CellStyle(
        empty="null",
        flags={None: "null", False: "false", True: "true"},
        text=_json_text,
        instant=quoted,
        day=lambda day: f'"{_day_text(day)}"',
    )


class TimeFormatter:
    """Instants as ISO texts with their offset, in one zone."""

    def __init__(self, zone: tzinfo) -> None:
        """Know no quarter of an hour yet."""
        self._zone = zone
        self._quarters: dict[int, tuple[str, int, str] | None] = {}

    def text(self, at: int) -> str:
        """Return an instant (epoch seconds) such as ``2026-01-04T03:00:00-06:00``."""
        number, second = divmod(at, _QUARTER_S)
        if number not in self._quarters:
            if len(self._quarters) >= _QUARTERS_KEPT:
                self._quarters.clear()
            self._quarters[number] = self._quarter(number)
        quarter = self._quarters[number]
        if quarter is None:
            return datetime.fromtimestamp(at, self._zone).isoformat()
        hour, minute, offset = quarter
        return f"{hour}{minute + second // 60:02}:{second % 60:02}{offset}"

    def _quarter(self, number: int) -> tuple[str, int, str] | None:
        """Return hour, minute and offset of a quarter's begin; None where that is odd.

        Within a quarter of an hour no zone changes its offset. Since 1972 all offsets
        are whole quarters, too.
        """
        begin = datetime.fromtimestamp(number * _QUARTER_S, self._zone)
        text = begin.isoformat()
        is_odd = bool((begin.utcoffset() or timedelta()) % _QUARTER)
        return None if is_odd else (text[:14], begin.minute, text[19:])


def _csv_text(text: str) -> str:
    if _NEEDS_QUOTES.isdisjoint(text):
        return text
    doubled = text.replace('"', '""')
    return f'"{doubled}"'


def _json_text(text: str) -> str:
    return orjson.dumps(text).decode()


def _day_text(day: int) -> str:
    return date_of_day_number(day).isoformat()


def _percent_text(value: float | str) -> str:
    text = value if isinstance(value, str) else repr(value)
    return plain_text(text).removesuffix(".0")


def _kamo_text(stored: int | str, factor: int) -> str:
    # of up to fifteen digits, and columns hold fourteen, a float repeats every one
    return plain_text(stored if isinstance(stored, str) else repr(stored / factor))


def _amber_text(stored: int | str, factor: int, digits: int) -> str:
    if isinstance(stored, str):
        return plain_text(stored).removesuffix(".0")
    whole, rest = divmod(abs(stored), factor)
    sign = "-" if stored < 0 else ""
    if not rest:
        return f"{sign}{whole}"
    decimals = f"{rest:0{digits}}".rstrip("0")
    return f"{sign}{whole}.{decimals}"
