"""What is said of KAMO's readings as they really were: one night of nine areas."""

from energy_logger_server.domain.substation_health.faults import (
    Fault,
    HealthRules,
    Subject,
)
from energy_logger_server.domain.substation_health.polls import Polls, Value
from energy_logger_server.domain.substation_health.reactive import (
    HourOfSubstation,
    of_reactive_power,
)
from energy_logger_server.domain.substation_health.sums import HourOfArea
from energy_logger_server.domain.substation_health.watch import AreaReadings, check
from energy_logger_simulator.kamo.recording import (
    RECORDED_AT,
    recorded_grids,
    recorded_tables,
)
from tests.server.store.material import grid_of, table_of

RULES = HealthRules()


def as_recorded(area_id: int) -> AreaReadings:
    """Return an area whose every reading and hour was as in the recorded one."""
    readings = table_of(recorded_tables()[area_id], area_id, at=RECORDED_AT).table
    grid = grid_of(recorded_grids()[area_id], area_id, at=RECORDED_AT).grid
    loads = {point.hour_at: point.load_kw for point in grid.actual}
    last = max(loads)
    hour = HourOfArea(
        int(last.timestamp()) // 3600,
        sum(one.load_kw for one in readings.readings),
        [loads[one] for one in sorted(loads)[-2:]],
        is_whole=True,
    )
    poll = {
        one.name: Value(round(one.load_kw * 10), round((one.reactive_kvar or 0) * 10))
        for one in readings.readings
    }
    usual = {one.name: one.load_kw for one in readings.readings}
    hours = {
        one.name: [HourOfSubstation(one.load_kw, one.reactive_kvar or 0.0)] * 24
        for one in readings.readings
    }
    return AreaReadings(
        Polls([poll] * 12, usual, {}), of_reactive_power(hours, RULES), [hour] * 3
    )


def test_of_164_real_substations_two_have_too_much_capacitance_and_nothing_else():
    found = {
        area_id: check(as_recorded(area_id), (), RULES).begun
        for area_id in recorded_tables()
    }

    said = {
        (area_id, subject): round(holding.value or 0)
        for area_id, begun in found.items()
        for subject, holding in begun.items()
    }
    assert said == {
        (1, Subject(Fault.LEADING, "Battlefield")): 1322,
        (3, Subject(Fault.LEADING, "Cassville M2")): 372,
    }
