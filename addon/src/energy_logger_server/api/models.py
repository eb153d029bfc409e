"""What the utilities publish, as records.

Fields hold upstream's numbers, units and signs; ``raw`` is the parsed JSON object
itself. Properties give the human view: AUD, and positive in the channel's normal
direction (you pay on import, you earn on feed-in). Unknown enum values stay text.
Sources: Amber OpenAPI 2.0.0 and recorded answers; recorded KAMO answers.
"""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import override

from .channels import ChannelType as ChannelType  # noqa: PLC0414 - a word of records
from .channels import aud_of_cents, directed_aud, directed_energy, is_feed_in
from .errors import SourceError
from .exact_json import JsonObject, JsonValue
from .nem import nem_date_of


class SiteStatus(StrEnum):
    """Life of a customer connection, in Amber's words."""

    PENDING = "pending"
    ACTIVE = "active"
    CLOSED = "closed"


class Life(StrEnum):
    """The three lives of a price interval, and what is not one of them."""

    ACTUAL = "actual"
    CURRENT = "current"
    FORECAST = "forecast"
    UNKNOWN = "unknown"


class Quality(StrEnum):
    """How sure a usage figure is, in Amber's words."""

    ESTIMATED = "estimated"
    BILLABLE = "billable"


_LIVES = {
    "ActualInterval": Life.ACTUAL,
    "CurrentInterval": Life.CURRENT,
    "ForecastInterval": Life.FORECAST,
}


@dataclass(frozen=True, slots=True)
class RejectedRecord:
    """One record of an answer that could not be read; its neighbours could.

    Attributes:
        position: Index in the upstream list.
        reason: What is wrong with it, for a developer.
        sample: The record as JSON text, at most 2,000 characters.
    """

    position: int
    reason: str
    sample: str


@dataclass(frozen=True, slots=True)
class Answer[Record]:
    """A list that a utility sent.

    Attributes:
        records: What could be read, in upstream's order.
        rejected: What could not.
        fetched_at: Instant (UTC) at which the answer had arrived.
        last_modified: Instant (UTC) of the ``Last-Modified`` header, which only our
            own server's mirror sends: when the data left the utility.
        server_time: Instant (UTC) of the answer by the clock of who sent it; None when
            it does not say.
        forecast_error: Why no forecasts are in it although they were asked for; None
            when nothing was left out.
    """

    records: tuple[Record, ...]
    rejected: tuple[RejectedRecord, ...]
    fetched_at: datetime
    last_modified: datetime | None = None
    server_time: datetime | None = None
    forecast_error: SourceError | None = None


@dataclass(frozen=True, slots=True)
class Channel:
    """A metered register of a site.

    Attributes:
        identifier: Register name such as ``E1``, ``B1``, ``E9``: never assume one.
        type: A ``ChannelType``, or a text that is not known yet.
        tariff: The network's tariff code.
        raw: The JSON object.
    """

    identifier: str
    type: str
    tariff: str | None
    raw: JsonObject = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Site:
    """One customer connection at Amber.

    Attributes:
        id: 26 characters; changes only when the customer moves.
        nmi: National metering identifier: personal, never logged; not unique.
        channels: Its registers in upstream's order.
        network: Distributor's name.
        status: A ``SiteStatus``, or a text that is not known yet.
        active_from: First day of supply; may lie ahead.
        closed_on: Last day of supply of a closed site.
        interval_length_minutes: Billing interval, 5 or 30; None when not said.
        raw: The JSON object.
    """

    id: str
    nmi: str = field(repr=False)
    channels: tuple[Channel, ...]
    network: str | None
    status: str
    active_from: date | None
    closed_on: date | None
    interval_length_minutes: int | None
    raw: JsonObject = field(compare=False, repr=False)

    @property
    def is_active(self) -> bool:
        """Whether prices and usage can be expected today."""
        return self.status == SiteStatus.ACTIVE

    @property
    def price_channels(self) -> tuple[str, ...]:
        """The distinct channel types, in order: prices are told by type."""
        return tuple(dict.fromkeys(channel.type for channel in self.channels))


@dataclass(frozen=True, slots=True)
class Tariff:
    """What Amber says of the network tariff in an interval.

    Attributes:
        period: ``offPeak``, ``shoulder``, ``solarSponge``, ``peak`` or unknown text.
        season: ``default``, ``summer`` ... or unknown text.
        block: Step of a block tariff, 1 or 2.
        demand_window: Whether use now counts for the demand charge.
    """

    period: str | None
    season: str | None
    block: int | None
    demand_window: bool | None


@dataclass(frozen=True, slots=True)
class SpotRange:
    """Band of the spot price where the market's models disagree, c/kWh."""

    min_cents_per_kwh: float
    max_cents_per_kwh: float


@dataclass(frozen=True, slots=True)
class AdvancedPrice:
    """Amber's own forecast of the all-in price, c/kWh, upstream's signs.

    On feed-in ``low`` is numerically the greatest (recorded answers).
    """

    low_cents_per_kwh: float
    predicted_cents_per_kwh: float
    high_cents_per_kwh: float


