"""One fault: which requests it befalls and what it does to them."""

from collections.abc import Container, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class FaultAction(StrEnum):
    """What happens to the answer; options in brackets, with their defaults.

    The first group replaces the answer or spoils its transport, whatever it says.
    The second edits records: the general ones need ``field`` (dotted for a nested
    one) unless the endpoint has a default, and ``all`` (false) or ``index`` among the
    records that have it (0; negative counts from the end). The third is Amber's own,
    the last one KAMO's.
    """

    FORBIDDEN = "403"  # a refused key
    TOO_MANY = "429"  # [headers: true, remaining: 0, retry_after: none]
    SERVER_ERROR = "500"  # JSON
    BAD_GATEWAY = "502"  # HTML
    GATEWAY_TIMEOUT = "504"  # JSON
    TIMEOUT = "timeout"  # never answers
    SLOW = "slow"  # drips [seconds: 60, pieces: 10]
    RESET = "reset"  # connection closed [after_headers: false]; before the headers
    # aiohttp's client asks again by itself, so it takes a count of 2 to reach a caller
    TRUNCATE = "truncate"  # half a body [cut: false; true: the length says so]
    EMPTY = "empty"  # 200 without body
    NULL = "null"  # 200 null
    OBJECT = "object"  # 200 {"message": ...}
    HTML200 = "html200"  # 200 with a web page
    GATEWAY_PAGE = "gateway_page"  # a web page of who stands before it [status: 403]
    FEW_HEADERS = "few_headers"  # no RateLimit-* but [names: ["RateLimit-Remaining"]]
    BYTE_ORDER_MARK = "byte_order_mark"  # the usual body behind a UTF-8 one
    SKEW = "skew"  # Date header is off [seconds: 30]

    WRONG_TYPE = "wrong_type"  # [value: the old one as text; no field: null record]
    MISSING = "missing"
    NAN = "nan"
    NEW_ENUM = "new_enum"  # [value: "unheardOf"]
    EXTRA = "extra"  # unknown fields in every record
    DUPLICATE = "duplicate"  # a record twice
    SHUFFLE = "shuffle"  # records in another order
    ABSENT = "absent"  # a record less
    EMPTY_LIST = "empty_list"  # no record at all

    NULL_TARIFF = "null_tariff"  # tariffInformation is null
    NAIVE_TIME = "naive_time"  # times without offset
    FRACTION_TIME = "fraction_time"  # times with fractional seconds
    # current intervals of the past [minutes: 60, fields: what else they say]
    STUCK_CURRENT = "stuck_current"
    SHORT_DAY = "short_day"  # every channel lacks a record
    MIXED_DURATION = "mixed_duration"  # a 30-minute day among 5-minute ones [date]
    NEW_CHANNEL = "new_channel"  # [identifier: "E3"]
    CLOSED_SITE = "closed_site"  # [closed_on: yesterday]
    SITE_VANISHES = "site_vanishes"

    # KAMO's own: no measured hour behind this one [newest: its label]
    STUCK_LOAD = "stuck_load"


ACCOUNT_WIDE = frozenset(
    {FaultAction.NEW_CHANNEL, FaultAction.CLOSED_SITE, FaultAction.SITE_VANISHES}
)
"""Faults of one owner that show in lists of all owners too."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A rule of the plan.

    Attributes:
        action: What it does.
        endpoint: Name of the endpoint it befalls; None for all of both utilities.
        owner: Site or area id; None for all. A fault of one owner does not befall
            requests that concern all owners, save for `ACCOUNT_WIDE` actions.
        nth: First matching request it befalls, counted from 1 when it was added.
        probability: Share of the matching requests, from ``nth`` on, that it
            befalls; which ones is decided by a hash, so a rerun has the same.
        count: How many requests it befalls before it is spent; None: for ever.
        param: Query parameter that a request must have to match; None for any.
        options: See `FaultAction`.
    """

    action: FaultAction
    endpoint: str | None = None
    owner: str | None = None
    nth: int = 1
    probability: float = 1.0
    count: int | None = 1
    param: str | None = None
    options: Mapping[str, Any] = field(default_factory=dict)

    def matches(
        self, endpoint: str, owner: str | None, params: Container[str] = ()
    ) -> bool:
        """Say whether a request about ``owner`` (None: about all) is concerned."""
        if self.endpoint not in (None, endpoint):
            return False
        if self.param is not None and self.param not in params:
            return False
        if self.owner is None or self.owner == owner:
            return True
        return owner is None and self.action in ACCOUNT_WIDE
