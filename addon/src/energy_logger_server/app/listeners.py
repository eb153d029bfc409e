"""The ports of a server, and what they answer with and without a store."""

from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

from aiohttp import web

from energy_logger_server.config.settings import Settings
from energy_logger_server.web.app import make_web_app
from energy_logger_server.web.deps import WebDeps
from energy_logger_server.web.http.ingress import SUPERVISOR
from energy_logger_server.web.startup.app import StartupDeps, make_startup_app

from .listening import Listener, listening


@dataclass(frozen=True, slots=True, kw_only=True)
class Listeners:
    """The ports of a server.

    Attributes:
        api: The API's.
        ingress: Home Assistant's; None where there is no such port.
        settings: Of the machine.
        startup: What answers without a store say.
    """

    api: Listener
    ingress: Listener | None
    settings: Settings
    startup: StartupDeps

    async def answer_with_store(self, deps: WebDeps) -> None:
        """Answer what is stored."""
        cors_origins = self.settings.cors_origins or ()
        await self.api.answer_by(make_web_app(deps, cors_origins=cors_origins))
        if self.ingress is not None:
            ingress_from = _supervisors(self.settings)
            await self.ingress.answer_by(make_web_app(deps, ingress_from=ingress_from))

    async def answer_without_store(self) -> None:
        """Say how opening the store goes."""
        await self.api.answer_by(_startup_app(self.settings, self.startup))
        if self.ingress is not None:
            await self.ingress.answer_by(_startup_ingress(self.settings, self.startup))


@asynccontextmanager
async def listening_on_all(
    settings: Settings, startup: StartupDeps
) -> AsyncIterator[Listeners]:
    """Listen on the ports that the settings name; say how opening the store goes.

    Raises:
        ConfigurationError: If ``HOST`` can be no name.
        PlaceUnusable: If a port cannot be listened on.
    """
    app = _startup_app(settings, startup)
    async with (
        listening(app, settings.host, settings.port, "PORT") as api,
        _ingress(settings, startup) as ingress,
    ):
        yield Listeners(api=api, ingress=ingress, settings=settings, startup=startup)


@asynccontextmanager
async def _ingress(
    settings: Settings, startup: StartupDeps
) -> AsyncIterator[Listener | None]:
    if settings.ingress_port is None:
        yield None
        return
    app = _startup_ingress(settings, startup)
    place = settings.host, settings.ingress_port, "INGRESS_PORT"
    async with listening(app, *place) as listener:
        yield listener


def _startup_app(settings: Settings, startup: StartupDeps) -> web.Application:
    return make_startup_app(startup, cors_origins=settings.cors_origins or ())


def _startup_ingress(settings: Settings, startup: StartupDeps) -> web.Application:
    return make_startup_app(startup, ingress_from=_supervisors(settings))


def _supervisors(settings: Settings) -> Collection[str]:
    """Return the addresses from which ingress is let in."""
    elsewhere = urlsplit(settings.supervisor_url or "").hostname
    return {elsewhere or SUPERVISOR}
