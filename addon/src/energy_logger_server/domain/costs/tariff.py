"""What a register cost in each period of its tariff; pure."""

from dataclasses import dataclass

from .costs import RegisterCost


@dataclass(frozen=True, slots=True)
class TariffCost:
    """Energy and money of a register in one period of its tariff.

    Attributes:
        period: What upstream calls it, such as ``peak`` or ``solarSponge``; None where
            it names none, as for feed-in and flat tariffs.
        season: Such as ``summer`` or ``weekday``; None likewise.
        block: Number of the block of a block tariff; None likewise.
        is_demand_window: Whether the highest demand within it sets a charge; None where
            the tariff has no such window.
        cost: What was metered then.
    """

    period: str | None
    season: str | None
    block: int | None
    is_demand_window: bool | None
    cost: RegisterCost
