"""A running Home Assistant, as its browser and its app talk to it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from .present import Present
from .programs import PAUSE_S

DOMAIN = "energy_logger"

_ANSWER_WITHIN_S = 30
_DOWN_WITHIN_S = 30


class RefusedError(Exception):
    """Home Assistant refuses what was asked, and says why."""


@dataclass(slots=True)
class HomeAssistant:
    """Home Assistant over HTTP and WebSocket, as the user who was made first.

    Attributes:
        url: Its address, without a slash at the end.
        session: Sends the requests.
        present: What time it is for it.
        tokens: What logging in gave; empty before.
    """

    url: str
    session: aiohttp.ClientSession
    present: Present = field(default_factory=Present)
    tokens: dict[str, Any] = field(default_factory=dict)

    @property
    def client_id(self) -> str:
        """The page that logs in."""
        return f"{self.url}/"

    async def is_up(self) -> bool:
        """Return whether everything is set up; before onboarding, whether it answers.

        An instance that is stopping is not up.
        """
        try:
            answer = await self.get("/api/config" if self.tokens else "/api/onboarding")
        except (aiohttp.ClientError, RefusedError):
            return False
        return not self.tokens or bool(answer["state"] == "RUNNING")

    async def onboard(self, name: str, username: str, password: str) -> None:
        """Make the first user, log in, and answer what the first visit asks."""
        who = {"client_id": self.client_id, "language": "en"}
        user = {"name": name, "username": username, "password": password}
        made = await self.post("/api/onboarding/users", {**who, **user})
        await self._take_tokens(made["auth_code"])
        await self.post("/api/onboarding/analytics", {})
        await self.post(
            "/api/onboarding/integration",
            {"client_id": self.client_id, "redirect_uri": f"{self.url}/"},
        )

    async def log_in(self, username: str, password: str) -> None:
        """Log in as the form does.

        Raises:
            RefusedError: If name or password is wrong.
        """
        who = {"client_id": self.client_id}
        ways = {"handler": ["homeassistant", None], "redirect_uri": self.client_id}
        flow = await self.post("/auth/login_flow", {**who, **ways})
        user = {"username": username, "password": password}
        step = await self.post(f"/auth/login_flow/{flow['flow_id']}", {**who, **user})
        if step["type"] != "create_entry":
            raise RefusedError(step["errors"])
        await self._take_tokens(step["result"])

    async def _take_tokens(self, code: str) -> None:
        form = {"grant_type": "authorization_code", "code": code}
        async with self.session.post(
            f"{self.url}/auth/token", data={**form, "client_id": self.client_id}
        ) as answer:
            self.tokens = await _told(answer)

    async def get(self, path: str) -> Any:
        """Return what a page tells.

        Raises:
            RefusedError: If it tells nothing but an error.
        """
        async with self.session.get(
            f"{self.url}{path}", headers=self._headers
        ) as answer:
            return await _told(answer)

    async def post(self, path: str, body: dict[str, Any]) -> Any:
        """Send something to a page and return what it tells.

        Raises:
            RefusedError: If it tells nothing but an error.
        """
        async with self.session.post(
            f"{self.url}{path}", json=body, headers=self._headers
        ) as answer:
            return await _told(answer)

    async def ask(self, command: str, **fields: Any) -> Any:
        """Send one command over a WebSocket of its own and return the result.

        Raises:
            RefusedError: If the command fails.
        """
        async with self.connected() as ask:
            return await ask(command, **fields)

    @asynccontextmanager
    async def connected(self) -> AsyncIterator[Callable[..., Awaitable[Any]]]:
        """Open a WebSocket and give what sends commands over it, one at a time."""
        url = f"{self.url}/api/websocket"
        async with self.session.ws_connect(url, max_msg_size=0) as socket:
            token = self.tokens["access_token"]
            await socket.receive_json(timeout=_ANSWER_WITHIN_S)
            await socket.send_json({"type": "auth", "access_token": token})
            await socket.receive_json(timeout=_ANSWER_WITHIN_S)
            count = 0

            async def ask(command: str, **fields: Any) -> Any:
                nonlocal count
                count += 1
                await socket.send_json({"id": count, "type": command, **fields})
                while True:
                    answer = await socket.receive_json(timeout=_ANSWER_WITHIN_S)
                    if answer["id"] == count and answer["type"] == "result":
                        break
                if not answer["success"]:
                    raise RefusedError(answer["error"])
                return answer["result"]

            yield ask

    async def restart(self) -> None:
        """Have it restart, as the button in its settings does.

        It is down when this returns: then wait until it is up.

        Raises:
            TimeoutError: If it does not go down.
        """
        with suppress(aiohttp.WSMessageTypeError):  # it closes instead of answering
            await self.ask("call_service", domain="homeassistant", service="restart")

        async def is_down() -> bool:
            return not await self.is_up()

        # it answers for a while yet as if nothing had been asked of it
        await until(is_down, _DOWN_WITHIN_S)

    async def act(self, action: str, **fields: Any) -> Any:
        """Run one of our actions and return its response.

        Raises:
            RefusedError: If it fails.
        """
        answer = await self.ask(
            "call_service",
            domain=DOMAIN,
            service=action,
            service_data=fields,
            return_response=True,
        )
        return answer["response"]

    async def update(self, entity_id: str) -> None:
        """Have an entity, and whatever shares its coordinator, look for news."""
        await self.ask(
            "call_service",
            domain="homeassistant",
            service="update_entity",
            service_data={"entity_id": entity_id},
        )

    async def states(self) -> dict[str, dict[str, Any]]:
        """Return all states by entity id."""
        return {state["entity_id"]: state for state in await self.get("/api/states")}

    async def set_up(self, *answers: dict[str, Any]) -> str:
        """Add an entry of ours and return its id.

        Args:
            answers: To the steps of the flow, one after the other.

        Raises:
            RefusedError: If the flow does not end with an entry.
        """
        step = await self._go_through({"handler": DOMAIN}, answers)
        if step["type"] != "create_entry":
            raise RefusedError(step)
        entry_id: str = step["result"]["entry_id"]
        return entry_id

    async def reconfigure(self, entry_id: str, *answers: dict[str, Any]) -> None:
        """Give an entry other data, as its menu does; it is loaded anew.

        Args:
            entry_id: Of the entry.
            answers: As in ``set_up``.

        Raises:
            RefusedError: If the flow does not end with the change.
        """
        flow = {"handler": DOMAIN, "entry_id": entry_id}
        step = await self._go_through(flow, answers)
        if step.get("reason") != "reconfigure_successful":
            raise RefusedError(step)

    async def remove(self, entry_id: str) -> None:
        """Remove an entry."""
        async with self.session.delete(
            f"{self.url}/api/config/config_entries/entry/{entry_id}",
            headers=self._headers,
        ) as answer:
            await _told(answer)

    async def _go_through(
        self, flow: dict[str, Any], answers: Sequence[dict[str, Any]]
    ) -> dict[str, Any]:
        """Return the last step of a flow."""
        step = await self.post("/api/config/config_entries/flow", flow)
        for given in answers:
            path = f"/api/config/config_entries/flow/{step['flow_id']}"
            before, step = step, await self.post(path, given)
            if step.get("errors"):
                raise RefusedError(step["errors"])
            if given is not answers[-1] and step["type"] not in {"form", "menu"}:
                raise RefusedError(f"ended behind {before['step_id']}: {step}")
        return dict(step)

    @property
    def _headers(self) -> dict[str, str]:
        if not self.tokens:
            return {}
        return {"Authorization": f"Bearer {self.tokens['access_token']}"}


async def until[Found](look: Callable[[], Awaitable[Found]], seconds: float) -> Found:
    """Look again and again until something true is found, and return it.

    Raises:
        TimeoutError: If that takes too long.
    """
    async with asyncio.timeout(seconds):
        while True:
            if found := await look():
                return found
            await asyncio.sleep(PAUSE_S)


async def _told(answer: aiohttp.ClientResponse) -> Any:
    if not answer.ok:
        message = f"{answer.status} {answer.url.path}: {await answer.text()}"
        raise RefusedError(message)
    return await answer.json()
