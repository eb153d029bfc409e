"""Who draws power from KAMO: 20 areas and 302 substations.

Names and abbreviations of all areas are real, as are the substations of areas 1 to 9
with their shares of the load and their reactive power (recorded answers). The
recording has no substations of Oklahoma: those are invented.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from itertools import islice, product

from energy_logger_simulator.keyed_hash import draw, shuffled_order

from .recording import recorded_area_list, recorded_grids, recorded_tables

_AGGREGATES = {
    18: tuple(range(1, 10)),
    19: tuple(range(10, 18)),
    20: tuple(range(1, 18)),
}

# Invented: load in kW on a cold winter's night, and number of substations.
_OKLAHOMA = {
    10: (91_000.0, 18),
    11: (36_000.0, 11),
    12: (84_000.0, 19),
    13: (47_000.0, 12),
    14: (73_000.0, 17),
    15: (112_000.0, 22),
    16: (158_000.0, 24),
    17: (124_000.0, 15),
}
# Eight of 164 in the recording.
_SHARE_WITHOUT_KVAR = 0.05
_FIRST_WORDS = (
    *("Bald", "Cedar", "Clear", "Dry", "Eagle", "Elm", "Little", "Pecan"),
    *("Prairie", "Red", "Sand", "Stone", "Turkey", "Walnut"),
)
_SECOND_WORDS = (
    *("Bend", "Bluff", "Chapel", "Creek", "Crossing", "Fork", "Grove", "Hill"),
    *("Junction", "Ridge"),
)


@dataclass(frozen=True, slots=True)
class Substation:
    """A delivery point.

    Attributes:
        name: Unique within its area.
        share: Its part of the area's load; an area's shares sum up to 1.
        kvar_per_kw: Reactive by real power; negative leads; some have exactly 0.
        decimals: Digits after the point of its kW and kVAR.
    """

    name: str
    share: float
    kvar_per_kw: float
    decimals: int = 0


@dataclass(frozen=True, slots=True)
class SimulatedArea:
    """What KAMO lists and charts.

    Attributes:
        id: KAMO's number.
        name: Full name.
        abbreviation: KAMO's ``abrev``.
        base_load_kw: Load on a cold winter's night; 0 for an aggregate.
        decimals: Digits after the point of its load.
        member_ids: The cooperatives that an aggregate sums up, else empty.
        substations: In KAMO's order; an aggregate has none.
    """

    id: int
    name: str
    abbreviation: str
    base_load_kw: float
    decimals: int
    member_ids: tuple[int, ...]
    substations: tuple[Substation, ...]


@cache
def simulated_areas() -> Mapping[int, SimulatedArea]:
    """Return all areas by id, in KAMO's order."""
    areas = {}
    for listed in recorded_area_list():
        area_id = listed["id"]
        base_load_kw, decimals = _base_load(area_id)
        areas[area_id] = SimulatedArea(
            id=area_id,
            name=listed["name"],
            abbreviation=listed["abrev"],
            base_load_kw=base_load_kw,
            decimals=decimals,
            member_ids=_AGGREGATES.get(area_id, ()),
            substations=_substations(area_id),
        )
    return areas


def _base_load(area_id: int) -> tuple[float, int]:
    if area_id in _AGGREGATES:
        return 0.0, 1
    if area_id in _OKLAHOMA:
        return _OKLAHOMA[area_id][0], 0
    measured: list[float] = recorded_grids()[area_id]["chartLineData"][0]["data"]
    return measured[-1], _decimals(*measured)


def _substations(area_id: int) -> tuple[Substation, ...]:
    if area_id in _AGGREGATES:
        return ()
    if area_id in _OKLAHOMA:
        return _invented_substations(area_id)
    rows = recorded_tables()[area_id]["areaLoadData"]
    total_kw = sum(row["kw"] for row in rows)
    return tuple(
        Substation(
            name=row["name"],
            share=row["kw"] / total_kw,
            kvar_per_kw=row["kvar"] / row["kw"],
            decimals=_decimals(row["kw"], row["kvar"]),
        )
        for row in rows
    )


def _decimals(*figures: float) -> int:
    return 0 if all(figure.is_integer() for figure in figures) else 1


def _invented_substations(area_id: int) -> tuple[Substation, ...]:
    count = _OKLAHOMA[area_id][1]
    uniform = draw(0, f"kamo/substations/{area_id}")
    names = _invented_names(area_id)
    weights = [0.25 + uniform(index) for index in range(count)]
    return tuple(
        Substation(
            name=name,
            share=weights[index] / sum(weights),
            kvar_per_kw=_invented_kvar_per_kw(
                uniform(count + index), uniform(2 * count + index)
            ),
        )
        for index, name in enumerate(names)
    )


def _invented_kvar_per_kw(luck: float, size: float) -> float:
    return 0.0 if luck < _SHARE_WITHOUT_KVAR else round(0.5 * size - 0.35, 2)


def _invented_names(area_id: int) -> list[str]:
    """Return the area's names in alphabetical order; no two areas share one."""
    pairs = [" ".join(words) for words in product(_FIRST_WORDS, _SECOND_WORDS)]
    order = shuffled_order(draw(0, "kamo/names"), len(pairs))
    start = sum(count for other, (_, count) in _OKLAHOMA.items() if other < area_id)
    count = _OKLAHOMA[area_id][1]
    return sorted(pairs[index] for index in islice(order, start, start + count))
