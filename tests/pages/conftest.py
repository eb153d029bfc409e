"""The built pages in a real Chromium, on a real server that is filled."""

import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import (
    AbstractAsyncContextManager,
    AsyncExitStack,
    asynccontextmanager,
)
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from aiohttp import ClientSession
from playwright.async_api import Browser, Page, async_playwright, expect

from energy_logger_server import app
from energy_logger_server.web.pages.routes import BUILT_PAGES
from energy_logger_simulator.amber.config import AmberConfig
from energy_logger_simulator.kamo.config import KamoConfig
from energy_logger_simulator.server import Simulator, serve
from energy_logger_simulator.settable_clock import SettableClock
from tests.launch.browser import find_browser
from tests.server.store_template import lay_store

from .entry_points import ENTRY_POINTS, EntryPoint, direct
from .filled_store import BEGAN, KEY, PRESENT, filled_store, page_settings
from .planted_scores import plant_scores
from .planted_watch import WATCHED, plant_watch

SYDNEY = "Australia/Sydney"
_WITHIN_MS = 30_000
# an expectation has a limit of its own, five seconds, whatever a page's is
expect.set_options(timeout=_WITHIN_MS)
_READER = {
    "locale": "en-AU",
    "timezone_id": SYDNEY,
    "reduced_motion": "reduce",
}


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option that keeps pictures."""
    parser.addoption(
        "--photographs",
        type=Path,
        metavar="FOLDER",
        help="keep the pictures of pages in this folder",
    )


@pytest.fixture
def photographs(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """Folder for pictures: a passing one unless the option names another."""
    folder: Path = request.config.getoption("--photographs") or tmp_path
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let all tests run in one loop, which is the browser's, too."""
    here = Path(__file__).parent
    for item in items:
        if item.path.is_relative_to(here):
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)


@dataclass(slots=True)
class World:
    """A server with its utilities, on one clock that moves only when told to."""

    data_dir: Path
    values: dict[str, str]
    clock: SettableClock
    server: app.Server = field(init=False)
    simulator: Simulator = field(init=False)
    _utilities: AsyncExitStack = field(default_factory=AsyncExitStack)
    _running: AsyncExitStack = field(default_factory=AsyncExitStack)
    _address: str = ""

    async def start(self) -> None:
        """Start the utilities, and the server on any free port."""
        self.simulator = Simulator(
            amber=AmberConfig(start=BEGAN), kamo=KamoConfig(), now=self.clock.now
        )
        self._address = await self._utilities.enter_async_context(serve(self.simulator))
        await self.restart(0)

    async def restart(self, port: int) -> None:
        """Start the server after ``stop``."""
        settings = page_settings(self.data_dir, self._address, **self.values)
        running = app.running(replace(settings, port=port), self.clock)
        self.server = await self._running.enter_async_context(running)

    async def stop(self) -> None:
        """Let the server go away."""
        await self._running.aclose()

    async def close(self) -> None:
        """Let the server go away, and then the utilities."""
        await self.stop()
        await self._utilities.aclose()

    async def get(self, path: str) -> Any:
        """Return what the API answers to whoever has the key."""
        url = f"http://127.0.0.1:{self.server.port}/{path}"
        async with (
            ClientSession(headers={"X-API-Key": KEY}) as client,
            client.get(url) as answer,
        ):
            assert answer.status == 200, await answer.text()
            return await answer.json()


@asynccontextmanager
async def _running(data_dir: Path, **values: str) -> AsyncIterator[World]:
    world = World(data_dir, values, SettableClock(PRESENT))
    await world.start()
    try:
        yield world
    finally:
        await world.close()


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of a store that is filled; to be copied."""
    shared = tmp_path_factory.getbasetemp().parent / "pages"
    shared.mkdir(exist_ok=True)
    return filled_store(shared)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def world(
    filled: Path, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[World]:
    """A server over the filled store, for tests that only look."""
    data_dir = tmp_path_factory.mktemp("world")
    shutil.copy(filled, data_dir)
    async with _running(data_dir, **WATCHED) as running:
        await plant_watch(running.server, PRESENT)
        await plant_scores(running.server)
        yield running


type StartWorld = Callable[..., Awaitable[World]]


@pytest_asyncio.fixture(loop_scope="session")
async def start_world(tmp_path: Path, filled: Path) -> AsyncIterator[StartWorld]:
    """Start a server of a test's own; keywords are settings and ``is_filled``."""
    async with AsyncExitStack() as stack:

        async def start(*, is_filled: bool = True, **values: str) -> World:
            if is_filled:
                shutil.copy(filled, tmp_path)
            else:
                lay_store(tmp_path / filled.name)
            return await stack.enter_async_context(_running(tmp_path, **values))

        yield start


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def entry_points(world: World) -> AsyncIterator[dict[str, EntryPoint]]:
    """All ways into the server that tests only look at."""
    async with AsyncExitStack() as stack:
        yield {
            name: await stack.enter_async_context(way(world.server))
            for name, way in ENTRY_POINTS.items()
        }


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    """Debian's Chromium."""
    assert (BUILT_PAGES / "index.html").exists(), "run scripts/build_pages first"
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(
            executable_path=find_browser(),
            args=["--disable-gpu", "--disable-dev-shm-usage", "--no-proxy-server"],
            chromium_sandbox=False,
        )
        yield chromium
        await chromium.close()


