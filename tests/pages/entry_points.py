"""Ways in which browsers come to the pages: direct, under a prefix, by ingress."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import ClientSession, DummyCookieJar, hdrs, web
from aiohttp.test_utils import TestServer

from energy_logger_server.app import Server
from energy_logger_server.web.app import make_web_app

INGRESS_PATH = "/api/hassio_ingress/a-token-of-the-tests_0123456789abcdef"
_HOP_BY_HOP = {
    hdrs.CONNECTION.lower(),
    hdrs.CONTENT_LENGTH.lower(),
    hdrs.KEEP_ALIVE.lower(),
    hdrs.TRANSFER_ENCODING.lower(),
}
HOME_ASSISTANT = """<!doctype html><html lang="en"><head><title>Home</title>
<link rel="icon" href="data:,">
<style>html{--primary-background-color:#111111;--card-background-color:#1c1c1c;
--primary-text-color:#e1e1e1;--secondary-text-color:#b0b0b0;--divider-color:#383838;
--primary-color:#03a9f4}body{margin:0}iframe{border:0;height:100vh;width:100%}</style>
</head><body><iframe title="Energy Logger" src="INGRESS/"></iframe></body></html>"""


@dataclass(frozen=True, slots=True)
class EntryPoint:
    """Where a browser enters.

    Attributes:
        url: Of the first page; ends with a slash.
        asks_for_key: Whether household data needs the key here.
        outside: Of the page around it, or the same.
    """

    url: str
    asks_for_key: bool
    outside: str


@dataclass(slots=True)
class _Proxy:
    """Passes requests on to a server, without what stands before its own paths."""

    target: str
    prefix: str
    headers: dict[str, str] = field(default_factory=dict)
    session: ClientSession | None = None

    async def pass_on(self, request: web.Request) -> web.StreamResponse:
        """Answer as the server does."""
        assert self.session is not None
        headers = {
            name: value
            for name, value in request.headers.items()
            if name.lower() not in _HOP_BY_HOP
        }
        path = request.raw_path.removeprefix(self.prefix)
        async with self.session.request(
            request.method,
            f"{self.target}{path}",
            headers={**headers, **self.headers},
            data=await request.read(),
            allow_redirects=False,
        ) as answer:
            reply = web.StreamResponse(status=answer.status, reason=answer.reason)
            for name, value in answer.headers.items():
                if name.lower() not in _HOP_BY_HOP:
                    reply.headers.add(name, value)
            await reply.prepare(request)
            async for chunk in answer.content.iter_any():
                await reply.write(chunk)
            return reply


@asynccontextmanager
async def direct(server: Server) -> AsyncIterator[EntryPoint]:
    """Come to the server's own port."""
    url = f"http://127.0.0.1:{server.port}/"
    yield EntryPoint(url, asks_for_key=True, outside=url)


@asynccontextmanager
async def under_a_prefix(server: Server) -> AsyncIterator[EntryPoint]:
    """Come through a proxy that takes the prefix away and does not tell it."""
    proxy = _Proxy(f"http://127.0.0.1:{server.port}", "/at/home/energy")
    async with _serving(proxy) as url:
        outside = f"{url}{proxy.prefix}/"
        yield EntryPoint(outside, asks_for_key=True, outside=outside)


@asynccontextmanager
async def under_a_forwarded_prefix(server: Server) -> AsyncIterator[EntryPoint]:
    """Come through a proxy that tells the prefix which it takes away."""
    prefix = "/energy"
    target = f"http://127.0.0.1:{server.port}"
    async with _serving(_Proxy(target, prefix, {"X-Forwarded-Prefix": prefix})) as url:
        outside = f"{url}{prefix}/"
        yield EntryPoint(outside, asks_for_key=True, outside=outside)


@asynccontextmanager
async def through_ingress(server: Server) -> AsyncIterator[EntryPoint]:
    """Come as through Home Assistant, which stands for the Supervisor here."""
    ingress = TestServer(make_web_app(server.deps, ingress_from={"127.0.0.1"}))
    await ingress.start_server()
    try:
        headers = {"X-Ingress-Path": INGRESS_PATH, "X-Hass-Source": "core.ingress"}
        target = str(ingress.make_url("")).rstrip("/")
        async with _serving(_Proxy(target, INGRESS_PATH, headers)) as url:
            yield EntryPoint(
                f"{url}{INGRESS_PATH}/", asks_for_key=False, outside=f"{url}/"
            )
    finally:
        await ingress.close()


ENTRY_POINTS = {"direct": direct, "prefix": under_a_prefix, "ingress": through_ingress}


@asynccontextmanager
async def _serving(proxy: _Proxy) -> AsyncIterator[str]:
    async def home(_request: web.Request) -> web.Response:
        page = HOME_ASSISTANT.replace("INGRESS", INGRESS_PATH)
        return web.Response(text=page, content_type="text/html")

    app = web.Application()
    app.router.add_get("/", home)
    app.router.add_route("*", f"{proxy.prefix}{{path:(/.*)?}}", proxy.pass_on)
    async with (
        ClientSession(cookie_jar=DummyCookieJar(), auto_decompress=False) as session,
        TestServer(app) as server,
    ):
        proxy.session = session
        yield str(server.make_url("")).rstrip("/")
