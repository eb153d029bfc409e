"""What happened between two answers of prices; pure."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Self

from . import SitePrices


class PriceEvent(StrEnum):
    """Something to act on."""

    CONFIRMED = "confirmed"
    """The prices of the interval have become settled."""
    SPIKE_STARTED = "spike_started"
    SPIKE_ENDED = "spike_ended"


@dataclass(frozen=True, slots=True)
class PriceMoment:
    """What must be remembered of an answer to see what the next one changes.

    Attributes:
        confirmed_until: End (UTC) of the newest interval with settled prices; None
            before the first.
        is_spike: Whether there is a price spike, by the last answer that says so.
    """

    confirmed_until: datetime | None
    is_spike: bool | None

    @classmethod
    def of(cls, prices: SitePrices) -> Self:
        """Return what an answer shows."""
        ends = [
            one.current.ends_at
            for one in prices.channels.values()
            if one.current is not None
        ]
        return cls(max(ends) if prices.is_confirmed else None, prices.is_spike)

    def events(self, now: Self) -> tuple[PriceEvent, ...]:
        """Return what happened until a later moment."""
        happened: list[PriceEvent] = []
        if now.confirmed_until is not None and (
            self.confirmed_until is None or now.confirmed_until > self.confirmed_until
        ):
            happened.append(PriceEvent.CONFIRMED)
        if self.is_spike is False and now.is_spike:
            happened.append(PriceEvent.SPIKE_STARTED)
        if self.is_spike and now.is_spike is False:
            happened.append(PriceEvent.SPIKE_ENDED)
        return tuple(happened)

    def followed_by(self, now: Self) -> Self:
        """Return what to remember: what a later moment lacks is kept."""
        return type(self)(
            now.confirmed_until or self.confirmed_until,
            self.is_spike if now.is_spike is None else now.is_spike,
        )
