"""The server's memory after a day of collecting, and after an export of all of it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from itertools import product
from pathlib import Path
from typing import Any

import aiohttp

from .collecting_server import STORE_IS_OPEN, collecting_server
from .figure import Figure, at_most
from .process_memory import Memory
from .server_process import ServerProcess, starting_server

_MB = 1e6
_FORMS = ("csv", "json", "xlsx")
_OF_AN_AREA = ("load", "substations", "forecasts")
_OF_A_SITE = ("prices", "usage", "costs", "forecasts")


@dataclass(frozen=True, slots=True)
class _Exported:
    """What an export of everything came to."""

    files: int
    size: int


@dataclass(frozen=True, slots=True)
class _Day:
    """What a server takes in the course of a day; None where nobody tells.

    Attributes:
        made: After the start that makes the store.
        fresh: After the next one.
        collected: After the last cycle.
        exported: After the export of all that was collected.
    """

    made: Memory | None
    fresh: Memory | None
    collected: Memory | None
    exported: Memory | None


async def measure(folder: Path, cycles: int) -> Sequence[Figure]:
    """Collect over HTTP every five minutes, then export all of it."""
    # its start makes the schema, which the later ones find
    made = await _start(folder)
    async with collecting_server(folder) as server:
        fresh = server.process.memory()
        for _number in range(cycles):
            await server.collect()
        collected = server.process.memory()
        exported = await _export_everything(server.session, server.process)
        day = _Day(made, fresh, collected, server.process.memory())
    return _figures(day, cycles, exported)


async def _start(folder: Path) -> Memory | None:
    async with starting_server(folder) as server, aiohttp.ClientSession() as session:
        await server.until_it_answers(session, STORE_IS_OPEN)
        return server.memory()


async def _export_everything(
    session: aiohttp.ClientSession, server: ServerProcess
) -> _Exported:
    """Read every export, in every form, of every area and site."""
    areas = await _read(session, f"{server.url}{STORE_IS_OPEN}")
    sites = await _read(session, f"{server.url}/api/sites")
    files = size = 0
    for path in _paths(_ids(areas), _ids(sites["sites"])):
        async with session.get(f"{server.url}/api/export/{path}") as answer:
            if answer.status == HTTPStatus.NOT_FOUND:
                # it would be empty: an account of one day has no usage yet
                continue
            answer.raise_for_status()
            files += 1
            async for chunk in answer.content.iter_any():
                size += len(chunk)
    return _Exported(files, size)


async def _read(session: aiohttp.ClientSession, url: str) -> Any:
    async with session.get(url) as answer:
        answer.raise_for_status()
        return await answer.json()


def _ids(listed: Sequence[Mapping[str, object]]) -> Sequence[object]:
    return [one["id"] for one in listed]


def _paths(areas: Sequence[object], sites: Sequence[object]) -> Iterator[str]:
    for owners, kinds in ((areas, _OF_AN_AREA), (sites, _OF_A_SITE)):
        for form, owner, kind in product(_FORMS, owners, kinds):
            yield f"{kind}/{owner}?format={form}"


def _figures(day: _Day, cycles: int, exported: _Exported) -> Sequence[Figure]:
    return (
        at_most(
            "memory of a server that has just started on a store",
            _resident_mb(day.fresh),
            (85, "MB"),
            f"resident; of the start that made it {_told(day.made)}",
        ),
        at_most(
            "memory after a day of collecting and an export of all of it",
            _resident_mb(day.exported),
            (100, "MB"),
            f"{cycles} cycles of KAMO and Amber over HTTP, then {_told(day.collected)};"
            f" {exported.files} files of {exported.size / _MB:.1f} MB"
            f" ({', '.join(_FORMS)}), then {_told(day.exported)}",
        ),
    )


def _resident_mb(memory: Memory | None) -> float | None:
    return None if memory is None else memory.resident / _MB


def _told(memory: Memory | None) -> str:
    if memory is None:
        return "what the system does not tell"
    return f"{memory.resident / _MB:.1f} MB, at most {memory.peak / _MB:.1f} MB"
