"""The sites of the simulated account."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from energy_logger_server.api.amber_models import SiteStatus
from energy_logger_server.api.channels import ChannelType
from energy_logger_server.api.nem import nem_date_at

from .config import AmberConfig
from .market.labels import HALF_HOUR, date_position, day_at, slot_at
from .market.tariff import TariffKind, TariffSlot, tariff_day

SITE_A = "01S1MS1TEA0000000000000000"
SITE_B = "01S1MS1TEB0000000000000000"
SITE_C = "01S1MS1TEC0000000000000000"
SITE_D = "01S1MS1TED0000000000000000"

_LONG_AGO = date(2000, 1, 1)
_FAR_AHEAD = date(9000, 1, 1)


@dataclass(frozen=True, slots=True)
class SimulatedChannel:
    """A metered register: its name, what it is for, the network's tariff code."""

    identifier: str
    type: ChannelType
    tariff: str


@dataclass(frozen=True, slots=True)
class SimulatedSite:
    """One connection of the account.

    Attributes:
        id: 26 characters.
        nmi: Made up, ten digits; not unique.
        channels: In the order of prices: general, controlled load, feed-in.
        network: Distributor's name.
        zone: Time zone of its tariff.
        tariff: What its prices say of it.
        active_from: First NEM date of supply.
        closed_on: First NEM date without supply, if it is closed.
        five_minute_from: First NEM date that is billed in five-minute intervals.
    """

    id: str
    nmi: str
    channels: tuple[SimulatedChannel, ...]
    network: str
    zone: str
    tariff: TariffKind
    active_from: date
    five_minute_from: date
    closed_on: date | None = None

    @property
    def channel_types(self) -> tuple[ChannelType, ...]:
        """The types of its channels: prices are listed by type."""
        return tuple(channel.type for channel in self.channels)

    def is_supplied_on(self, day: date) -> bool:
        """Whether a meter counted on a NEM date."""
        return self.active_from <= day and (
            self.closed_on is None or day < self.closed_on
        )

    def is_five_minute_at(self, position: int) -> bool:
        """Whether the interval at a position is billed in five minutes."""
        return position >= date_position(self.five_minute_from)

    def tariff_at(self, position: int) -> TariffSlot:
        """Return the tariff of the half hour that holds a position."""
        day = tariff_day(self.tariff, self.zone, day_at(position))
        return day[slot_at(position) // HALF_HOUR]

    def to_json(self, now: datetime) -> dict[str, Any]:
        """Return what ``/sites`` says of it at an instant."""
        today = nem_date_at(now)
        record: dict[str, Any] = {
            "id": self.id,
            "nmi": self.nmi,
            "channels": [
                {
                    "identifier": channel.identifier,
                    "type": channel.type.value,
                    "tariff": channel.tariff,
                }
                for channel in self.channels
            ],
            "network": self.network,
            "status": self._status_on(today).value,
            "activeFrom": self.active_from.isoformat(),
        }
        if self.closed_on is not None:
            record["closedOn"] = self.closed_on.isoformat()
        record["intervalLength"] = 5 if today >= self.five_minute_from else 30
        return record

    def _status_on(self, today: date) -> SiteStatus:
        if self.closed_on is not None:
            return SiteStatus.CLOSED
        if today < self.active_from:
            return SiteStatus.PENDING
        return SiteStatus.ACTIVE


def simulated_sites(config: AmberConfig) -> tuple[SimulatedSite, ...]:
    """Return the account's sites in the order of the answer."""
    nine = config.nine_identifiers
    general = SimulatedChannel("E9" if nine else "E1", ChannelType.GENERAL, "EA116")
    feed_in = SimulatedChannel("B9" if nine else "B1", ChannelType.FEED_IN, "EA029")
    controlled = SimulatedChannel("E2", ChannelType.CONTROLLED_LOAD, "A180")
    moved_in = config.start_date - timedelta(days=420)
    site_a = SimulatedSite(
        id=SITE_A,
        nmi="9000000001",
        channels=(general, feed_in),
        network="Ausgrid",
        zone="Australia/Sydney",
        tariff=TariffKind.DEMAND,
        active_from=moved_in,
        five_minute_from=_FAR_AHEAD,
    )
    site_b = SimulatedSite(
        id=SITE_B,
        nmi="9000000002",
        channels=(general, controlled, feed_in),
        network="Jemena",
        zone="Australia/Melbourne",
        tariff=TariffKind.TIME_OF_USE,
        active_from=moved_in,
        five_minute_from=config.cutover_date,
    )
    if not config.sites_extra:
        return site_a, site_b
    closed = SimulatedSite(
        id=SITE_C,
        nmi=site_b.nmi,
        channels=(general,),
        network="Jemena",
        zone="Australia/Melbourne",
        tariff=TariffKind.NONE,
        active_from=moved_in - timedelta(days=480),
        closed_on=moved_in,
        five_minute_from=_FAR_AHEAD,
    )
    pending = SimulatedSite(
        id=SITE_D,
        nmi="9000000004",
        channels=(general,),
        network="Energex",
        zone="Australia/Brisbane",
        tariff=TariffKind.TIME_OF_USE,
        active_from=config.start_date + timedelta(days=14),
        five_minute_from=_LONG_AGO,
    )
    return site_a, site_b, closed, pending
