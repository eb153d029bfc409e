"""The KAMO logger's times: Central wall clock without an offset."""

from datetime import datetime
from enum import StrEnum

from energy_logger_server.api.central import instants_of_wall

from .report import Fate


class RepeatedHour(StrEnum):
    """Which of the two instants a time in the repeated autumn hour is taken for."""

    FIRST = "first"
    SECOND = "second"


def instant_of(wall: datetime, repeated: RepeatedHour | None) -> datetime | Fate:
    """Return the instant (UTC) of a wall clock time, or why it has none.

    Args:
        wall: Naive.
        repeated: How to take the repeated hour; None takes it for unknown.
    """
    choices = instants_of_wall(wall)
    if not choices:
        return Fate.NO_SUCH_HOUR
    if len(choices) == 1:
        return choices[0]
    if repeated is None:
        return Fate.REPEATED_HOUR
    return choices[0] if repeated is RepeatedHour.FIRST else choices[1]


def written_at(wall: datetime | None, since: datetime) -> datetime:
    """Return when a row was written: the first instant of its time from ``since`` on.

    Args:
        wall: Naive; None if the row does not say.
        since: What the row is about; it cannot have been written before.
    """
    choices = () if wall is None else instants_of_wall(wall)
    return next((at for at in choices if at >= since), since)
