"""What a collector hands to the store: answers with what was asked.

A batch of parts is written in one transaction.
"""

from dataclasses import dataclass
from datetime import date

from energy_logger_server.api.amber_models import Price, Site, Usage
from energy_logger_server.api.kamo_models import Area, AreaGrid, SubstationTable
from energy_logger_server.api.models import Answer


@dataclass(frozen=True, slots=True)
class SitesRead:
    """All sites of the account; one that is not in it any more stays, marked gone."""

    answer: Answer[Site]


@dataclass(frozen=True, slots=True)
class PricesRead:
    """Prices of a site.

    Attributes:
        site_id: Whose.
        answer: Records of any life, channel and duration.
        days: First and last NEM date asked for in whole; None for current prices,
            which say nothing about the completeness of a day.
    """

    site_id: str
    answer: Answer[Price]
    days: tuple[date, date] | None = None


@dataclass(frozen=True, slots=True)
class UsageRead:
    """Usage of a site on the NEM dates ``days`` (first and last, inclusive)."""

    site_id: str
    answer: Answer[Usage]
    days: tuple[date, date]


@dataclass(frozen=True, slots=True)
class AreasRead:
    """KAMO's list of areas."""

    answer: Answer[Area]


@dataclass(frozen=True, slots=True)
class GridRead:
    """Hourly load of one area, measured and forecast."""

    grid: AreaGrid


@dataclass(frozen=True, slots=True)
class SubstationsRead:
    """The substations of one area; ``interval_minutes`` is the polling in force."""

    table: SubstationTable
    interval_minutes: int


@dataclass(frozen=True, slots=True)
class UnreadableAnswer:
    """A whole answer that was not as agreed: kept as a sample.

    Attributes:
        source: ``amber`` or ``kamo``.
        path: Request path without query.
        reason: What is wrong, for a developer.
        sample: Start of the body.
    """

    source: str
    path: str
    reason: str
    sample: str


@dataclass(frozen=True, slots=True)
class Adopted:
    """Rows of a predecessor, written like the answer that they once came in.

    They say nothing of how fresh a source is, and replace no answer as it was sent.
    """

    part: SitesRead | PricesRead | UsageRead | AreasRead | GridRead | SubstationsRead


type Part = (
    SitesRead
    | PricesRead
    | UsageRead
    | AreasRead
    | GridRead
    | SubstationsRead
    | UnreadableAnswer
    | Adopted
)
