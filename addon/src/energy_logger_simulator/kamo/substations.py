"""Readings of an area's substations: pure functions of the seed and the time."""

from dataclasses import dataclass
from functools import lru_cache
from math import hypot

from energy_logger_simulator.keyed_hash import Draw, draw

from .areas import Substation, simulated_areas
from .load import HOUR_S, STEP_S, shown_load_kw
from .noise import signed, stream, wave

# Together they may miss the area's load by 1.5 %, and by what rounding adds: the
# recorded ones stay within 2.5 %.
_MISMATCH = 0.015
_SLOW_SWING = 0.12
_FAST_SWING = 0.03
_KVAR_SWING = 0.2


@dataclass(frozen=True, slots=True)
class SubstationFigures:
    """What KAMO shows of a substation.

    Attributes:
        name: Unique within its area.
        load_kw: Real power, kW.
        reactive_kvar: Reactive power, kVAR; negative leads.
        power_factor: As KAMO writes it, see `signed_power_factor`.
    """

    name: str
    load_kw: float
    reactive_kvar: float
    power_factor: float

    def row(self) -> dict[str, str | float]:
        """Return the row of KAMO's table, in its key order."""
        return {
            "name": self.name,
            "kw": self.load_kw,
            "kvar": self.reactive_kvar,
            "pf": self.power_factor,
            # false in every recorded row
            "quality": False,
            "qualityNow": False,
        }


def substation_figures(
    seed: int, area_id: int, now_s: int
) -> tuple[SubstationFigures, ...]:
    """Return the readings of all substations of an area, in KAMO's order.

    They are taken anew every three minutes. An aggregate has none.
    """
    step = now_s // STEP_S
    area_kw = shown_load_kw(seed, area_id, now_s // HOUR_S * HOUR_S, now_s)
    miss = _MISMATCH * signed(stream(seed, f"kamo/mismatch/{area_id}"), step)
    stations = _stations(seed, area_id)
    weights = [station.weight(step) for station in stations]
    kw_per_weight = area_kw * (1 + miss) / sum(weights) if weights else 0.0
    return tuple(
        station.figures(weight * kw_per_weight, step)
        for station, weight in zip(stations, weights, strict=True)
    )


def signed_power_factor(load_kw: float, reactive_kvar: float) -> float:
    """Return the power factor as KAMO writes it: with the sign of the kVAR.

    Two decimals. Without kVAR it is 0, not 1: in the recording that holds for all
    eight such substations.
    """
    if reactive_kvar == 0:
        return 0.0
    size = round(load_kw / hypot(load_kw, reactive_kvar), 2)
    # no minus before a zero
    return -size if reactive_kvar < 0 and size else size


@dataclass(frozen=True, slots=True)
class _Station:
    """A substation with the chances that move it."""

    substation: Substation
    kw_chance: Draw
    kvar_chance: Draw

    def weight(self, step: int) -> float:
        # the fast draws must not be the slow ones over again
        fast = signed(self.kw_chance, -step)
        slow = _hourly_wave(self.kw_chance, step)
        return self.substation.share * (1 + _SLOW_SWING * slow + _FAST_SWING * fast)

    def figures(self, load_kw: float, step: int) -> SubstationFigures:
        substation = self.substation
        swing = 1 + _KVAR_SWING * _hourly_wave(self.kvar_chance, step)
        kvar = load_kw * substation.kvar_per_kw * swing
        shown_kw = round(load_kw, substation.decimals)
        # adding 0.0 takes the minus from a zero
        shown_kvar = round(kvar, substation.decimals) + 0.0
        return SubstationFigures(
            name=substation.name,
            load_kw=shown_kw,
            reactive_kvar=shown_kvar,
            power_factor=signed_power_factor(shown_kw, shown_kvar),
        )


@lru_cache(maxsize=64)
def _stations(seed: int, area_id: int) -> tuple[_Station, ...]:
    return tuple(
        _Station(
            substation,
            draw(seed, f"kamo/station/{area_id}/{substation.name}"),
            draw(seed, f"kamo/kvar/{area_id}/{substation.name}"),
        )
        for substation in simulated_areas()[area_id].substations
    )


def _hourly_wave(chance: Draw, step: int) -> float:
    return wave(chance, step * STEP_S / HOUR_S)
