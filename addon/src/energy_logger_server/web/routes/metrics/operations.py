"""``/metrics`` for Prometheus: read at every scrape, kept nowhere."""

from collections.abc import Iterator
from typing import override

from aiohttp import hdrs, web
from prometheus_client import CollectorRegistry, ProcessCollector
from prometheus_client import generate_latest as plain_text
from prometheus_client.core import Metric
from prometheus_client.openmetrics.exposition import (
    CONTENT_TYPE_LATEST as OPEN_METRICS_TYPE,
)
from prometheus_client.openmetrics.exposition import (
    generate_latest as open_metrics_text,
)
from prometheus_client.registry import Collector

from energy_logger_server.store.kamo.substation_faults import open_fault_counts
from energy_logger_server.store.runs.scrape import scraped
from energy_logger_server.web.deps import deps_of
from energy_logger_server.web.http.operation import Answer, Group, Operation
from energy_logger_server.web.routes.status.operations import TOTALS

from .families import Scrape, families

_PLAIN_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_OPEN_METRICS = "application/openmetrics-text"


def metric_operations() -> tuple[Operation, ...]:
    """Return what Prometheus scrapes."""
    return (
        Operation(
            path="/metrics",
            handler=_metrics,
            summary="Get the state of everything as Prometheus metrics.",
            group=Group.SERVER,
            answer=Answer(
                description="Metrics; as OpenMetrics for those who accept it.",
                media_types=("text/plain", _OPEN_METRICS),
            ),
        ),
    )


class _Scraped(Collector):
    """Gives the registry what was read for this scrape."""

    def __init__(self, scrape: Scrape) -> None:
        self._scrape = scrape

    @override
    def collect(self) -> Iterator[Metric]:
        """Yield every metric."""
        return families(self._scrape)


async def _metrics(request: web.Request) -> web.Response:
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Scraped(await _read(request)))
    ProcessCollector(registry=registry)
    is_open = _OPEN_METRICS in request.headers.get(hdrs.ACCEPT, "").casefold()
    write, content_type = (
        (open_metrics_text, OPEN_METRICS_TYPE) if is_open else (plain_text, _PLAIN_TYPE)
    )
    return web.Response(
        body=write(registry),
        headers={hdrs.CONTENT_TYPE: content_type, hdrs.CACHE_CONTROL: "no-store"},
    )


async def _read(request: web.Request) -> Scrape:
    deps = deps_of(request)
    now = deps.clock.now()
    figures, kamo = await request.app[TOTALS].count(now)
    store = await deps.store.read(scraped, now)
    return Scrape(
        now=now,
        started_at=deps.started_at,
        schema_version=deps.store.schema_version,
        figures=figures,
        kamo=kamo,
        store=store,
        faults=await deps.store.read(open_fault_counts),
        state=deps.store.state,
        collecting=deps.collecting_status(),
        backfill=None if deps.backfill is None else deps.backfill.status(),
        checked_at=deps.store_checked_at(),
        notifications=deps.notifications,
    )
