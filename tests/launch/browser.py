"""Headless Chromium, steered through its DevTools protocol."""

import asyncio
import base64
import json
import shutil
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp

from .home_assistant import HomeAssistant
from .home_assistant_folder import TIME_ZONE
from .programs import Program

# The first, which has no window at all, takes half the time of the others. Debian's
# script of its name would stay behind when the browser is asked to end.
_NAMES = (
    "/usr/lib/chromium/chromium-headless-shell",
    "chromium-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
)
_OPTIONS = (
    "--headless",
    "--no-sandbox",  # which root cannot have; it sees nothing but this machine
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    "--no-first-run",
    "--no-proxy-server",
    "--remote-debugging-port=0",
)
_WITHIN_S = 40
_STEADY = """
new Promise(resolve => {
  const within = root => [...root.querySelectorAll('*')].flatMap(
    one => one.shadowRoot ? [one, ...within(one.shadowRoot)] : [one])
    .filter(one => !['script', 'style'].includes(one.localName));
  let before = '', since = 0, looks = 0;
  const look = () => {
    const every = within(document);
    const text = every.flatMap(one => [...one.childNodes])
      .filter(one => one.nodeType === Node.TEXT_NODE)
      .map(one => one.data.trim()).filter(Boolean).join('|');
    const canvases = every.filter(one => one.localName === 'canvas').length;
    const now = `${canvases} ${text}`;
    since = now === before && WANTED.every(one => text.includes(one)) ? since + 1 : 0;
    before = now;
    since < 20 && ++looks < 200 ? setTimeout(look, 100) : resolve(text);
  };
  look();
})
"""
"""Resolves with the words on the page.

As soon as all that is wanted is there and nothing has changed for two seconds; after
twenty seconds in any case, so that one can see what is missing.
"""


_AHEAD = """
Date = new Proxy(Date, {
  construct: (wall, given, made) =>
    Reflect.construct(wall, given.length ? given : [wall.now() + AHEAD_MS], made),
  apply: () => new Date().toString(),
  get: (wall, name) =>
    name === 'now' ? () => wall.now() + AHEAD_MS : Reflect.get(wall, name),
});
"""
"""Shifts what a page is told of the present."""


class NoBrowserError(Exception):
    """There is no Chromium on this machine."""


@dataclass(frozen=True, slots=True)
class Window:
    """A window's size.

    Attributes:
        width: In CSS pixels.
        height: In CSS pixels.
        scale: Pixels of the photograph for each.
    """

    width: int = 1560
    height: int = 820
    scale: float = 1.25


@dataclass(frozen=True, slots=True)
class Photograph:
    """What a page looked like.

    Attributes:
        png: The picture.
        text: All words on the page.
    """

    png: bytes
    text: str


def find_browser() -> str:
    """Return Chromium's path.

    Raises:
        NoBrowserError: If there is none.
    """
    for name in _NAMES:
        if (path := shutil.which(name)) is not None:
            return path
    raise NoBrowserError(" or ".join(_NAMES))


async def photograph(
    home: HomeAssistant,
    path: str,
    wanted: list[str],
    window: Window,
    folder: Path,
    *,
    remembered: Mapping[str, str] | None = None,
) -> Photograph:
    """Return how a page of Home Assistant looks to who is logged in there.

    Args:
        home: Home Assistant.
        path: Of the page.
        wanted: Words that are there when the page is complete; it is photographed
            without them after a while.
        window: Its size.
        folder: For the browser's profile.
        remembered: What the browser keeps from visits before.

    Raises:
        TimeoutError: If the page does not get that far.
        NoBrowserError: If there is no Chromium.
    """
    tokens = {**home.tokens, "hassUrl": home.url, "clientId": home.client_id}
    # far from its end, so that the page does not ask for another token first
    tokens["expires"] = 4_000_000_000_000
    log_in = "".join(
        f"localStorage.setItem({json.dumps(key)}, {json.dumps(value)});"
        for key, value in {
            "hassTokens": json.dumps(tokens),
            **(remembered or {}),
        }.items()
    )
    async with asyncio.timeout(_WITHIN_S), _page(home.session, folder) as page:
        await page.send("Page.enable")
        ahead_ms = round(home.present.ahead.total_seconds() * 1000)
        ahead = _AHEAD.replace("AHEAD_MS", str(ahead_ms))
        await page.send("Page.addScriptToEvaluateOnNewDocument", source=ahead + log_in)
        await page.send(
            "Emulation.setDeviceMetricsOverride",
            width=window.width,
            height=window.height,
            deviceScaleFactor=window.scale,
            mobile=False,
        )
        await page.send("Page.navigate", url=f"{home.url}{path}")
        seen = await page.send(
            "Runtime.evaluate",
            expression=_STEADY.replace("WANTED", json.dumps(wanted)),
            awaitPromise=True,
        )
        shot = await page.send("Page.captureScreenshot", format="png")
    return Photograph(base64.b64decode(shot["data"]), seen["result"]["value"])


@dataclass(slots=True)
class _Page:
    socket: aiohttp.ClientWebSocketResponse
    count: int = 0

    async def send(self, method: str, **parameters: Any) -> Any:
        """Send a command and return its result."""
        self.count += 1
        await self.socket.send_json(
            {"id": self.count, "method": method, "params": parameters}
        )
        while True:
            answer = await self.socket.receive_json()
            if answer.get("id") == self.count:
                return answer["result"]


@asynccontextmanager
async def _page(session: aiohttp.ClientSession, folder: Path) -> AsyncIterator[_Page]:
    profile = folder / "profile"
    port_file = profile / "DevToolsActivePort"

    async def has_told_port() -> bool:
        return port_file.exists() and "\n" in port_file.read_text()

    browser = Program(
        "chromium",
        [find_browser(), *_OPTIONS, f"--user-data-dir={profile}", "about:blank"],
        {"HOME": str(folder), "PATH": "/usr/bin:/bin", "TZ": TIME_ZONE},
        folder,
        has_told_port,
    )
    try:
        await browser.start()
        port = port_file.read_text().split()[0]
        async with session.get(f"http://127.0.0.1:{port}/json/list") as answer:
            pages = [one for one in await answer.json() if one["type"] == "page"]
        async with session.ws_connect(
            pages[0]["webSocketDebuggerUrl"], max_msg_size=0
        ) as socket:
            yield _Page(socket)
    finally:
        await browser.stop()
