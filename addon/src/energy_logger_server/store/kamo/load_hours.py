"""Every settled hour of an area's load, for who reckons with all of them."""

from typing import NamedTuple

from energy_logger_server.domain.peak_watch.history import LoadHistory
from energy_logger_server.store.codec.scale import E1
from energy_logger_server.store.db.query import Query, columns_of
from energy_logger_server.store.db.reader import Reader

_HOUR_S = 3600


class _Settled(NamedTuple):
    at: list[int]
    load_e1: list[int]


# not one row after the other: with years of hours that is most of the work
_SETTLED = Query(
    f"SELECT {columns_of(_Settled)} FROM load"
    " WHERE area_id = :area AND is_settled ORDER BY at",
    ("area",),
    row=_Settled,
)


def load_history(
    connection: Reader, area_id: int, before_hour: int | None = None
) -> LoadHistory | None:
    """Return an area's hours that are over; None without any.

    An hour's label is taken for its beginning. KAMO's own forecasts are not in it.

    Args:
        connection: A reader's.
        area_id: KAMO's number.
        before_hour: Hours from this one on (epoch seconds // 3600) count as unknown,
            and the history reaches up to it: what is not there yet is a gap. Without
            it, the history ends with the newest hour.
    """
    found = _SETTLED.columns(connection, area_id)
    if found is None:
        return None
    first = found.at[0] // _HOUR_S
    end = found.at[-1] // _HOUR_S + 1 if before_hour is None else before_hour
    loads: list[float | None] = [None] * max(end - first, 0)
    for at, load_e1 in zip(found.at, found.load_e1, strict=True):
        hour = at // _HOUR_S
        if hour < end and load_e1 > 0:
            loads[hour - first] = load_e1 / E1
    return LoadHistory(first, loads) if loads else None
