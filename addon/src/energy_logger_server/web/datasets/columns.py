"""What a column of a dataset is: its name, its values, and what they mean.

Each dataset lists its columns once, in a module of its own: ``prices``, ``usage``,
``costs``, ``load``, ``substations``. From the list follow the columns of exports in
every format, the histories in CSV, their fields in JSON where they are the same, and
the description of both. Names carry their unit where it is not the kW of ``load_kw``:
cents are upstream's, with upstream's sign; AUD and energy are positive in the channel's
normal direction.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from itertools import repeat
from typing import Any

import voluptuous as vol

from energy_logger_server.web.http.checks import TIME

from .fields import Fields

ENERGY = "kWh drawn, or fed in on feed-in; negative where import was taken back."
"""What ``energy_kwh`` is, in every answer that has one."""

UNKNOWN = "null where upstream does not know it."
"""Of a number that upstream leaves out although it sends the record."""

UNPRICED = "How much of it has a cost that upstream does not know: no sum holds it."
"""What ``unpriced_minutes`` are."""

PRICED = "of what has a known cost, null where nothing has."
"""Of which part a sum of money is."""

type Cell = str | float | bool | None
"""None is an empty cell."""


class Form(Enum):
    """How the store keeps a value."""

    TEXT = auto()
    FLAG = auto()
    COUNT = auto()
    """A whole number."""

    PERCENT = auto()
    """A float, or the digits that upstream sent."""

    INSTANT = auto()
    """Epoch seconds, shown in the zone that is asked for."""

    MINUTE = auto()
    """Epoch seconds // 60, shown likewise."""

    NEM_INSTANT = auto()
    """Epoch seconds, shown in NEM time."""

    DAY = auto()
    """Days since 1970-01-01."""

    KAMO_NUMBER = auto()
    """A scaled number, shown as KAMO writes it: ``100.0``."""

    AMBER_NUMBER = auto()
    """A scaled number, shown as Amber writes it: ``100``."""


@dataclass(frozen=True, slots=True)
class Kind:
    """What the values of a column are.

    Attributes:
        form: How the store keeps them.
        shapes: What JSON has for one that is there: any of these.
        digits: How many of the last digits of a scaled number are decimals.
    """

    form: Form
    shapes: tuple[object, ...]
    digits: int = 0


TEXT = Kind(Form.TEXT, (str,))
FLAG = Kind(Form.FLAG, (bool,))
COUNT = Kind(Form.COUNT, (int,))
PERCENT = Kind(Form.PERCENT, (float, int))
INSTANT = Kind(Form.INSTANT, (TIME,))
MINUTE = Kind(Form.MINUTE, (TIME,))
NEM_INSTANT = Kind(Form.NEM_INSTANT, (TIME,))
DAY = Kind(Form.DAY, (str,))


def kamo_number(digits: int) -> Kind:
    """Return the kind of a number that the store keeps times 10^digits."""
    return Kind(Form.KAMO_NUMBER, (float, int), digits)


def amber_number(digits: int) -> Kind:
    """Return the kind of a number that the store keeps times 10^digits."""
    return Kind(Form.AMBER_NUMBER, (float, int), digits)


@dataclass(frozen=True, slots=True)
class Shared:
    """Values of a block that many of its rows share.

    Attributes:
        by_number: Each value once.
        numbers: Which of them each row has.
    """

    by_number: Mapping[int, Any]
    numbers: Iterable[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Column[Record, Rows]:
    """A column of a dataset.

    Attributes:
        name: In every format.
        kind: What its values are.
        value: What a record has in it, as JSON and CSV show it.
        stored: What a block of an export's rows has in it, as the store keeps it.
        unit: Of its numbers; empty where they have none, and for all else.
        text: What it means, in the description of the answers.
        is_nullable: Whether a value can be missing.
    """

    name: str
    kind: Kind
    value: Callable[[Record], Cell]
    stored: Callable[[Rows], Sequence[Any] | Shared]
    unit: str = ""
    text: str = ""
    is_nullable: bool = False

    @property
    def shape(self) -> object:
        """What its values are in JSON."""
        shapes = (*self.kind.shapes, None) if self.is_nullable else self.kind.shapes
        return shapes[0] if len(shapes) == 1 else vol.Any(*shapes)


type Columns[Record, Rows] = tuple[Column[Record, Rows], ...]
"""Those of a dataset, in their order when nothing else is asked for."""


def names_of(columns: Iterable[Column[Any, Any]]) -> tuple[str, ...]:
    """Return the names of columns."""
    return tuple(column.name for column in columns)


def fields_of[Record](columns: Columns[Record, Any], record: Record) -> Fields:
    """Return what a record has in some columns, by their names."""
    return {column.name: column.value(record) for column in columns}


def cells_of[Record](
    columns: Columns[Record, Any], records: Sequence[Record]
) -> Iterator[tuple[Cell, ...]]:
    """Return what each record has in some columns, in their order.

    Column by column: no row of a long history takes a step of Python of its own.
    """
    return zip(*(map(column.value, records) for column in columns), strict=True)


def all_fields_of[Record](
    columns: Columns[Record, Any], records: Sequence[Record]
) -> list[Fields]:
    """Return what ``fields_of`` returns of each record."""
    names = names_of(columns)
    # a dictionary of each row, without a step of Python for it
    return [*map(dict, map(zip, repeat(names), cells_of(columns, records)))]


def shapes_of(columns: Columns[Any, Any]) -> dict[vol.Required, object]:
    """Return the shape of what ``fields_of`` returns, to be spread into a schema."""
    return {
        vol.Required(column.name, description=column.text): column.shape
        for column in columns
    }
