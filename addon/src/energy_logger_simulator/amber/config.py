"""How the simulated Amber behaves."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

from energy_logger_server.api.nem import nem_date_at


class ResolutionMode(StrEnum):
    """What the ``resolution`` parameter does; users report both."""

    HONOUR = "honour"
    IGNORE = "ignore"


class PartialDay(StrEnum):
    """What of a usage day comes out first; the rest follows a day later."""

    FEED_IN_LATE = "feed_in_late"
    MORNING_ONLY = "morning_only"


@dataclass(frozen=True, slots=True, kw_only=True)
class AmberConfig:
    """Every answer is a pure function of this and of the simulated time.

    Attributes:
        start: Instant at which the simulation starts; depths hang on it.
        seed: Another seed is another history.
        sites_extra: Also list a closed and a pending site.
        nine_identifiers: Channels are E9 and B9 instead of E1 and B1.
        cutover: First NEM date of five-minute billing of site B; 120 days before
            the start by default.
        resolution_mode: Whether ``resolution`` does anything.
        previous_flaky: ``previous`` sometimes returns fewer intervals, or none.
        late_price_revision: NEM date whose import prices rise by a cent three days
            after it ended.
        price_depth_days: Days before the start from which on there are prices.
        usage_depth_days: Days that usage reaches back.
        usage_depth_rolling: Count them from now instead of from the start.
        feed_in_negative_kwh: Exported kWh have the documented sign, not the real one.
        gap_days: NEM dates of which usage never comes.
        partial_days: NEM dates of which usage comes in two parts.
        requantify: NEM date whose billable usage changes again, after twelve days.
        strict_seven: Only seven inclusive days are allowed, not eight.
        limit: Requests per 300-second window and counter.
        one_counter: Prices and the rest draw on one counter.
        headers_on_429: A 429 has the ``RateLimit-*`` headers.
        foreign_draw_per_minute: Requests that another client takes from each counter.
        lower_case_headers: Header names are sent in lower case.
        skew_s: Seconds by which the ``Date`` header is ahead.
        token_valid: The key that works.
        token_revoked: A key that is refused, like any other.
    """

    start: datetime
    seed: int = 1
    sites_extra: bool = False
    nine_identifiers: bool = False
    cutover: date | None = None
    resolution_mode: ResolutionMode = ResolutionMode.HONOUR
    previous_flaky: bool = False
    late_price_revision: date | None = None
    price_depth_days: int = 574
    usage_depth_days: int = 90
    usage_depth_rolling: bool = False
    feed_in_negative_kwh: bool = False
    gap_days: frozenset[date] = frozenset()
    partial_days: Mapping[date, PartialDay] = field(default_factory=dict)
    requantify: date | None = None
    strict_seven: bool = False
    limit: int = 50
    one_counter: bool = False
    headers_on_429: bool = True
    foreign_draw_per_minute: float = 0.0
    lower_case_headers: bool = False
    skew_s: float = 0.0
    token_valid: str = field(default="psk_" + "0123456789abcdef" * 2, repr=False)
    token_revoked: str = field(default="psk_" + "fedcba9876543210" * 2, repr=False)

    @property
    def start_date(self) -> date:
        """The NEM date of the start."""
        return nem_date_at(self.start)

    @property
    def cutover_date(self) -> date:
        """The first NEM date of five-minute billing of site B."""
        return self.cutover or self.start_date - timedelta(days=120)
