"""The fault plan: who is hit, when, how often."""

import asyncio

import pytest
from aiohttp import web
from aiohttp.test_utils import make_mocked_request

from energy_logger_simulator.faults.edits import GENERAL_EDITS
from energy_logger_simulator.faults.fault import Fault, FaultAction
from energy_logger_simulator.faults.plan import FaultPlan, InapplicableFaultError

ERROR = FaultAction.SERVER_ERROR


def hits(plan: FaultPlan, count: int, endpoint: str = "amber.prices") -> list[int]:
    return [n for n in range(1, count + 1) if plan.take(endpoint, "A") is not None]


def test_a_fault_befalls_one_request_by_default() -> None:
    plan = FaultPlan()
    plan.add(Fault(ERROR))

    assert hits(plan, 4) == [1]


def test_a_fault_waits_for_the_nth_request_and_lasts_for_its_count() -> None:
    plan = FaultPlan()
    plan.add(Fault(ERROR, nth=3, count=2))

    assert hits(plan, 9) == [3, 4]


def test_a_fault_without_count_lasts_until_it_is_cleared() -> None:
    plan = FaultPlan()
    plan.add(Fault(ERROR, count=None))

    assert hits(plan, 5) == [1, 2, 3, 4, 5]
    plan.clear()
    assert hits(plan, 5) == []


def test_a_probability_hits_its_share_the_same_in_every_run() -> None:
    def run(seed: int) -> list[int]:
        plan = FaultPlan(seed=seed)
        plan.add(Fault(ERROR, probability=0.25, count=None))
        return hits(plan, 1000)

    assert run(1) == run(1)
    assert run(1) != run(2)
    assert 200 < len(run(1)) < 300


@pytest.mark.parametrize(
    ("fault", "endpoint", "owner", "matches"),
    [
        (Fault(ERROR), "kamo.area", None, True),
        (Fault(ERROR, "kamo.area"), "kamo.areagrid", "7", False),
        (Fault(ERROR, "amber.usage", "A"), "amber.usage", "A", True),
        (Fault(ERROR, "amber.usage", "A"), "amber.usage", "B", False),
        (Fault(ERROR, owner="A"), "amber.sites", None, False),
        (Fault(FaultAction.SITE_VANISHES, owner="A"), "amber.sites", None, True),
        (Fault(FaultAction.SITE_VANISHES, owner="A"), "amber.usage", "B", False),
        (Fault(ERROR, param="next"), "amber.current", "A", True),
        (Fault(ERROR, param="previous"), "amber.current", "A", False),
    ],
)
def test_a_fault_befalls_its_endpoint_and_owner_only(
    fault: Fault, endpoint: str, owner: str | None, *, matches: bool
) -> None:
    plan = FaultPlan()
    plan.add(fault)

    assert plan.take(endpoint, owner, {"next": "5"}) == (fault if matches else None)


def test_the_first_of_several_faults_wins_and_the_second_keeps_its_shot() -> None:
    first, second = Fault(ERROR), Fault(FaultAction.NULL)
    plan = FaultPlan()
    plan.add(first, second)

    assert [plan.take("amber.sites") for _ in range(3)] == [first, second, None]


def test_pending_faults_are_those_not_spent() -> None:
    spent, pending = Fault(ERROR, "amber.sites"), Fault(ERROR, "amber.usage")
    plan = FaultPlan()
    plan.add(spent, pending)

    plan.take("amber.sites")

    assert plan.pending() == (pending,)


async def test_an_edit_that_an_endpoint_does_not_have_is_a_mistake() -> None:
    plan = FaultPlan()
    request = make_mocked_request("GET", "/v1/sites")

    with pytest.raises(InapplicableFaultError, match="null_tariff"):
        await plan.apply(Fault(FaultAction.NULL_TARIFF), request, b"[]")


@pytest.mark.parametrize(
    ("action", "options", "expected"),
    [
        (FaultAction.MISSING, {"field": "b.c"}, [{"a": 1}, {"a": 2, "b": {}}]),
        (
            FaultAction.MISSING,
            {"field": "a", "all": True},
            [{}, {"b": {"c": 3}}],
        ),
        (FaultAction.MISSING, {"field": "a", "index": -1}, [{"a": 1}, {"b": {"c": 3}}]),
        (FaultAction.MISSING, {"field": "a.x"}, [{"a": 1}, {"a": 2, "b": {"c": 3}}]),
        (
            FaultAction.WRONG_TYPE,
            {"field": "b.c"},
            [{"a": 1}, {"a": 2, "b": {"c": "3"}}],
        ),
        (
            FaultAction.WRONG_TYPE,
            {"field": "a", "value": 5.0},
            [{"a": 5.0}, {"a": 2, "b": {"c": 3}}],
        ),
        (FaultAction.WRONG_TYPE, {}, [None, {"a": 2, "b": {"c": 3}}]),
        (FaultAction.DUPLICATE, {}, [{"a": 1}, {"a": 1}, {"a": 2, "b": {"c": 3}}]),
        (FaultAction.ABSENT, {}, [{"a": 2, "b": {"c": 3}}]),
        (FaultAction.ABSENT, {"index": -1}, [{"a": 1}]),
        (FaultAction.EMPTY_LIST, {}, []),
        (
            FaultAction.NEW_ENUM,
            {"field": "a"},
            [{"a": "unheardOf"}, {"a": 2, "b": {"c": 3}}],
        ),
    ],
)
def test_general_edits_change_the_chosen_records(
    action: FaultAction, options: dict[str, object], expected: list[object]
) -> None:
    payload = [{"a": 1}, {"a": 2, "b": {"c": 3}}]

    assert GENERAL_EDITS[action](payload, Fault(action, options=options)) == expected


@pytest.mark.parametrize("action", GENERAL_EDITS)
def test_general_edits_leave_an_empty_list_empty(action: FaultAction) -> None:
    fault = Fault(action, options={"field": "a"})
    without_field = Fault(action)

    assert GENERAL_EDITS[action]([], fault) == []
    if action is FaultAction.WRONG_TYPE:
        assert GENERAL_EDITS[action]([], without_field) == []


async def test_a_hanging_request_ends_when_the_server_stops() -> None:
    plan = FaultPlan()
    app = web.Application()
    await plan.hold(app)
    request = make_mocked_request("GET", "/v1/sites")
    hanging = asyncio.create_task(
        plan.apply(Fault(FaultAction.TIMEOUT), request, b"[]")
    )
    await asyncio.sleep(0)
    assert not hanging.done()

    await plan.release(app)

    with pytest.raises(web.HTTPServiceUnavailable):
        await hanging
