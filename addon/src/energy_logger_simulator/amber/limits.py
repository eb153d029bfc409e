"""The rate limit: 50 requests per 300-second window, two counters per key."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from math import ceil

from .config import AmberConfig

WINDOW_S = 300


class Counter(StrEnum):
    """Which requests draw on the same allowance (as measured by users)."""

    SITES_AND_USAGE = "sites_and_usage"
    PRICES = "prices"


@dataclass(frozen=True, slots=True)
class RateDecision:
    """What the limit says to one request.

    Attributes:
        is_allowed: Whether it is answered; if not, the status is 429.
        headers: The ``RateLimit-*`` headers of its answer.
    """

    is_allowed: bool
    headers: Mapping[str, str]


@dataclass(slots=True)
class _Window:
    opened_s: float
    drawn: int = 0


class RateLimits:
    """Counts requests. The only thing that the simulated Amber remembers.

    A window opens with the first request after the last one ended.
    """

    def __init__(self, config: AmberConfig) -> None:
        self._config = config
        self._windows: dict[tuple[str, Counter], _Window] = {}

    def draw(self, token: str, counter: Counter, now_s: float) -> RateDecision:
        """Count a request of an accepted key, at seconds since the epoch."""
        config = self._config
        if config.one_counter:
            counter = Counter.PRICES
        window = self._windows.get((token, counter))
        # a clock that was set back begins anew
        if window is None or not 0 <= now_s - window.opened_s < WINDOW_S:
            window = self._windows[token, counter] = _Window(now_s)
        foreign = int(config.foreign_draw_per_minute * (now_s - window.opened_s) / 60)
        is_allowed = window.drawn + foreign < config.limit
        window.drawn += is_allowed
        remaining = max(0, config.limit - window.drawn - foreign)
        reset_s = max(1, ceil(window.opened_s + WINDOW_S - now_s))
        headers = {
            "RateLimit-Limit": str(config.limit),
            "RateLimit-Remaining": str(remaining),
            "RateLimit-Reset": str(reset_s),
            "RateLimit-Policy": f"{config.limit};w={WINDOW_S}",
        }
        if config.lower_case_headers:
            headers = {name.lower(): value for name, value in headers.items()}
        return RateDecision(is_allowed, headers)

    def reset(self) -> None:
        """Forget all windows."""
        self._windows.clear()
