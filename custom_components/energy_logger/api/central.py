"""Central time: the wall clock of KAMO's labels (America/Chicago).

KAMO writes hours as ``MM/DD/YYYY H:00`` without an offset (recorded answers). A
Central day has 23, 24 or 25 hours; an hour is identified by the instant its label
names, whatever upstream means by it (begin, end or moment is not known).
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

CENTRAL = ZoneInfo("America/Chicago")
_LABEL = "%m/%d/%Y %H:%M"
# outside of these a label is a typing error, and date calculations can overflow
_FIRST_YEAR, _LAST_YEAR = 1998, 2999


def central_date_at(instant: datetime) -> date:
    """Return the Central date in force at an aware instant."""
    return instant.astimezone(CENTRAL).date()


def central_day_start(day: date) -> datetime:
    """Return the instant (UTC) of a Central date's midnight."""
    return datetime(day.year, day.month, day.day, tzinfo=CENTRAL).astimezone(UTC)


def central_label(instant: datetime) -> str:
    """Return an instant as KAMO writes it: no leading zero on the hour."""
    local = instant.astimezone(CENTRAL)
    return f"{local:%m/%d/%Y} {local.hour}:{local:%M}"


def instants_of_labels(labels: Iterable[str]) -> list[datetime | None]:
    """Return the instants (UTC) that a list of KAMO labels names, in its order.

    The label of the repeated autumn hour is ambiguous: it is the earliest instant
    after the one before it in the list, and at the head of the list the one that fits
    the label behind it. A label that is no time, or that names the hour which spring
    skips, gives None.
    """
    return list(_instants_of_labels(tuple(labels)))


# all areas of a cycle have the same labels, and reading a label costs most
@lru_cache(maxsize=4)
def _instants_of_labels(labels: tuple[str, ...]) -> tuple[datetime | None, ...]:
    walls = [_parse(label) for label in labels]
    instants: list[datetime | None] = []
    before: datetime | None = None
    for index, wall in enumerate(walls):
        choices = instants_of_wall(wall) if wall else ()
        later = [at for at in choices if before is None or at > before]
        instant = next(iter(later or choices), None)
        if before is None and len(choices) > 1:
            following = next((w for w in walls[index + 1 :] if w), None)
            if following and following != wall:
                # the next label is the hour after the repeated one: only the second
                # of the two instants is one hour before it
                instant = choices[1]
        instants.append(instant)
        before = instant or before
    return tuple(instants)


def _parse(label: str) -> datetime | None:
    try:
        wall = datetime.strptime(label, _LABEL)  # noqa: DTZ007 - a wall clock label
    except ValueError:
        return None
    return wall if _FIRST_YEAR <= wall.year <= _LAST_YEAR else None


def instants_of_wall(wall: datetime) -> tuple[datetime, ...]:
    """Return the instants (UTC) at which Central clocks show a naive time.

    Two in the repeated autumn hour, earliest first; none in the one that spring skips.
    """
    first, second = (
        wall.replace(tzinfo=CENTRAL, fold=fold).astimezone(UTC) for fold in (0, 1)
    )
    if first == second:
        return (first,)
    if first > second:
        # the hour that spring skips: no instant has this label
        return ()
    return (first, second)
