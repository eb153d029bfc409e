"""Questions and answers below ``/api/statistics``."""

from datetime import tzinfo
from typing import Annotated, TypedDict

import voluptuous as vol

from energy_logger_server.api.central import CENTRAL
from energy_logger_server.api.nem import NEM_TIME
from energy_logger_server.web.datasets.columns import ENERGY, PRICED, UNPRICED
from energy_logger_server.web.datasets.fields import AreaAnswer
from energy_logger_server.web.http.answer_types import Doc, Time
from energy_logger_server.web.http.checks import SomeText, WholeNumber
from energy_logger_server.web.http.history_query import Moment
from energy_logger_server.web.http.page_cursor import CURSOR

_LIMIT, _MOST = 1000, 10_000

type Cents = Annotated[float, Doc("c/kWh; on feed-in negative when you are paid.")]
type Kilowatts = Annotated[float, Doc("kW.")]


class HourAnswer(TypedDict):
    """An hour that is over."""

    start: Time
    """Start of the hour, UTC."""


class CoveredHourAnswer(HourAnswer):
    """An hour of intervals."""

    minutes: int
    """How much of it is covered."""


class PriceHourAnswer(CoveredHourAnswer):
    """Settled prices of a channel in an hour."""

    channel_type: str
    mean_cents_per_kwh: Cents
    min_cents_per_kwh: Cents
    max_cents_per_kwh: Cents
    mean_aud_per_kwh: float
    """You pay on import, you earn on feed-in."""
    intervals: int
    """How many prices."""


class UsageHourAnswer(CoveredHourAnswer):
    """Energy and cost of a register in an hour."""

    channel_identifier: str
    """The register."""
    channel_type: str
    energy_kwh: Annotated[float, Doc(ENERGY)]
    cost_cents: Annotated[float | None, Doc(f"Negative is a credit; {PRICED}")]
    cost_aud: Annotated[
        float | None, Doc(f"Cost on import, earnings on feed-in; {PRICED}")
    ]
    estimated_minutes: int
    """How much may still be revised."""
    unpriced_minutes: Annotated[int, Doc(UNPRICED)]


class LoadHourAnswer(HourAnswer):
    """Load of an area in an hour."""

    mean_kw: float
    """KAMO's value of the hour, kW."""
    is_settled: bool
    """Whether it was read after the hour was over."""


class SubstationHourAnswer(HourAnswer):
    """Readings of a substation in an hour."""

    substation_name: str
    mean_kw: Kilowatts
    min_kw: Kilowatts
    max_kw: Kilowatts
    mean_kvar: float | None
    """kVAR, KAMO's sign: of the readings that have it, null where none has."""
    power_factor: float | None
    """Of the sums of these readings: P / sqrt(P^2 + Q^2), 0 to 1; null without
    power."""
    readings: int
    """How often it was read."""


class HoursAnswer[Hour](TypedDict):
    """A page of hours."""

    data: list[Hour]
    """In the order of change."""
    count: int
    truncated: bool
    """Whether there is more already, behind Link."""
    cursor: str
    """Keep it: sent as since, it leads to what is added or revised later."""


class SiteAnswer(TypedDict):
    """How an answer about a site begins."""

    site_id: str


class SiteHoursAnswer[Hour](SiteAnswer, HoursAnswer[Hour]):
    """Hours of a site."""


class AreaHoursAnswer[Hour](AreaAnswer, HoursAnswer[Hour]):
    """Hours of an area."""


def _query(zone: tzinfo) -> vol.Schema:
    return vol.Schema(
        {
            vol.Optional("since"): CURSOR,
            vol.Optional("start"): Moment(zone, is_end=False),
            vol.Optional("end"): Moment(zone, is_end=True),
            vol.Optional("limit", default=str(_LIMIT)): WholeNumber(1, _MOST),
        }
    )


OF_SITE = _query(NEM_TIME)
OF_AREA = _query(CENTRAL)
OF_SUBSTATIONS = OF_AREA.extend({vol.Optional("substation"): SomeText()})
