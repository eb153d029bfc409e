"""Numbers of series, attribute combinations and substations, kept by the writer."""

from collections.abc import Mapping
from typing import NamedTuple, override

from sqlalchemy.engine import Connection

from energy_logger_server.store.codec.attributes import (
    AttributeKey,
    TariffColumns,
    tariff_columns,
)
from energy_logger_server.store.db.query import (
    Query,
    columns_of,
    fields_of,
    insert_into,
)
from energy_logger_server.store.schema.amber import ATTRIBUTES
from energy_logger_server.store.schema.bookkeeping import SERIES
from energy_logger_server.store.schema.kamo import SUBSTATION

from .attribute_texts import attribute_keys
from .caches import Cache, ChangeNumbers, IdCache, LastText

type SeriesName = tuple[str, str, str]
"""kind, owner, channel."""

type SubstationName = tuple[int, str]
"""area id, name."""

type NamesByArea = list[tuple[int, list[str]]]
"""Area id, and names of its substations."""


class _Series(NamedTuple):
    id: int
    kind: str
    owner: str
    channel: str


class _Substation(NamedTuple):
    id: int
    area_id: int
    name: str


class _Envelope(NamedTuple):
    endpoint: str
    owner: str
    envelope: str


_SERIES = Query(f"SELECT {columns_of(_Series)} FROM series", row=_Series)
_INSERT_SERIES = insert_into(SERIES, fields_of(_Series))
_SUBSTATIONS = Query(
    f"SELECT {columns_of(_Substation)} FROM substation", row=_Substation
)
_INSERT_SUBSTATIONS = insert_into(
    SUBSTATION, (*fields_of(_Substation), "first_seen_at")
)
_INSERT_ATTRIBUTES = insert_into(
    ATTRIBUTES, ("id", *fields_of(AttributeKey), *fields_of(TariffColumns))
)
_ENVELOPES = Query(
    f"SELECT {columns_of(_Envelope)} FROM answer_envelope", row=_Envelope
)
_NEWEST_CHANGES = tuple(
    Query(f"SELECT max(change_id) FROM {table}")
    for table in ("price_hour", "usage_hour", "load", "substation_hour_change")
)


class SubstationNumbers(IdCache[SubstationName]):
    """Those of substations: hundreds, which come in the same order in every cycle."""

    def __init__(self, known: Mapping[SubstationName, int]) -> None:
        """Start from what the table holds."""
        super().__init__(known)
        self._listed: NamesByArea = []
        self._in_order: tuple[int, ...] = ()

    def numbers_of(self, listed: NamesByArea) -> tuple[int, ...]:
        """Return the numbers of the substations of some areas, in their order.

        Comparing with the names of the last time costs a tenth of looking up each.
        """
        if listed != self._listed:
            self._in_order = tuple(
                self.number_of((area_id, name))
                for area_id, names in listed
                for name in names
            )
            self._listed = listed
        return self._in_order

    @override
    def rollback(self) -> None:
        """Take the new ones back: their transaction was rolled back."""
        super().rollback()
        self._listed, self._in_order = [], ()


class WriterCaches:
    """Every cache of the writer."""

    def __init__(self, connection: Connection) -> None:
        """Read them from the tables."""
        self.series = IdCache[SeriesName](
            {
                (row.kind, row.owner, row.channel): row.id
                for row in _SERIES.all(connection)
            }
        )
        self.attributes = IdCache[AttributeKey](
            {key: number for number, key in attribute_keys(connection).items()}
        )
        self.substations = SubstationNumbers(
            {(row.area_id, row.name): row.id for row in _SUBSTATIONS.all(connection)}
        )
        self.envelopes = LastText(
            {
                (row.endpoint, row.owner): row.envelope
                for row in _ENVELOPES.all(connection)
            }
        )
        self.changes = ChangeNumbers(
            max(newest.value(connection) or 0 for newest in _NEWEST_CHANGES)
        )

    def write_new(self, connection: Connection, now: int) -> None:
        """Insert the rows of new numbers, before the rows that refer to them."""
        _INSERT_SERIES.run_many(
            connection,
            [(number, *name) for name, number in self.series.pop_pending().items()],
        )
        _INSERT_ATTRIBUTES.run_many(
            connection,
            [
                (number, *key, *tariff_columns(key))
                for key, number in self.attributes.pop_pending().items()
            ],
        )
        _INSERT_SUBSTATIONS.run_many(
            connection,
            [
                (number, *name, now)
                for name, number in self.substations.pop_pending().items()
            ],
        )

    def commit(self) -> None:
        """Take what was new as committed."""
        for cache in self._all():
            cache.commit()

    def rollback(self) -> None:
        """Take what was new back."""
        for cache in self._all():
            cache.rollback()

    def _all(self) -> tuple[Cache, ...]:
        return (
            self.series,
            self.attributes,
            self.substations,
            self.envelopes,
            self.changes,
        )
