"""``/api/events``: what happens, as server-sent events; needs the key."""

import voluptuous as vol
from aiohttp import hdrs, web

from energy_logger_server.domain.events import EventKind
from energy_logger_server.web.deps import deps_of
from energy_logger_server.web.http.checks import SomeOf, SomeText
from energy_logger_server.web.http.operation import Answer, Group, Operation
from energy_logger_server.web.http.parameters import query_of

from .stream import EventStream, Streams

EVENT_STREAM = "text/event-stream"

STREAMS = web.AppKey("streams", Streams)

_LAST_EVENT_ID = "Last-Event-ID"
_KINDS = SomeOf(tuple(kind.value for kind in EventKind))
_QUERY = vol.Schema(
    {vol.Optional("types"): _KINDS, vol.Optional("last_event_id"): SomeText()}
)


def event_operations() -> tuple[Operation, ...]:
    """Return the stream of events."""
    return (
        Operation(
            path="/api/events",
            handler=_events,
            summary="Get what happens as server-sent events, until you hang up.",
            group=Group.LIVE,
            query=_QUERY,
            answer=Answer(
                description="Events with id, name and one line of JSON; after the "
                "header Last-Event-ID those that came since.",
                media_types=(EVENT_STREAM,),
            ),
            is_stream=True,
        ),
    )


def add_streams(app: web.Application) -> None:
    """Let an application have streams, and end them before it waits for requests."""
    app[STREAMS] = Streams()
    app.on_shutdown.append(_end_streams)


async def _end_streams(app: web.Application) -> None:
    await app[STREAMS].end()


async def _events(request: web.Request) -> web.StreamResponse:
    query = query_of(request)
    response = web.StreamResponse(
        headers={
            hdrs.CONTENT_TYPE: EVENT_STREAM,
            hdrs.CACHE_CONTROL: "no-store",
            # a proxy that collects an answer before it passes it on would hold it back
            "X-Accel-Buffering": "no",
        }
    )
    stream = EventStream(request, response, deps_of(request).events, query.get("types"))
    await request.app[STREAMS].carry(stream.run(_last_event_id(request)))
    return response


def _last_event_id(request: web.Request) -> str | None:
    """Return what the client got last.

    A browser that connects again sends the header, and the address that it was given
    at first: the header is newer.
    """
    sent: str | None = query_of(request).get("last_event_id")
    return request.headers.get(_LAST_EVENT_ID, "").strip() or sent
