"""An area's hourly load as the peak watch reads it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property, lru_cache
from math import log

from energy_logger_server.api.central import CENTRAL

DAY_HOURS = 24
WEEK_HOURS = 168
_HOUR_S = 3600
_STRETCH_HOURS = 64 * DAY_HOURS
_EPOCH_ORDINAL = date(1970, 1, 1).toordinal()


@dataclass(frozen=True)
class LoadHistory:
    """Hours without a break, from the first on; times are those of their beginning.

    Attributes:
        first_hour: Beginning of the first hour, epoch seconds // 3600.
        load_kw: Load of each hour; None where none is known, or it is not above 0.
        forecast_kw: What the utility forecast for each hour, as it stood a day
            before; as long as ``load_kw`` or longer. None where there is none.
    """

    first_hour: int
    load_kw: Sequence[float | None]
    forecast_kw: Sequence[float | None] = ()

    @classmethod
    def of(
        cls,
        load_kw: Mapping[int, float | None],
        forecast_kw: Mapping[int, float | None],
    ) -> "LoadHistory":
        """Return a history from single hours, by epoch seconds // 3600.

        Args:
            load_kw: At least one; it reaches from the first to the last of them.
            forecast_kw: Of any hours.
        """
        first, end = min(load_kw), max(load_kw) + 1
        loads = (load_kw.get(hour) for hour in range(first, end))
        return cls(
            first,
            [None if load is None or load <= 0 else load for load in loads],
            [forecast_kw.get(hour) for hour in range(first, end)],
        )

    def __len__(self) -> int:
        return len(self.load_kw)

    def hour_at(self, index: int) -> int:
        """Return an hour's beginning, epoch seconds."""
        return (self.first_hour + index) * _HOUR_S

    @cached_property
    def calendar(self) -> "Calendar":
        """Central dates and hours, two days beyond the last load at the least."""
        # rounded up, so that a history that grows by an hour has the same
        hours = len(self.load_kw) + 2 * DAY_HOURS
        return Calendar.of(self.first_hour, -(-hours // _STRETCH_HOURS))

    @cached_property
    def log_load(self) -> Sequence[float]:
        """Natural logarithm of each load; a gap is filled from what came before it.

        A missing hour has the load of the same hour a day before, scaled as the hour
        before it was; before any load is known it has 0, see ``first_known``.
        """
        filled: list[float] = []
        for index, load in enumerate(self.load_kw):
            if load is not None:
                filled.append(log(load))
            elif index <= DAY_HOURS:
                filled.append(filled[-1] if filled else 0.0)
            else:
                growth = filled[index - DAY_HOURS] - filled[index - DAY_HOURS - 1]
                filled.append(filled[-1] + growth)
        return filled

    @cached_property
    def log_forecast(self) -> Sequence[float | None]:
        """Natural logarithm of each forecast, as long as the calendar."""
        known = [None if kw is None or kw <= 0 else log(kw) for kw in self.forecast_kw]
        lacking = len(self.calendar.day) - len(known)
        return [*known, *[None] * max(lacking, 0)]


@dataclass(frozen=True, slots=True)
class Calendar:
    """The Central wall clock of hours one after the other.

    Attributes:
        day: Date of each hour's beginning, as days since 1970-01-01.
        hour: Its hour of day, 0 to 23; twice the same in the night of autumn.
        starts: Index of each date's first hour that is there, by date.
    """

    day: Sequence[int]
    hour: Sequence[int]
    starts: dict[int, int]

    @classmethod
    @lru_cache(maxsize=4)
    def of(cls, first_hour: int, stretches: int) -> "Calendar":
        """Return the calendar of stretches of 64 days from ``first_hour`` on."""
        days: list[int] = []
        of_day: list[int] = []
        starts: dict[int, int] = {}
        for index in range(stretches * _STRETCH_HOURS):
            local = datetime.fromtimestamp((first_hour + index) * _HOUR_S, CENTRAL)
            day = local.toordinal() - _EPOCH_ORDINAL
            starts.setdefault(day, index)
            days.append(day)
            of_day.append(local.hour)
        return cls(days, of_day, starts)

    def bounds(self, day: int) -> tuple[int, int]:
        """Return the index of a date's first hour and of the one past its last."""
        end = len(self.day)
        return self.starts.get(day, end), self.starts.get(day + 1, end)
