"""Client of our own server: what it is, how it does, what happens there.

The utilities' data come through the clients of the utilities, from the server's mirror.
"""

from collections.abc import AsyncGenerator, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from http import HTTPStatus

import aiohttp

from . import exact_json
from .errors import (
    SourceError,
    SourceMissing,
    SourceRefused,
    SourceUnreachable,
    SourceUnreadable,
)
from .exact_json import JsonObject, JsonValue
from .fields import FieldError, number_or_none, required_text, text_or_none
from .http import NOT_FROM_API, HttpAnswer, get_json, is_api_refusal
from .server_fields import required_object
from .server_hours import AnyHour, HourFeed, HourPage, read_page
from .server_peaks import PEAK_WATCH, PeakWatch, read_peak_watch
from .server_scores import ForecastScores, read_scores
from .server_substations import (
    Determinants,
    SubstationFault,
    read_determinants,
    read_faults,
)

AMBER_MIRROR = "/mirror/amber/v1"
"""Where the server answers as Amber does."""

KAMO_MIRROR = "/mirror/kamo/api"
"""Where the server answers as KAMO does."""

_SOURCE = "server"
_EVENTS = "/api/events"
_CONNECT_S = 10.0
# the server gives a sign of life every 15 s
_SILENCE_S = 25.0
_LONGEST_BLOCK_BYTES = 1024 * 1024
# makes 20 ms of work on the event loop, on a small machine
_HOURS_AT_ONCE = 2000


class EventKind(StrEnum):
    """What the server publishes as it happens."""

    NEW_PRICE = "new_price"
    CONFIRMED_PRICE = "confirmed_price"
    SPIKE_STARTED = "spike_started"
    SPIKE_ENDED = "spike_ended"
    RUN_FINISHED = "run_finished"
    BACKFILL_PROGRESS = "backfill_progress"
    PEAK_WATCH = "peak_watch"
    PEAK_OUTLOOK = "peak_outlook"
    SUBSTATION_HEALTH = "substation_health"
    MISSED = "missed"
    """Events were lost: whatever is shown must be read anew."""

    POSITION = "position"
    """No event but a sign of life, with the id to come back with."""


@dataclass(frozen=True, slots=True)
class ServerInfo:
    """What the server is.

    Attributes:
        version: Of the program.
        schema_version: Of its store.
        instance_id: The store's own random name, which it keeps for ever.
    """

    version: str
    schema_version: str
    instance_id: str


@dataclass(frozen=True, slots=True)
class ServerAlert:
    """A condition that the server's owner has to know of.

    Attributes:
        code: Such as ``disk_nearly_full``, or a text that is not known yet.
        subject: The utility that it is about, or empty.
        message: A sentence for the reader.
        since: Instant (UTC) from which it has held; None when that cannot be read.
    """

    code: str
    subject: str
    message: str
    since: datetime | None


@dataclass(frozen=True, slots=True)
class ServerStatus:
    """How the server does.

    Attributes:
        health: ``healthy``, ``degraded``, ``unhealthy``, or a text not known yet.
        refused_sources: Utilities that refuse the server's key for them.
        database_size_mib: Size of its store, MiB; None when it does not say.
        oldest_record_at: Instant (UTC) of the oldest thing kept; None without any.
        newest_record_at: Likewise of the newest.
        alerts: Conditions that hold, oldest first; none of a server that does not know
            of them.
    """

    health: str
    refused_sources: tuple[str, ...]
    database_size_mib: float | None
    oldest_record_at: datetime | None
    newest_record_at: datetime | None
    alerts: tuple[ServerAlert, ...] = ()

    @property
    def has_problem(self) -> bool:
        """Whether somebody should look after the collecting."""
        return self.health != "healthy" or bool(self.refused_sources)


@dataclass(frozen=True, slots=True)
class ServerEvent:
    """Something that happened at the server.

    Attributes:
        kind: An ``EventKind``, or a text that is not known yet.
        id: To come back with after a lost connection.
        site_id: Whose price it is about; None when it is about none.
        source: Which utility's run it is about; None when it is about none.
    """

    kind: str
    id: str | None
    site_id: str | None = None
    source: str | None = None


