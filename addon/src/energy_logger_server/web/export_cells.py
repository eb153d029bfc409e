"""Values as the texts of an export's cells, looked up instead of made where possible.

Columns are turned over as a whole: ``map`` over a dictionary runs without a step of
Python for each row. What is kept is bounded, so an export of any length takes the same
memory.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta, tzinfo
from functools import partial
from typing import Any

import orjson

from energy_logger_server.api.nem import NEM_TIME, date_of_day_number

from .formats import Format

_MOST_KEPT = 16_384
_QUARTERS_KEPT = 4_096
_QUARTER = timedelta(minutes=15)
_QUARTER_S = 900
_MINUTE_S = 60
_NEEDS_QUOTES = frozenset('",\r\n')

type TextOf = Callable[[Any], str]


class Cells(dict[Any, str]):
    """Texts of values that are often the same."""

    def __init__(self, text_of: TextOf) -> None:
        """Keep nothing yet."""
        super().__init__()
        self._text_of = text_of

    def __missing__(self, value: Any) -> str:
        """Make the text of a value, and keep it while there is room."""
        text = self._text_of(value)
        if len(self) < _MOST_KEPT:
            self[value] = text
        return text

    def of(self, column: Iterable[Any]) -> Iterable[str]:
        """Return the texts of a column."""
        if len(self) < _MOST_KEPT:
            return map(self.__getitem__, column)
        # so many different ones: the next will be new as well
        return map(self._text_of, column)


class RunningCells:
    """Texts of values that run on, such as times: each is met in one block only."""

    def __init__(self, text_of: TextOf) -> None:
        """Keep nothing at all."""
        self._text_of = text_of

    def of(self, column: Sequence[Any]) -> Iterable[str]:
        """Return the texts of a column."""
        texts = {value: self._text_of(value) for value in dict.fromkeys(column)}
        return map(texts.__getitem__, column)


class CellKinds:
    """How the values of one export are written, by kind; None is an empty cell.

    Attributes:
        text: Texts.
        flag: Truths.
        percent: Floats, whole ones as integers; a number that is a text already stays
            as it is.
        count: Whole numbers.
        instant: Epoch seconds, in the export's zone.
        minute: Epoch seconds // 60, likewise.
        nem_instant: Epoch seconds, in NEM time.
        day: Days since 1970-01-01.
    """

    def __init__(self, form: Format, zone: tzinfo, *, is_only_column: bool) -> None:
        """Prepare.

        Args:
            form: Of the export.
            zone: In which its times are shown.
            is_only_column: Then an empty cell of CSV needs quotes: a line without a
                character is no record.
        """
        is_csv = form is Format.CSV
        none = ('""' if is_only_column else "") if is_csv else "null"
        quoted: TextOf = _csv_text if is_csv else _json_text
        local, nem = Clock(zone), Clock(NEM_TIME)
        self._none = none
        self._numbers: dict[tuple[str, int], Cells] = {}
        self.text = Cells(lambda text: none if text is None else quoted(text))
        self.flag = Cells({None: none, False: "false", True: "true"}.__getitem__)
        self.percent = Cells(partial(_percent_text, none=none))
        self.count = Cells(lambda count: none if count is None else str(count))
        self.instant = RunningCells(lambda at: quoted(local.text(at)))
        self.minute = RunningCells(lambda at: quoted(local.text(at * _MINUTE_S)))
        self.nem_instant = RunningCells(lambda at: quoted(nem.text(at)))
        self.day = RunningCells(lambda day: quoted(date_of_day_number(day).isoformat()))

    def kamo_number(self, digits: int) -> Cells:
        """Return how scaled numbers are written as KAMO does: ``100.0``.

        Args:
            digits: How many of the last digits are decimals.
        """
        return self._cells(("kamo", digits), partial(_kamo_text, factor=10**digits))

    def amber_number(self, digits: int) -> Cells:
        """Return how scaled numbers are written as Amber does: ``100``."""
        write = partial(_amber_text, factor=10**digits, digits=digits, none=self._none)
        return self._cells(("amber", digits), write)

    def _cells(self, kind: tuple[str, int], text_of: TextOf) -> Cells:
        return self._numbers.setdefault(kind, Cells(text_of))


class Clock:
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


def _percent_text(value: float | str | None, none: str) -> str:
    if value is None:
        return none
    if isinstance(value, str):
        return value
    return str(int(value)) if value.is_integer() else repr(value)


def _kamo_text(stored: int | str, factor: int) -> str:
    # of up to fifteen digits, and columns hold fourteen, a float repeats every one
    return stored if isinstance(stored, str) else repr(stored / factor)


def _amber_text(stored: int | str | None, factor: int, digits: int, none: str) -> str:
    if stored is None:
        return none
    if isinstance(stored, str):
        return stored
    whole, rest = divmod(abs(stored), factor)
    sign = "-" if stored < 0 else ""
    if not rest:
        return f"{sign}{whole}"
    decimals = f"{rest:0{digits}}".rstrip("0")
    return f"{sign}{whole}.{decimals}"
