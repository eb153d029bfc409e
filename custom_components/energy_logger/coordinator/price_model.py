"""Which of Amber's two prices a plan is made by; pure."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from custom_components.energy_logger.api.amber_models import Price


class PriceModel(StrEnum):
    """Where the price of an interval to come is taken from."""

    MARKET = "market"
    """The market operator's forecast, which the bill follows once it has come true."""
    ADVANCED = "advanced"
    """Amber's own forecast, which the app of Amber shows."""


@dataclass(frozen=True, slots=True)
class ModelledPrice:
    """A price for a span of time, see ``api.plan.Priced``."""

    starts_at: datetime
    ends_at: datetime
    price_aud_per_kwh: float


def modelled(price: Price, model: PriceModel) -> ModelledPrice:
    """Return a price by a model; without Amber's forecast it is the market's."""
    aud = price.price_aud_per_kwh
    if model is PriceModel.ADVANCED and price.advanced_price_aud is not None:
        aud = price.advanced_price_aud.predicted
    return ModelledPrice(price.starts_at, price.ends_at, aud)
