"""What KAMO publishes, as records; ``raw`` is the parsed JSON itself.

Source: recorded answers; there is no description.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from .exact_json import JsonObject, JsonValue
from .models import RejectedRecord


@dataclass(frozen=True, slots=True)
class Area:
    """What KAMO lists and charts: a member cooperative or an aggregate.

    Attributes:
        id: KAMO's number, 1-17 cooperatives, 18-20 aggregates.
        name: Full name.
        abbreviation: Upstream's ``abrev``.
        raw: The JSON object.
    """

    id: int
    name: str
    abbreviation: str
    raw: JsonObject = field(compare=False, repr=False)

    @property
    def is_aggregate(self) -> bool:
        """Whether it is a sum of others (Missouri, Oklahoma, all) without stations."""
        return self.id in AGGREGATE_AREA_IDS


AGGREGATE_AREA_IDS = frozenset({18, 19, 20})
"""KAMO's areas that are sums: Missouri, Oklahoma and the whole (recorded answers)."""


LONGEST_LAG = timedelta(hours=2)
"""How long after its label an hour may be the newest one.

The running hour is always among those measured (recorded answers); an hour more allows
for KAMO's own delays.
"""


@dataclass(frozen=True, slots=True)
class LoadPoint:
    """Load of an area in one hour of one series.

    Attributes:
        area_id: KAMO's number of the area.
        hour_at: Instant (UTC) that the hour's label names.
        load_kw: Power drawn, kW.
        position: Index in the series' list.
        raw: The number as sent.
    """

    area_id: int
    hour_at: datetime
    load_kw: float
    position: int
    raw: JsonValue = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class LoadSeries:
    """One line of an area's chart.

    Attributes:
        label: ``Actual``, or the name of a forecast.
        points: The readable hours in upstream's order, one for an instant.
    """

    label: str
    points: tuple[LoadPoint, ...]

    @property
    def is_actual(self) -> bool:
        """Whether the line shows measured load."""
        return self.label.strip().casefold() == "actual"


@dataclass(frozen=True, slots=True)
class AreaGrid:
    """Answer of ``/areagrid/{id}``: hourly load, measured and forecast.

    Attributes:
        area_id: The area asked for.
        series: The readable lines in upstream's order.
        rejected: Points and lines that could not be read.
        fetched_at: Instant (UTC) at which the answer had arrived.
        raw: The JSON object.
        last_modified: As in ``Answer``.
        server_time: As in ``Answer``.
    """

    area_id: int
    series: tuple[LoadSeries, ...]
    rejected: tuple[RejectedRecord, ...]
    fetched_at: datetime
    raw: JsonObject = field(compare=False, repr=False)
    last_modified: datetime | None = None
    server_time: datetime | None = None

    @property
    def actual(self) -> tuple[LoadPoint, ...]:
        """Measured hours; empty when the answer has no such line."""
        return next((line.points for line in self.series if line.is_actual), ())

    @property
    def newest(self) -> LoadPoint | None:
        """The newest measured hour, a running one included; None without any."""
        return max(self.actual, key=lambda point: point.hour_at, default=None)

    def is_behind(self, moment: datetime) -> bool:
        """Return whether its newest measured hour is of the past.

        Args:
            moment: Instant (UTC) of the answer.
        """
        return self.newest is not None and self.newest.hour_at + LONGEST_LAG < moment

    @property
    def forecasts(self) -> tuple[LoadSeries, ...]:
        """Every line that is not the measured one."""
        return tuple(line for line in self.series if not line.is_actual)


@dataclass(frozen=True, slots=True)
class SubstationReading:
    """A delivery point at one moment.

    Attributes:
        name: Unique within its area.
        load_kw: Real power, kW.
        reactive_kvar: Reactive power, kVAR; negative leads; None when not known.
        power_factor: Upstream's ``pf``: signed like the kVAR, so never averaged; None
            when not known.
        quality: Upstream's flag; false in every recorded row, so no verdict.
        quality_now: Upstream's flag, likewise.
        position: Index in upstream's list.
        raw: The JSON object.
    """

    name: str
    load_kw: float
    reactive_kvar: float | None
    power_factor: float | None
    quality: bool | None
    quality_now: bool | None
    position: int
    raw: JsonObject = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class SubstationTable:
    """Answer of ``/arealoadtable/{id}``: all substations of an area.

    Attributes:
        area_id: The area asked for.
        readings: The readable rows in upstream's order.
        rejected: Rows that could not be read.
        fetched_at: Instant (UTC) of the answer: upstream gives no time of its own.
        raw: The JSON object.
        last_modified: As in ``Answer``.
        server_time: As in ``Answer``.
    """

    area_id: int
    readings: tuple[SubstationReading, ...]
    rejected: tuple[RejectedRecord, ...]
    fetched_at: datetime
    raw: JsonObject = field(compare=False, repr=False)
    last_modified: datetime | None = None
    server_time: datetime | None = None

    @property
    def read_at(self) -> datetime:
        """The minute (UTC) that the readings are filed under."""
        return self.fetched_at.astimezone(UTC).replace(second=0, microsecond=0)
