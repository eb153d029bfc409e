"""``/api/substations/health``, and what streams and metrics say of substations."""

from datetime import UTC, datetime

from energy_logger_server.domain.events import SubstationNotice
from energy_logger_server.domain.substation_health.faults import (
    Fault,
    Holding,
    Subject,
)
from energy_logger_server.domain.substation_health.watch import FaultChanges
from energy_logger_server.web.events.fields import event_fields
from energy_logger_server.web.routes.substation_health import (
    substation_health_operations,
)
from tests.server.web.answers import areas, table
from tests.server.web.conftest import Api
from tests.server.web.csv_answers import csv_rows
from tests.server.web.shapes import require_shape

PATH = "/api/substations/health/OZEC"
[OPERATION] = substation_health_operations()
NORTH, SUM = Subject(Fault.LAGGING, "North"), Subject(Fault.SUM_DIFFERS)
FROZEN = Subject(Fault.FROZEN, "South")


async def test_faults_and_reactive_power_are_told(api: Api):
    now = api.clock.now()
    readings = {"North": (1000.0, 700.0, 0.82), "South": (1000.0, -100.0, -1.0)}
    await api.collector.run(areas(), table(1, now, readings))
    begun = {NORTH: Holding(371.3), SUM: Holding(-250.0), FROZEN: Holding(1000.0)}
    await api.store.save_fault_changes(1, FaultChanges(begun, ()))
    await api.store.save_fault_changes(1, FaultChanges({}, [FROZEN]))
    api.clock.advance(3600)

    answer = await api.get(PATH, key=None)

    require_shape(answer, OPERATION.answer.schema)
    found = {one["fault"]: one for one in answer["data"]}
    assert found["lagging"]["kvar"] == 371.3
    assert found["lagging"]["substation_name"] == "North"
    assert (found["sum_differs"]["kw"], found["sum_differs"]["kvar"]) == (-250, None)
    assert found["sum_differs"]["substation_name"] is None
    assert found["frozen"]["ended_at"] is not None
    assert [one["substation_name"] for one in answer["substations"]] == [
        "North",
        "South",
    ]
    assert answer["substations"][0] == {
        "substation_name": "North",
        "load_kw": 1000.0,
        "lagging_kvar": 700.0,
        "leading_kvar": 0.0,
        "power_factor": 0.8192,
        "kvar_to_target": 371.3,
    }
    assert answer["is_watched"] is True
    rows = await csv_rows(api, f"{PATH}?format=csv&days=0")
    assert {row["fault"] for row in rows} == {"lagging", "sum_differs"}
    metrics = await (await api.ask("/metrics")).text()
    assert 'energy_logger_substation_faults{fault="lagging"} 1.0' in metrics
    assert 'energy_logger_substation_faults{fault="frozen"} 0.0' in metrics


async def test_an_area_that_was_never_read_has_nothing_wrong(api: Api):
    await api.collector.run(areas())

    answer = await api.get(PATH)

    require_shape(answer, OPERATION.answer.schema)
    assert (answer["read_at"], answer["data"], answer["substations"]) == (None, [], [])


def test_a_stream_tells_what_begins_and_what_is_over():
    at = datetime(2026, 1, 4, 13, tzinfo=UTC)

    begins = event_fields(SubstationNotice(1, "Ozark", NORTH, at, value=371.2983))
    ends = event_fields(SubstationNotice(1, "Ozark", FROZEN, at, is_over=True))

    assert begins == {
        "area_id": 1,
        "area_name": "Ozark",
        "fault": "lagging",
        "substation_name": "North",
        "notice": "began",
        "kw": None,
        "kvar": 371.3,
        "at": "2026-01-04T07:00:00-06:00",
    }
    assert (ends["notice"], ends["kw"]) == ("ended", None)