class ServerClient:
    """Asks one server. Methods raise the errors of ``http.get_json``."""

    def __init__(
        self,
        session: aiohttp.ClientSession,
        *,
        url: str,
        key: str,
        now: Callable[[], datetime],
        timeout_s: float = 30.0,
    ) -> None:
        """Ask nothing yet.

        Args:
            session: Whose connections to use; it stays the caller's.
            url: Address of the server, without a path of its API.
            key: The server's API key.
            now: Clock, UTC.
            timeout_s: Limit for one request, seconds.
        """
        self._session = session
        self._url = url.rstrip("/")
        self._key = key.strip()
        self._now = now
        self._timeout_s = timeout_s

    async def fetch_info(self) -> ServerInfo:
        """Return what the server is; needs no key."""
        path = "/api/info"
        answer = await self._get(path)
        try:
            fields = required_object(answer.json)
            return ServerInfo(
                version=required_text(fields, "version"),
                schema_version=required_text(fields, "schema_version"),
                instance_id=required_text(fields, "instance_id"),
            )
        except FieldError as err:
            raise _unreadable(path, str(err), answer.sample) from err

    async def fetch_status(self) -> ServerStatus:
        """Return how the server does; needs no key."""
        path = "/api/status"
        answer = await self._get(path)
        try:
            return _status(answer)
        except FieldError as err:
            raise _unreadable(path, str(err), answer.sample) from err

    async def fetch_alerts(self) -> tuple[ServerAlert, ...]:
        """Return what is wrong with the server, also while its store is not open."""
        path = "/api/status"
        answer = await self._get(path)
        try:
            return _alerts(required_object(answer.json))
        except FieldError as err:
            raise _unreadable(path, str(err), answer.sample) from err

    async def fetch_peak_watch(self) -> PeakWatch | None:
        """Return the peak watch; None where no area is watched."""
        return await self._fetch(PEAK_WATCH, read_peak_watch, has_key=True)

    async def fetch_faults(self, area_id: int) -> tuple[SubstationFault, ...]:
        """Return what is wrong with an area's substations; needs no key.

        Of a server that does not know of such things nothing is.
        """
        found = await self._fetch(f"/api/substations/health/{area_id}", read_faults)
        return found or ()

    async def fetch_determinants(self, area_id: int) -> Determinants | None:
        """Return what an area's bill is made of; needs no key.

        None from a server that does not know.
        """
        return await self._fetch(f"/api/determinants/{area_id}", read_determinants)

    async def fetch_price_scores(self, site_id: str) -> ForecastScores | None:
        """Return how good forecasts of a site's prices were, c/kWh, Amber's signs.

        None from a server that does not know.
        """
        path = f"/api/forecasts/scores/prices/{site_id}"
        return await self._fetch(path, read_scores, has_key=True)

    async def fetch_load_scores(self, area_id: int) -> ForecastScores | None:
        """Return how good forecasts of an area's load were, kW; needs no key.

        None from a server that does not know.
        """
        return await self._fetch(f"/api/forecasts/scores/load/{area_id}", read_scores)

    async def events(
        self, last_event_id: str | None = None
    ) -> AsyncGenerator[tuple[ServerEvent, ...], None]:
        """Give what happens, as it happens, until the server ends it.

        What arrives together comes together, oldest first. The first thing is always a
        position: the connection stands.

        Args:
            last_event_id: Of the newest event that is known, to be sent those since.

        Raises:
            SourceUnreachable: On no or a broken connection, on silence, on a 401 or 403
                that is not the server's own, on any status that is not named here.
            SourceRefused: On other 401 and 403, and when the key can be no key.
            SourceMissing: On 404.
            SourceUnreadable: When what comes are no events.
        """
        headers = {**self._key_header(_EVENTS), "Accept": "text/event-stream"}
        if last_event_id is not None:
            headers["Last-Event-ID"] = last_event_id
        lines = _EventLines()
        try:
            async with self._session.get(
                f"{self._url}{_EVENTS}",
                headers=headers,
                allow_redirects=False,
                timeout=aiohttp.ClientTimeout(
                    total=None, sock_connect=_CONNECT_S, sock_read=_SILENCE_S
                ),
            ) as response:
                await _check_status(response)
                async for chunk in response.content.iter_any():
                    found = lines.feed(chunk)
                    if found:
                        yield found
        except (aiohttp.ClientError, OSError) as err:
            failure = type(err).__name__
        else:
            return
        # Raised out here and without a cause: errors of aiohttp hold the request's
        # headers, and with them the key.
        raise SourceUnreachable(_SOURCE, _EVENTS, f"connection lost: {failure}")

    async def fetch_hours[Hour: AnyHour](
        self,
        feed: HourFeed[Hour],
        *,
        since: str | None = None,
        span: tuple[datetime, datetime] | None = None,
    ) -> HourPage[Hour]:
        """Return the next hours of a feed.

        Args:
            feed: Which one.
            since: Cursor of the page before; None begins with what changed first.
            span: First instant, and the one past the last (aware), that hours begin
                in; None has no bounds.

        Raises:
            RangeTooLarge: If the server does not take the cursor.
        """
        params = {"limit": str(_HOURS_AT_ONCE)}
        if since is not None:
            params["since"] = since
        if span is not None:
            params |= {"start": span[0].isoformat(), "end": span[1].isoformat()}
        headers = self._key_header(feed.path)
        answer = await self._get(feed.path, params=params, headers=headers)
        try:
            return read_page(feed, answer.json)
        except FieldError as err:
            raise _unreadable(feed.path, str(err), answer.sample) from err

    def _key_header(self, path: str) -> dict[str, str]:
        """Return the header with the key.

        Raises:
            SourceRefused: If it can be no key: such a header cannot even be sent.
        """
        if not (self._key.isascii() and self._key.isprintable() and self._key):
            raise SourceRefused(_SOURCE, path, "this can be no key")
        return {"X-API-Key": self._key}

    async def _fetch[Record](
        self,
        path: str,
        read: Callable[[JsonValue], Record],
        *,
        has_key: bool = False,
    ) -> Record | None:
        """Return an answer as a record; None where the server has none."""
        headers = self._key_header(path) if has_key else None
        try:
            answer = await self._get(path, headers=headers)
        except SourceMissing:
            return None
        try:
            return read(answer.json)
        except FieldError as err:
            raise _unreadable(path, str(err), answer.sample) from err

    async def _get(
        self,
        path: str,
        *,
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> HttpAnswer:
        return await get_json(
            self._session,
            f"{self._url}{path}",
            source=_SOURCE,
            path=path,
            now=self._now,
            params=params,
            headers=headers,
            timeout_s=self._timeout_s,
        )


class _EventLines:
    """Puts a stream of server-sent events together (WHATWG HTML, section 9.2)."""

    def __init__(self) -> None:
        self._rest = b""
        self._fields: dict[str, str] = {}

    def feed(self, chunk: bytes) -> tuple[ServerEvent, ...]:
        """Return the events that a chunk completes."""
        *lines, self._rest = (self._rest + chunk).split(b"\n")
        if len(self._rest) > _LONGEST_BLOCK_BYTES:
            raise _unreadable(_EVENTS, "an event without end", "")
        found: list[ServerEvent] = []
        for line in lines:
            self._take(line.removesuffix(b"\r").decode(errors="replace"), found)
        return tuple(found)

    def _take(self, line: str, found: list[ServerEvent]) -> None:
        if line:
            name, _, value = line.partition(":")
            if name in {"id", "event", "data"}:
                self._fields[name] = value.removeprefix(" ")
            return
        fields, self._fields = self._fields, {}
        if fields:
            found.append(_event(fields))


def _event(fields: Mapping[str, str]) -> ServerEvent:
    event_id = fields.get("id")
    if "data" not in fields:
        return ServerEvent(EventKind.POSITION, event_id)
    try:
        data = required_object(exact_json.loads(fields["data"]))
    except ValueError as err:
        raise _unreadable(_EVENTS, f"no event ({err})", fields["data"]) from err
    return ServerEvent(
        kind=fields.get("event", ""),
        id=event_id,
        site_id=text_or_none(data.get("site_id")),
        source=text_or_none(data.get("source")),
    )


def _status(answer: HttpAnswer) -> ServerStatus:
    fields = required_object(answer.json)
    kept = required_object(fields.get("database_stats"))
    sources = required_object(fields.get("sources"))
    return ServerStatus(
        health=required_text(fields, "status"),
        refused_sources=tuple(
            name
            for name, source in sources.items()
            if required_object(source).get("refused_since") is not None
        ),
        database_size_mib=number_or_none(kept.get("database_size_mb")),
        oldest_record_at=_instant(kept.get("oldest_record")),
        newest_record_at=_instant(kept.get("newest_record")),
        alerts=_alerts(fields),
    )


def _alerts(fields: JsonObject) -> tuple[ServerAlert, ...]:
    alerts = fields.get("alerts", [])
    if not isinstance(alerts, list):
        raise FieldError("alerts are no list")
    return tuple(
        ServerAlert(
            code=required_text(one, "code"),
            subject=text_or_none(one.get("subject")) or "",
            message=required_text(one, "message"),
            since=_instant(one.get("since")),
        )
        for one in map(required_object, alerts)
    )


def _instant(value: JsonValue) -> datetime | None:
    try:
        return datetime.fromisoformat(text_or_none(value) or "").astimezone(UTC)
    except ValueError:
        return None


async def _check_status(response: aiohttp.ClientResponse) -> None:
    status = response.status
    if status == HTTPStatus.OK:
        return
    kind: type[SourceError] = SourceUnreachable
    reason = "no events"
    if status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
        if await is_api_refusal(response):
            kind = SourceRefused
        else:
            reason = NOT_FROM_API
    elif status == HTTPStatus.NOT_FOUND:
        kind = SourceMissing
    raise kind(_SOURCE, _EVENTS, f"{reason} ({status})", status=status)


def _unreadable(path: str, reason: str, sample: str) -> SourceUnreadable:
    return SourceUnreadable(_SOURCE, path, reason, sample=sample)
