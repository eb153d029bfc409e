"""What is seen of an odd answer, and answers that lack everything."""

from collections.abc import Sequence

from aiohttp import web

from energy_logger_server.collect.schedule import Schedule
from energy_logger_server.domain.collecting.problems import ProblemCode
from tests.server.collect.world import LoggedRun, World


def codes(schedule: Schedule) -> list[ProblemCode]:
    """Return what the status says is wrong."""
    return [problem.code for problem in schedule.status().problems]


def odd(runs: Sequence[LoggedRun]) -> list[int]:
    """Return the positions of the runs that were no success."""
    return [place for place, run in enumerate(runs) if run.outcome != "success"]


def without(world: World, *parts: str) -> None:
    """Answer with nothing what takes long: paths, ended by $, with one of these."""
    world.wire.intercept = lambda request: (
        web.json_response([])
        if any(part in f"{request.path}$" for part in parts)
        else None
    )
