"""Every settled hour of an area's load, for who reckons with all of them."""

from typing import NamedTuple

from energy_logger_server.store.db.query import Query, columns_of
from energy_logger_server.store.db.reader import Reader


class SettledLoad(NamedTuple):
    """An hour that is over.

    Attributes:
        at: Instant that its label names, epoch seconds.
        load_e1: Tenths of kW.
    """

    at: int
    load_e1: int


_SETTLED = Query(
    f"SELECT {columns_of(SettledLoad)} FROM load"
    " WHERE area_id = :area AND is_settled ORDER BY at",
    ("area",),
    row=SettledLoad,
)


def settled_loads(connection: Reader, area_id: int) -> list[SettledLoad]:
    """Return an area's hours that are over, ascending.

    Args:
        connection: A reader's.
        area_id: KAMO's number.
    """
    return _SETTLED.all(connection, area_id)
