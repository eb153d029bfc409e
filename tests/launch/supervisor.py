"""A look-alike of Home Assistant's Supervisor, as far as an app meets it.

It takes discovery messages, hands requests on to the app's ingress port as Core and
Supervisor do together, writes the app's options, and makes and restores backups.
"""

import asyncio
import json
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path, PurePath
from typing import Any
from uuid import uuid4

from aiohttp import ClientSession, TCPConnector, web

from .handing_on import hand_on

TOKEN = "0123456789abcdef" * 4
SLUG = "0123abcd_energy_logger"
USER = {
    "X-Remote-User-Id": "0123456789abcdef",
    "X-Remote-User-Name": "anna",
    "X-Remote-User-Display-Name": "Anna",
}

_INGRESS_TOKEN = "fedcba9876543210" * 2
_KEPT_FROM_CLIENTS = {*USER, "Host", "Accept-Encoding", "Content-Length"}

type Hook = Callable[[], Awaitable[int]]


@dataclass(frozen=True, slots=True)
class Message:
    """A discovery message as it is kept.

    Attributes:
        uuid: The same for a service of an app, whatever its content.
        config: What the app says.
    """

    uuid: str
    config: Mapping[str, Any]


class BackupFailed(Exception):
    """A hook did not exit 0."""


@dataclass(slots=True)
class Supervisor:
    """The look-alike.

    Attributes:
        declared: Services that the app's manifest declares.
        refuses_with: Status of every answer, to break it; None when it works.
        answered: Statuses of its answers to apps, in order.
        messages: Messages by service.
        pushed: Messages that Core would be told of, in order.
        ingress_port: Of the app; requests go nowhere without it.
        address: Where it listens, and where its own requests come from.
        url: Its address.
    """

    declared: Collection[str] = ("energy_logger",)
    refuses_with: int | None = None
    answered: asyncio.Queue[int] = field(default_factory=asyncio.Queue)
    messages: dict[str, Message] = field(default_factory=dict)
    pushed: asyncio.Queue[Message] = field(default_factory=asyncio.Queue)
    ingress_port: int | None = None
    address: str = "127.0.0.1"
    url: str = ""

    @property
    def ingress_path(self) -> str:
        """Where Core shows the app, without a slash at the end."""
        return f"/api/hassio_ingress/{_INGRESS_TOKEN}"

    def application(self) -> web.Application:
        """Return what answers at its address, Core's part of ingress included."""
        application = web.Application()
        application.add_routes(
            [
                web.post("/discovery", self._take_message),
                web.delete("/discovery/{uuid}", self._drop_message),
                web.route("*", f"{self.ingress_path}/{{path:.*}}", self._hand_on),
            ]
        )
        return application

    async def _take_message(self, request: web.Request) -> web.Response:
        answer = await self._answer_to(request)
        self.answered.put_nowait(answer.status)
        return answer

    async def _answer_to(self, request: web.Request) -> web.Response:
        refusal = self._refusal(request)
        if refusal is not None:
            return refusal
        body = await request.json()
        if body["service"] not in self.declared:
            return _error(403, "Services must be declared by the app")
        known = self.messages.get(body["service"])
        if known is None or known.config != body["config"]:
            uuid = uuid4().hex if known is None else known.uuid
            known = self.messages[body["service"]] = Message(uuid, body["config"])
            self.pushed.put_nowait(known)
        return _good({"uuid": known.uuid})

    async def _drop_message(self, request: web.Request) -> web.Response:
        refusal = self._refusal(request)
        if refusal is not None:
            return refusal
        for service, message in self.messages.items():
            if message.uuid == request.match_info["uuid"]:
                del self.messages[service]
                return _good({})
        return _error(404, "No discovery message found")

    def _refusal(self, request: web.Request) -> web.Response | None:
        if self.refuses_with is not None:
            return _error(self.refuses_with, "not now")
        if request.headers.get("Authorization") != f"Bearer {TOKEN}":
            return _error(401, "401: Unauthorized")
        return None

    async def _hand_on(self, request: web.Request) -> web.StreamResponse:
        headers = {
            name: value
            for name, value in request.headers.items()
            if name not in _KEPT_FROM_CLIENTS
        }
        headers |= USER | {
            "X-Ingress-Path": self.ingress_path,
            "X-Hass-Source": "core.ingress",
            "X-Forwarded-For": request.remote or "",
            "X-Forwarded-Host": request.host,
            "X-Forwarded-Proto": request.scheme,
        }
        url = f"http://127.0.0.1:{self.ingress_port}/{request.match_info['path']}"
        connector = TCPConnector(local_addr=(self.address, 0))
        async with ClientSession(connector=connector, auto_decompress=False) as session:
            return await hand_on(request, session, url, headers)


@asynccontextmanager
async def supervising(address: str = "127.0.0.1") -> AsyncIterator[Supervisor]:
    """Start one.

    Args:
        address: Of this machine; 127.0.0.2 is another one than that of tests, as
            172.30.32.2 is another one than that of everybody else.
    """
    supervisor = Supervisor(address=address)
    runner = web.AppRunner(supervisor.application())
    await runner.setup()
    try:
        await web.TCPSite(runner, address, 0).start()
        supervisor.url = f"http://{address}:{runner.addresses[0][1]}"
        yield supervisor
    finally:
        await runner.cleanup()


def write_options(data: Path, options: Mapping[str, object]) -> Path:
    """Write the app's options as before every start: for their owner only."""
    path = data / "options.json"
    path.write_text(json.dumps(options))
    path.chmod(0o600)
    return path


async def back_up(
    data: Path, backup: Path, *, pre: Hook, post: Hook, exclude: Collection[str]
) -> None:
    """Copy the folder of an app that runs, between its hooks.

    Args:
        data: The app's folder.
        backup: Folder that the copy goes to; made.
        pre: Runs ``backup_pre`` and returns its exit code.
        post: Likewise ``backup_post``; runs whatever happens.
        exclude: Patterns of the manifest.

    Raises:
        BackupFailed: If a hook does not exit 0.
    """
    if await pre() != 0:
        raise BackupFailed("backup_pre")
    try:
        await asyncio.to_thread(_copy, data, backup, exclude)
    finally:
        if await post() != 0:
            raise BackupFailed("backup_post")


def _copy(data: Path, backup: Path, exclude: Collection[str]) -> None:
    def excluded(folder: str, names: list[str]) -> set[str]:
        # the full path is compared, so a pattern is matched from its right end
        return {
            name
            for name in names
            if any(PurePath(folder, name).match(one) for one in exclude)
        }

    shutil.copytree(data, backup, ignore=excluded)


def restore(backup: Path, data: Path) -> None:
    """Put a copy in the place of the folder of an app that does not run."""
    shutil.rmtree(data, ignore_errors=True)
    shutil.copytree(backup, data)


def _good(data: Mapping[str, object]) -> web.Response:
    return web.json_response({"result": "ok", "data": data})


def _error(status: int, message: str) -> web.Response:
    return web.json_response({"result": "error", "message": message}, status=status)
