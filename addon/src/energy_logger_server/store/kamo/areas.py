"""KAMO's areas by number or abbreviation, those that are gone upstream included."""

from energy_logger_server.store.db.query import Query
from energy_logger_server.store.db.reader import Reader, bounded
from energy_logger_server.store.records import KnownArea

SYSTEM = "KAMO"
"""Abbreviation of the area that is the sum of all (recorded answers)."""

_AREAS = Query("SELECT id, name, abbreviation, is_aggregate FROM area ORDER BY id")


@bounded
def known_areas(connection: Reader) -> list[KnownArea]:
    """Return every area, by number."""
    return [
        KnownArea(area_id, full_name, abbreviation, bool(is_aggregate))
        for area_id, full_name, abbreviation, is_aggregate in _AREAS.all(connection)
    ]


@bounded
def area_named(connection: Reader, name: str) -> KnownArea | None:
    """Return the area that ``name`` means.

    Args:
        connection: A reader's.
        name: KAMO's number, or the abbreviation in any case.
    """
    folded = name.casefold()
    areas = known_areas(connection)
    by_number = (area for area in areas if str(area.area_id) == name)
    by_abbreviation = (area for area in areas if area.abbreviation.casefold() == folded)
    return next(by_number, None) or next(by_abbreviation, None)
