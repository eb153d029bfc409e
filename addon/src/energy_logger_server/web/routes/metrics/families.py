"""Metrics by Prometheus' conventions: base units in the names, ``_total`` on counters.

Prices are AUD/kWh and loads kW all the same: that is what people's dashboards show.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from prometheus_client.core import Metric

from energy_logger_server import __version__
from energy_logger_server.domain.collecting.backfill_progress import (
    BackfillState,
    BackfillStatus,
)
from energy_logger_server.domain.collecting.problems import ProblemCode
from energy_logger_server.domain.collecting.status import CollectingStatus, SourceStatus
from energy_logger_server.domain.health import StoreState
from energy_logger_server.domain.substation_health.faults import Fault
from energy_logger_server.store.runs.scrape import ScrapedStore
from energy_logger_server.store.runs.status import KamoCounts, StoreFigures
from energy_logger_server.web.datasets.backfill_fields import NOT_SET_UP
from energy_logger_server.web.deps import Notifications

from .alerts import alert_families
from .family import Values, counter, gauge

_STATES = (NOT_SET_UP, *(state.value for state in BackfillState))


@dataclass(frozen=True, slots=True, kw_only=True)
class Scrape:
    """Everything that metrics show, at one moment.

    Attributes:
        now: Ages are counted from here.
        started_at: Instant (UTC) at which the server was started.
        schema_version: Of the store.
        figures: How much the store holds.
        kamo: Rows of KAMO.
        store: The rest, from the store.
        faults: How many notices of substations are open, by kind.
        state: Whether the store works.
        collecting: How collecting goes.
        backfill: None without an Amber token.
        checked_at: Instant (UTC) at which the store was last found whole, or None.
        notifications: What the owner has to know of.
    """

    now: datetime
    started_at: datetime
    schema_version: str
    figures: StoreFigures
    kamo: KamoCounts
    store: ScrapedStore
    faults: Mapping[Fault, int]
    state: StoreState
    collecting: CollectingStatus
    backfill: BackfillStatus | None
    checked_at: datetime | None
    notifications: Notifications


def families(scrape: Scrape) -> Iterator[Metric]:
    """Yield every metric of ours; what is not known is left out."""
    yield from _program(scrape)
    yield from _storing(scrape.state, scrape.checked_at)
    yield from _sources(scrape.collecting.sources)
    yield from _calls(scrape.collecting)
    yield from _stored(scrape)
    yield from _backfill(scrape.backfill, scrape.now)
    yield from _present(scrape.store)
    yield gauge(
        "substation_faults",
        "Notices of substations that are open.",
        ("fault",),
        [((fault.value,), number) for fault, number in scrape.faults.items()],
    )
    yield from alert_families(scrape.notifications)


def _program(scrape: Scrape) -> Iterator[Metric]:
    yield gauge(
        "build_info",
        "Versions of program and store; always 1.",
        ("version", "schema_version"),
        [((__version__, scrape.schema_version), 1)],
    )
    yield gauge(
        "start_time_seconds",
        "When the server was started, seconds since 1970.",
        (),
        [((), scrape.started_at.timestamp())],
    )


def _storing(state: StoreState, checked_at: datetime | None) -> Iterator[Metric]:
    yield gauge(
        "store_working",
        "1 if what is collected can be stored, as the last writes showed.",
        (),
        [((), not state.is_failing)],
    )
    written_at = state.last_write_at
    yield gauge(
        "store_last_write_seconds",
        "When something was last stored, seconds since 1970.",
        (),
        [((), None if written_at is None else written_at.timestamp())],
    )
    yield gauge(
        "store_checked_seconds",
        "When the store's file was last found whole, seconds since 1970.",
        (),
        [((), None if checked_at is None else checked_at.timestamp())],
    )


def _sources(sources: Iterable[SourceStatus]) -> Iterator[Metric]:
    by_name = {(one.source.value,): one for one in sources}
    times = {name: one.cycle_times for name, one in by_name.items()}
    label = ("source",)
    yield gauge(
        "up",
        "1 if the source is collected and its key not refused.",
        label,
        _of(by_name, lambda one: one.is_started and one.refused_since is None),
    )
    yield gauge(
        "run_in_progress",
        "1 while a run of the source is under way.",
        label,
        _of(by_name, lambda one: one.is_running),
    )
    yield gauge(
        "poll_interval_seconds",
        "How often the source is read.",
        label,
        _of(by_name, lambda one: one.interval_minutes * 60),
    )
    yield gauge(
        "cycle_last_seconds",
        "How long the last run took.",
        label,
        _of(times, lambda one: one.last_s),
    )
    yield gauge(
        "cycle_median_seconds",
        "Median of the runs since the start.",
        label,
        _of(times, lambda one: one.p50_s),
    )
    yield gauge(
        "cycle_max_seconds",
        "Longest run since the start.",
        label,
        _of(times, lambda one: one.max_s),
    )
    yield counter(
        "cycles", "Runs since the start.", label, _of(times, lambda one: one.count)
    )
    yield counter(
        "ticks_skipped",
        "Ticks since the start that fell into a run.",
        label,
        _of(by_name, lambda one: one.ticks_skipped),
    )
    yield gauge(
        "clock_difference_seconds",
        "By which our clock is ahead of the source's, as seen within the last hour.",
        label,
        _of(by_name, lambda one: one.clock_difference_s),
    )
    yield gauge(
        "problem",
        "1 for what is wrong with the source at present, 0 for what is not.",
        ("source", "code"),
        [
            ((*name, code), code in {problem.code for problem in one.problems})
            for name, one in by_name.items()
            for code in ProblemCode
        ],
    )


def _calls(collecting: CollectingStatus) -> Iterator[Metric]:
    by_name = {(one.counter,): one for one in collecting.call_budget}
    label = ("counter",)
    yield gauge(
        "call_budget_limit",
        "Calls that Amber allows in a window.",
        label,
        _of(by_name, lambda one: one.limit),
    )
    yield gauge(
        "call_budget_remaining",
        "Calls left in the present window.",
        label,
        _of(by_name, lambda one: one.remaining),
    )
    yield counter(
        "upstream_calls",
        "Calls made to Amber since the start.",
        label,
        _of(by_name, lambda one: one.calls_made),
    )


def _stored(scrape: Scrape) -> Iterator[Metric]:
    figures, now = scrape.figures, scrape.now
    for name, what, number in (
        ("sites", "Amber's sites.", figures.sites),
        ("areas", "KAMO's areas.", figures.areas),
        ("substations", "KAMO's substations.", figures.substations),
        ("database_size_bytes", "What the database takes.", figures.size_bytes),
    ):
        yield gauge(name, what, (), [((), number)])
    yield gauge(
        "records",
        "Records stored for good.",
        ("kind",),
        [
            (("load",), scrape.kamo.load_hours),
            (("substation",), scrape.kamo.readings),
            (("price",), figures.prices),
            (("usage",), figures.usage),
        ],
    )
    for name, what, at in (
        ("oldest_record_age_seconds", "Age of the oldest value.", figures.oldest_at),
        ("newest_record_age_seconds", "Age of the newest value.", figures.newest_at),
    ):
        age = None if at is None else (now - at).total_seconds()
        yield gauge(name, what, (), [((), age)])
    yield gauge(
        "last_fetch_age_seconds",
        "Time since an endpoint last gave a usable answer.",
        ("endpoint", "owner"),
        [
            ((one.endpoint, one.owner), (now - one.fetched_at).total_seconds())
            for one in scrape.store.fetches
        ],
    )
    yield gauge(
        "recent_runs",
        "Runs that began in the last 24 hours.",
        ("source", "outcome"),
        [
            ((source.value, outcome.value), number)
            for (source, outcome), number in scrape.store.runs.items()
        ],
    )


def _backfill(status: BackfillStatus | None, now: datetime) -> Iterator[Metric]:
    present = NOT_SET_UP if status is None else status.progress.state.value
    yield gauge(
        "backfill_state",
        "1 for the state of the pass over history, 0 for the others.",
        ("state",),
        [((state,), state == present) for state in _STATES],
    )
    if status is None:
        return
    progress = status.progress
    yield gauge(
        "backfill_windows",
        "Windows of the pass: read, given up, and still to come.",
        ("status",),
        [
            (("read",), progress.windows_done - progress.windows_failed),
            (("failed",), progress.windows_failed),
            (("left",), progress.windows_total - progress.windows_done),
        ],
    )
    yield gauge(
        "backfill_paused",
        "1 while nothing more is read until it is resumed.",
        (),
        [((), status.is_paused)],
    )
    waits_s = None
    if progress.waiting_until is not None:
        waits_s = max((progress.waiting_until - now).total_seconds(), 0)
    yield gauge(
        "backfill_waits_seconds",
        "How long the pass still waits before its next call.",
        (),
        [((), waits_s)],
    )


def _present(store: ScrapedStore) -> Iterator[Metric]:
    label = ("site", "channel")
    by_channel = {
        (one.site_id, one.price.channel_type): one.price for one in store.prices
    }
    yield gauge(
        "price_aud_per_kwh",
        "Price now; positive: you pay on import, you earn on feed-in.",
        label,
        _of(by_channel, lambda price: price.price_aud_per_kwh),
    )
    yield gauge(
        "spot_price_aud_per_kwh",
        "Wholesale price now, with GST.",
        label,
        _of(by_channel, lambda price: price.spot_aud_per_kwh),
    )
    yield gauge(
        "area_load_kilowatts",
        "Load of this hour.",
        ("area", "name"),
        [((str(one.area.area_id), one.area.name), one.load_kw) for one in store.loads],
    )


def _of[Labels: tuple[str, ...], Thing](
    things: Mapping[Labels, Thing], value: Callable[[Thing], float | None]
) -> Values:
    return [(labels, value(thing)) for labels, thing in things.items()]
