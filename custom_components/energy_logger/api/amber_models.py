"""What Amber publishes, as records.

Fields hold upstream's numbers, units and signs; ``raw`` is the parsed JSON object
itself. Properties give the human view: AUD, and positive in the channel's normal
direction (you pay on import, you earn on feed-in). Unknown enum values stay text.
Sources: Amber OpenAPI 2.0.0 and recorded answers.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import override

from .channels import aud_of_cents, directed_aud, directed_energy, is_feed_in
from .exact_json import JsonObject
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
        """The distinct channel types, in order: prices are listed by type."""
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
