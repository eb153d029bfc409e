"""What happens while the server runs, as listeners are sent it; pure."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from energy_logger_server.api.amber_models import Life, Price
from energy_logger_server.domain.backups.work import BackupJob
from energy_logger_server.domain.collecting.backfill_progress import BackfillProgress
from energy_logger_server.domain.collecting.runs import RunRecord
from energy_logger_server.domain.peak_watch.backtest_job import BacktestJob
from energy_logger_server.domain.peak_watch.outlook import Outlook
from energy_logger_server.domain.peak_watch.watch import NoticeKind
from energy_logger_server.domain.substation_health.faults import Subject

_SPIKE = "spike"


class EventKind(StrEnum):
    """What kinds of events there are."""

    RUN_FINISHED = "run_finished"
    NEW_PRICE = "new_price"
    CONFIRMED_PRICE = "confirmed_price"
    SPIKE_STARTED = "spike_started"
    SPIKE_ENDED = "spike_ended"
    BACKFILL_PROGRESS = "backfill_progress"
    BACKUP_PROGRESS = "backup_progress"
    PEAK_WATCH = "peak_watch"
    PEAK_OUTLOOK = "peak_outlook"
    SUBSTATION_HEALTH = "substation_health"
    BACKTEST_PROGRESS = "backtest_progress"


@dataclass(frozen=True, slots=True)
class RunFinished:
    """A run has ended, and the log says so."""

    run: RunRecord

    @property
    def kind(self) -> EventKind:
        """``run_finished``."""
        return EventKind.RUN_FINISHED


@dataclass(frozen=True, slots=True)
class PriceEvent:
    """Something is new about the current price of a channel.

    Attributes:
        kind: ``new_price``: another interval is the current one; ``confirmed_price``:
            the price of the current interval, or of one that is over, is settled;
            ``spike_started``, ``spike_ended``.
        site_id: Whose.
        price: The price of that interval, as it is stored now.
    """

    kind: EventKind
    site_id: str
    price: Price


@dataclass(frozen=True, slots=True)
class BackfillStep:
    """Backfill has got further, or waits."""

    progress: BackfillProgress

    @property
    def kind(self) -> EventKind:
        """``backfill_progress``."""
        return EventKind.BACKFILL_PROGRESS


@dataclass(frozen=True, slots=True)
class BackupStep:
    """Work on a backup has begun, got further or ended."""

    job: BackupJob

    @property
    def kind(self) -> EventKind:
        """``backup_progress``."""
        return EventKind.BACKUP_PROGRESS


@dataclass(frozen=True, slots=True)
class PeakNotice:
    """The peak watch says something.

    Attributes:
        area_id: KAMO's number of the area that is watched.
        area_name: Its name.
        notice: What is said.
        hour_at: Beginning of the hour that it is about, epoch seconds.
        probability: That this hour is the month's peak; None where nobody knows.
        is_probability_shown: Whether that is honest enough to be shown in per cent.
    """

    area_id: int
    area_name: str
    notice: NoticeKind
    hour_at: int
    probability: float | None
    is_probability_shown: bool

    @property
    def kind(self) -> EventKind:
        """``peak_watch``."""
        return EventKind.PEAK_WATCH


@dataclass(frozen=True, slots=True)
class PeakCheck:
    """The peak watch has looked: what is ahead is known anew.

    Attributes:
        area_id: KAMO's number of the area that is watched.
        area_name: Its name.
        outlook: What is ahead.
    """

    area_id: int
    area_name: str
    outlook: Outlook

    @property
    def kind(self) -> EventKind:
        """``peak_outlook``."""
        return EventKind.PEAK_OUTLOOK


@dataclass(frozen=True, slots=True)
class SubstationNotice:
    """Something begins to be wrong with a substation or its area, or is over.

    Attributes:
        area_id: KAMO's number.
        area_name: Its name.
        subject: What is wrong, and of which substation.
        at: Instant (UTC) of the look that found it.
        value: See ``Holding``; None where there is none, and when it is over.
        is_over: Whether it is.
    """

    area_id: int
    area_name: str
    subject: Subject
    at: datetime
    value: float | None = None
    is_over: bool = False

    @property
    def kind(self) -> EventKind:
        """``substation_health``."""
        return EventKind.SUBSTATION_HEALTH


@dataclass(frozen=True, slots=True)
class BacktestStep:
    """A back-test of the peak watch has begun, got further or ended."""

    job: BacktestJob

    @property
    def kind(self) -> EventKind:
        """``backtest_progress``."""
        return EventKind.BACKTEST_PROGRESS


type Event = (
    RunFinished
    | PriceEvent
    | BackfillStep
    | BackupStep
    | PeakNotice
    | PeakCheck
    | SubstationNotice
    | BacktestStep
)

type Publish = Callable[[Event], None]
"""Hands an event to whoever listens; never waits and never fails."""

type CurrentPrices = Mapping[str, Price]
"""The current price of a site by channel type."""


def current_by_channel(prices: Iterable[Price]) -> CurrentPrices:
    """Return the prices that have been current, by channel type.

    A forecast in place of an interval that upstream has not published yet is none.

    Args:
        prices: At most one of each channel.
    """
    return {
        price.channel_type: price
        for price in prices
        if price.life in (Life.CURRENT, Life.ACTUAL)
    }


def price_events(
    site_id: str, previous: CurrentPrices, present: CurrentPrices
) -> tuple[PriceEvent, ...]:
    """Return what is new, channel by channel.

    A price that is settled when it is first seen is new and confirmed at once. The
    spike status is that of the current interval, whichever it was before.

    Args:
        site_id: Whose prices.
        previous: Those that were current when the events before were sent.
        present: Those that are current now; a channel without one changes nothing.
    """
    return tuple(
        PriceEvent(kind, site_id, price)
        for channel, price in present.items()
        for kind in _news(previous.get(channel), price)
    )


def left_unconfirmed(
    previous: CurrentPrices, present: CurrentPrices
) -> tuple[Price, ...]:
    """Return the prices that another interval has followed before they were settled.

    Args:
        previous: Those that were current when the events before were sent.
        present: Those that are current now.
    """
    return tuple(
        price
        for channel, price in previous.items()
        if not price.is_settled
        and channel in present
        and _interval(price) != _interval(present[channel])
    )


def late_confirmations(
    site_id: str, unconfirmed: Iterable[Price], records: Iterable[Price]
) -> tuple[PriceEvent, ...]:
    """Return what has been settled only after its interval.

    Args:
        site_id: Whose prices.
        unconfirmed: See ``left_unconfirmed``.
        records: Of an answer.
    """
    waited_for = {(one.channel_type, _interval(one)) for one in unconfirmed}
    settled = {
        (one.channel_type, _interval(one)): one for one in records if one.is_settled
    }
    return tuple(
        PriceEvent(EventKind.CONFIRMED_PRICE, site_id, price)
        for key, price in settled.items()
        if key in waited_for
    )


def _news(previous: Price | None, present: Price) -> Iterable[EventKind]:
    is_new = previous is None or _interval(previous) != _interval(present)
    was_settled = not is_new and previous is not None and previous.is_settled
    was_spike = previous is not None and _is_spike(previous)
    if is_new:
        yield EventKind.NEW_PRICE
    if present.is_settled and not was_settled:
        yield EventKind.CONFIRMED_PRICE
    if _is_spike(present) and not was_spike:
        yield EventKind.SPIKE_STARTED
    if was_spike and not _is_spike(present):
        yield EventKind.SPIKE_ENDED


def _interval(price: Price) -> tuple[object, ...]:
    return price.ends_at, price.duration_minutes


def _is_spike(price: Price) -> bool:
    return price.spike_status == _SPIKE
