"""How long the disk of the store still has room."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from .alerts import Alert, AlertCode, AlertKey, Observation

DISK_NEARLY_FULL: AlertKey = (AlertCode.DISK_NEARLY_FULL, "")

_DAY = timedelta(days=1)
_SHORTEST = timedelta(hours=6)
"""Growth over less says little of a day: prices and usage come in bursts."""

_FEW_DAYS = 14
_LITTLE_BYTES = 1_000_000_000
_LITTLE_SHARE = 0.05
"""Of the disk; the smaller one of both counts, for disks are small and large."""

_CLEARLY = 1.5
"""By so much it must be better before it is over, or it would come and go."""

_BYTES_PER_GB = 1_000_000_000


@dataclass(frozen=True, slots=True)
class DiskSpace:
    """What a disk has, and what the store takes of it.

    Attributes:
        free_bytes: Free for this program.
        total_bytes: Of the disk.
        store_bytes: Taken by the store; None where that lies elsewhere.
    """

    free_bytes: int
    total_bytes: int
    store_bytes: int | None = None


@dataclass(frozen=True, slots=True)
class StoreSize:
    """What the store took at an instant (UTC)."""

    at: datetime
    size_bytes: int


@dataclass(frozen=True, slots=True)
class StoreGrowth:
    """Two sizes of the store, by which its growth is known over at least a day.

    Attributes:
        earlier: A day old at least, two at most, once there was time for it.
        later: Takes its place when it is a day old.
    """

    earlier: StoreSize | None = None
    later: StoreSize | None = None

    def noted(self, now: datetime, size_bytes: int | None) -> "StoreGrowth":
        """Return what to remember when the store has a size now, None for unknown."""
        if size_bytes is None:
            return StoreGrowth()
        size = StoreSize(now, size_bytes)
        later = self.later
        # a clock that was set back says nothing of growth
        if later is None or now < later.at:
            return StoreGrowth(size, size)
        return StoreGrowth(later, size) if now - later.at >= _DAY else self

    def bytes_per_day(self, now: datetime, size_bytes: int) -> float | None:
        """Return how fast the store grows; None while too little is known."""
        if self.earlier is None or now - self.earlier.at < _SHORTEST:
            return None
        days = (now - self.earlier.at) / _DAY
        return (size_bytes - self.earlier.size_bytes) / days


@dataclass(frozen=True, slots=True)
class DiskOutlook:
    """What a disk has, and how long that lasts.

    Attributes:
        space: What it has.
        days_left: At today's growth of the store; None where that is not known, or
            where the store does not grow.
    """

    space: DiskSpace
    days_left: float | None

    @classmethod
    def of(cls, space: DiskSpace, growth: StoreGrowth, now: datetime) -> "DiskOutlook":
        """Return the outlook of a disk at an instant (UTC)."""
        if space.store_bytes is None:
            return cls(space, None)
        rate = growth.bytes_per_day(now, space.store_bytes)
        if rate is None or rate <= 0:
            return cls(space, None)
        return cls(space, space.free_bytes / rate)

    def observed(self, now: datetime, *, was_nearly_full: bool) -> Observation:
        """Return whether the disk is nearly full.

        Args:
            now: Instant (UTC), from which it is if it was not before.
            was_nearly_full: Whether it was: then it must be clearly better to be over.
        """
        slack = _CLEARLY if was_nearly_full else 1
        space = self.space
        little = min(_LITTLE_BYTES, _LITTLE_SHARE * space.total_bytes)
        is_soon = self.days_left is not None and self.days_left < _FEW_DAYS * slack
        if space.free_bytes >= little * slack and not is_soon:
            return Observation()
        left = f"{space.free_bytes / _BYTES_PER_GB:.1f} GB are free"
        if self.days_left is not None:
            left += f", enough for {self.days_left:.0f} days at today's growth"
        return Observation((Alert(*DISK_NEARLY_FULL, f"{left}.", now),))
