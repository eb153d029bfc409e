"""Client of Amber's API, or of our own server's mirror of it."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime
from http import HTTPStatus
from urllib.parse import quote

import aiohttp

from . import endpoints
from .amber_models import Price, Site, Usage
from .amber_parse import parse_prices, parse_sites, parse_usage
from .errors import (
    SourceRateLimited,
    SourceRefused,
    SourceUnreachable,
    SourceUnreadable,
)
from .exact_json import JsonValue
from .fields import check_readable
from .http import HttpAnswer, get_json
from .models import Answer, RejectedRecord
from .rate_limit import CallBudget, Counter
from .response_headers import read_http_date

_SOURCE = "amber"
# reading more than this would hold up an event loop that others share
_MOST_RECORDS_ON_LOOP = 1000


class AmberClient:
    """Fetches sites, prices and usage with one token.

    Every method raises the errors of ``http.get_json``, and ``SourceRateLimited``
    with status None, before any call, when the budget is used up. An answer of which no
    record can be read is ``SourceUnreadable``; an empty one is not. Waiting and trying
    again are for its caller to plan.
    """

    def __init__(
        self,
        session: aiohttp.ClientSession,
        *,
        token: str,
        budget: CallBudget | None,
        now: Callable[[], datetime],
        base_url: str | None = None,
        timeout_s: float = 30.0,
    ) -> None:
        """Keep what every request needs; asks nothing yet.

        Args:
            session: Whose connections to use; it stays the caller's.
            token: Amber's API token (``psk_...``), or the key of our own server.
            budget: Shared by all clients of one token; None for our own server, which
                has no limit.
            now: Clock, UTC.
            base_url: None for the public API.
            timeout_s: Limit for one request, seconds.
        """
        self._session = session
        self._token = token.strip()
        self._budget = budget
        self._now = now
        self._base_url = base_url
        self._timeout_s = timeout_s

    async def fetch_sites(self) -> Answer[Site]:
        """Return all sites of the account, closed and pending ones too."""
        answer = await self._get("/sites", {}, Counter.SITE, reserve=0)
        return await self._answer("/sites", answer, parse_sites)

    async def fetch_prices(
        self, site_id: str, first_day: date, last_day: date, *, reserve: int = 0
    ) -> Answer[Price]:
        """Return a site's prices of whole NEM days.

        Args:
            site_id: Amber's identifier of the site.
            first_day: First NEM date.
            last_day: Last NEM date, inclusive; Amber refuses more than 7 days.
            reserve: Calls that must be left in the window.
        """
        path = f"/sites/{quote(site_id, safe='')}/prices"
        days = _days(first_day, last_day)
        answer = await self._get(path, days, Counter.PRICE, reserve=reserve)
        return await self._answer(path, answer, parse_prices)

    async def fetch_current_prices(
        self,
        site_id: str,
        *,
        next_count: int = 0,
        previous_count: int = 0,
        reserve: int = 0,
    ) -> Answer[Price]:
        """Return a site's prices around now.

        For hours at a time Amber answers 500 to a request for forecasts while it knows
        the present price (reports of users). So where forecasts were asked for and it
        fails at its end, it is asked once more without: the answer then says why in
        ``forecast_error``.

        Args:
            site_id: Amber's identifier of the site.
            next_count: Intervals to come, of whatever length.
            previous_count: Intervals gone by; both together at most 2,048.
            reserve: Calls that must be left in the window.
        """
        path = f"/sites/{quote(site_id, safe='')}/prices/current"
        try:
            return await self._current(path, next_count, previous_count, reserve)
        except SourceUnreachable as err:
            if not next_count or not _is_server_failure(err):
                raise
            # its frames would live as long as the answer
            forecast_error = err.with_traceback(None)
        try:
            answer = await self._current(path, 0, previous_count, reserve)
        except SourceRateLimited as err:
            # without a call left, the first answer is all that is known
            raise forecast_error if err.status is None else err from None
        return replace(answer, forecast_error=forecast_error)

    async def _current(
        self, path: str, next_count: int, previous_count: int, reserve: int
    ) -> Answer[Price]:
        counts = {"next": next_count, "previous": previous_count}
        params = {name: str(count) for name, count in counts.items() if count}
        answer = await self._get(path, params, Counter.PRICE, reserve=reserve)
        return await self._answer(path, answer, parse_prices)

    async def fetch_usage(
        self, site_id: str, first_day: date, last_day: date, *, reserve: int = 0
    ) -> Answer[Usage]:
        """Return a site's metered energy of whole NEM days.

        Days that are not published yet, or not any more, are simply not in it.

        Args:
            site_id: Amber's identifier of the site.
            first_day: First NEM date.
            last_day: Last NEM date, inclusive; Amber refuses more than 7 days.
            reserve: Calls that must be left in the window.
        """
        path = f"/sites/{quote(site_id, safe='')}/usage"
        days = _days(first_day, last_day)
        answer = await self._get(path, days, Counter.SITE, reserve=reserve)
        return await self._answer(path, answer, parse_usage)

    async def _get(
        self, path: str, params: Mapping[str, str], counter: Counter, *, reserve: int
    ) -> HttpAnswer:
        if not (self._token.isascii() and self._token.isprintable() and self._token):
            # such a header cannot even be sent
            raise SourceRefused(_SOURCE, path, "this can be no key")
        if self._budget is None:
            return await self._request(path, params, None)
        retry_at = self._budget.acquire(counter, reserve=reserve)
        if retry_at is not None:
            raise SourceRateLimited(_SOURCE, path, retry_at=retry_at, status=None)
        call = _Call(self._budget, counter)
        try:
            return await self._request(path, params, call.note)
        except SourceRateLimited as err:
            # the budget knows the other 429s as well, and backs off from them
            known = self._budget.decide(counter, reserve, self._now())
            retry_at = known or err.retry_at
            raise SourceRateLimited(_SOURCE, path, retry_at=retry_at) from err
        finally:
            call.end()

    async def _request(
        self,
        path: str,
        params: Mapping[str, str],
        on_headers: Callable[[int, Mapping[str, str]], None] | None,
    ) -> HttpAnswer:
        base_url = self._base_url or endpoints.AMBER_BASE_URL
        return await get_json(
            self._session,
            f"{base_url.rstrip('/')}{path}",
            source=_SOURCE,
            path=path,
            now=self._now,
            params=params,
            headers={"Authorization": f"Bearer {self._token}"},
            timeout_s=self._timeout_s,
            on_headers=on_headers,
        )

    async def _answer[Record](
        self,
        path: str,
        answer: HttpAnswer,
        parse: Callable[
            [list[JsonValue]], tuple[tuple[Record, ...], tuple[RejectedRecord, ...]]
        ],
    ) -> Answer[Record]:
        if not isinstance(answer.json, list):
            raise SourceUnreadable(_SOURCE, path, "no list", sample=answer.sample)
        is_short = len(answer.json) <= _MOST_RECORDS_ON_LOOP
        records, rejected = (
            parse(answer.json)
            if is_short
            else await asyncio.to_thread(parse, answer.json)
        )
        check_readable(_SOURCE, path, records, rejected, sample=answer.sample)
        return Answer(
            records=records,
            rejected=rejected,
            fetched_at=answer.fetched_at,
            last_modified=read_http_date(answer.headers.get("Last-Modified")),
            server_time=answer.server_time,
        )


class _Call:
    """One call on a budget, which is ended once: by its headers or without any."""

    def __init__(self, budget: CallBudget, counter: Counter) -> None:
        self._budget = budget
        self._counter = counter
        self._is_noted = False

    def note(self, status: int | None, headers: Mapping[str, str]) -> None:
        self._is_noted = True
        self._budget.note(self._counter, headers, status)

    def end(self) -> None:
        if not self._is_noted:
            self.note(None, {})


def _is_server_failure(err: SourceUnreachable) -> bool:
    return err.status is not None and err.status >= HTTPStatus.INTERNAL_SERVER_ERROR


def _days(first_day: date, last_day: date) -> dict[str, str]:
    return {"startDate": first_day.isoformat(), "endDate": last_day.isoformat()}