@dataclass(frozen=True, slots=True)
class AdvancedPriceAud:
    """The same in AUD/kWh, positive in the channel's normal direction, low <= high."""

    low: float
    predicted: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """What price and usage intervals have in common.

    Attributes:
        type: Upstream's ``type``, kept as sent.
        ends_at: End of the interval, UTC.
        duration_minutes: 5, 15 or 30, read from the record, never assumed.
        channel_type: A ``ChannelType``, or a text that is not known yet.
        price_cents_per_kwh: Upstream's ``perKwh``: c/kWh with GST on import; on
            feed-in without GST and *negative when the customer is paid*. None where
            only the energy is known so far, on usage.
        spot_cents_per_kwh: Wholesale component, c/kWh with GST, same on all channels.
        renewables_percent: Share in the grid; may pass 100.
        spike_status: ``none``, ``potential``, ``spike`` or unknown text.
        descriptor: ``extremelyLow`` ... ``spike`` or unknown text.
        tariff: None when upstream says nothing, as on feed-in.
        raw: The JSON object.
    """

    type: str
    ends_at: datetime
    duration_minutes: int
    channel_type: str
    price_cents_per_kwh: float | None
    spot_cents_per_kwh: float | None
    renewables_percent: float | None
    spike_status: str | None
    descriptor: str | None
    tariff: Tariff | None
    raw: JsonObject = field(compare=False, repr=False)

    @property
    def starts_at(self) -> datetime:
        """True start, UTC (upstream's ``startTime`` is one second later)."""
        return self.ends_at - timedelta(minutes=self.duration_minutes)

    @property
    def nem_date(self) -> date:
        """NEM date to which the interval belongs."""
        return nem_date_of(self.ends_at, self.duration_minutes)

    @property
    def is_feed_in(self) -> bool:
        """Whether the channel measures export."""
        return is_feed_in(self.channel_type)

    @property
    def price_aud_per_kwh(self) -> float | None:
        """AUD/kWh, positive: you pay on import, you earn on feed-in."""
        if self.price_cents_per_kwh is None:
            return None
        return directed_aud(self.price_cents_per_kwh, self.channel_type)

    @property
    def spot_aud_per_kwh(self) -> float | None:
        """Wholesale price, AUD/kWh with GST, the market's sign."""
        if self.spot_cents_per_kwh is None:
            return None
        return aud_of_cents(self.spot_cents_per_kwh)


@dataclass(frozen=True, slots=True, kw_only=True)
class Price(Interval):
    """Price of one channel in one interval.

    Attributes:
        price_cents_per_kwh: As in ``Interval``, always known.
        estimate: On a current interval, whether the price may still change.
        spot_range: Band of the spot price, where upstream gives one.
        advanced_price: Amber's forecast, where upstream gives one.
    """

    price_cents_per_kwh: float
    estimate: bool | None
    spot_range: SpotRange | None
    advanced_price: AdvancedPrice | None

    @property
    @override
    def price_aud_per_kwh(self) -> float:
        return directed_aud(self.price_cents_per_kwh, self.channel_type)

    @property
    def life(self) -> Life:
        """Forecast, current or actual."""
        return _LIVES.get(self.type, Life.UNKNOWN)

    @property
    def is_settled(self) -> bool:
        """Whether no change is expected: an actual, or a confirmed current one."""
        return self.life is Life.ACTUAL or (
            self.life is Life.CURRENT and self.estimate is False
        )

    @property
    def advanced_price_aud(self) -> AdvancedPriceAud | None:
        """Amber's forecast in AUD/kWh, the channel's sign, low <= high."""
        if self.advanced_price is None:
            return None
        edges = sorted(
            directed_aud(cents, self.channel_type)
            for cents in (
                self.advanced_price.low_cents_per_kwh,
                self.advanced_price.high_cents_per_kwh,
            )
        )
        predicted = directed_aud(
            self.advanced_price.predicted_cents_per_kwh, self.channel_type
        )
        return AdvancedPriceAud(low=edges[0], predicted=predicted, high=edges[1])


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage(Interval):
    """Metered energy of one channel in one interval.

    Attributes:
        channel_identifier: The register, such as ``E1``.
        energy_kwh: Upstream's ``kwh``: positive on every channel in every recorded
            answer, though the description says generation is negative.
        cost_cents: Energy times price, four decimals; negative is a credit; None where
            only the energy is known so far.
        quality: A ``Quality``, or a text that is not known yet.
    """

    channel_identifier: str
    energy_kwh: float
    cost_cents: float | None
    quality: str | None

    @property
    def is_estimated(self) -> bool:
        """Whether the figure may be replaced by a billable one."""
        return self.quality == Quality.ESTIMATED

    @property
    def directed_energy_kwh(self) -> float:
        """Energy drawn, or fed in on feed-in; negative where import was taken back."""
        return directed_energy(self.energy_kwh, self.channel_type)

    @property
    def cost_aud(self) -> float | None:
        """AUD, positive in the channel's normal direction (cost, or earnings)."""
        if self.cost_cents is None:
            return None
        return directed_aud(self.cost_cents, self.channel_type)


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