@dataclass(slots=True)
class Visit:
    """A page in a browser, and what went wrong on it."""

    page: Page
    entry: EntryPoint
    problems: list[str] = field(default_factory=list)

    async def go(self, address: str) -> None:
        """Go to an address of the pages, such as ``now?area=OZEC``."""
        await self.page.goto(f"{self.entry.url}#/{address}")

    async def sign_in(self, key: str) -> None:
        """Sign in as the page does."""
        address = f"{self.entry.url}api/session"
        answer = await self.page.context.request.post(address, data={"key": key})
        assert answer.ok, await answer.text()

    async def settled(self) -> None:
        """Wait until nothing says that it is loading, and charts are drawn."""
        # at every frame it would keep a slow machine from drawing the next one
        await self.page.wait_for_function(_SETTLED, polling=50)

    async def text(self, selector: str = "app-shell", number: int = 0) -> str:
        """Return the words within an element, with plain spaces."""
        element = self.page.locator(selector).nth(number)
        found: str = await element.evaluate(_WORDS)
        return " ".join(found.split())


_WORDS = """(top) => {
  const words = (node) => {
    if (node.nodeType === Node.TEXT_NODE) return node.data;
    if (node.nodeType !== Node.ELEMENT_NODE || node.localName === 'style') return '';
    const inside = node.localName === 'slot' ? node.assignedNodes()
      : (node.shadowRoot ?? node).childNodes;
    const text = [...inside].map(words).join('');
    const isInline = getComputedStyle(node).display.startsWith('inline');
    return isInline || node.localName === 'slot' ? text : ` ${text} `;
  };
  return words(top);
}"""
_SETTLED = """() => {
  const within = (root) => [...root.querySelectorAll('*')].flatMap((one) =>
    one.shadowRoot ? [one, ...within(one.shadowRoot)] : [one]);
  const every = within(document);
  const isBusy = every.some((one) => one.getAttribute('role') === 'status'
    && one.textContent.includes('Loading…'));
  const undrawn = every.some((one) => one.classList.contains('plot')
    && one.querySelector('canvas') === null);
  const main = every.find((one) => one.localName === 'main');
  return main !== undefined && main.childElementCount > 0 && !isBusy && !undrawn;
}"""


type Open = Callable[..., Awaitable[Visit]]


@pytest_asyncio.fixture(loop_scope="session")
async def visit(browser: Browser) -> AsyncIterator[Open]:
    """Open a browser at a entry; keywords are those of a context of Playwright."""
    async with AsyncExitStack() as stack:

        async def start(
            entry: EntryPoint, *, is_signed_in: bool = True, **how: Any
        ) -> Visit:
            context = await browser.new_context(**{**_READER, **how})
            stack.push_async_callback(context.close)
            context.set_default_timeout(_WITHIN_MS)
            # the page's clock is the server's; its timers go on
            await context.clock.set_fixed_time(PRESENT)
            page = await context.new_page()
            seen = Visit(page, entry)
            if entry.asks_for_key and is_signed_in:
                await seen.sign_in(KEY)
            _note_problems(page, seen.problems)
            return seen

        yield start


def _note_problems(page: Page, problems: list[str]) -> None:
    page.on(
        "console",
        lambda said: (
            problems.append(f"{said.type}: {said.text}")
            if said.type in {"error", "warning"}
            else None
        ),
    )
    page.on("pageerror", lambda error: problems.append(f"exception: {error}"))
    page.on(
        "response",
        lambda got: (
            problems.append(f"{got.status}: {got.url}") if got.status >= 400 else None
        ),
    )


type Way = Callable[[app.Server], AbstractAsyncContextManager[EntryPoint]]
type EntryPointTo = Callable[..., Awaitable[EntryPoint]]


@pytest_asyncio.fixture(loop_scope="session")
async def entry_point_to() -> AsyncIterator[EntryPointTo]:
    """Open a way to a server, its own port unless another is given.

    To be asked for before ``visit``: browsers listen until they are closed.
    """
    async with AsyncExitStack() as stack:

        async def open_entry(world: World, way: Way = direct) -> EntryPoint:
            return await stack.enter_async_context(way(world.server))

        yield open_entry
