"""What a site's registers used and cost: the columns, and the money of spans.

Numbers that were added up or averaged are rounded to the digits that upstream gives.
"""

from typing import Any

from energy_logger_server.domain.costs.costs import (
    Money,
    PeriodCost,
    RegisterCost,
    aud,
    covered_days,
    estimated_share,
    kwh,
    unpriced_share,
)
from energy_logger_server.store.amber.export_costs import CostRows

from .columns import (
    COUNT,
    DAY,
    ENERGY,
    PRICED,
    TEXT,
    UNPRICED,
    Column,
    Columns,
    amber_number,
)
from .fields import Fields, maybe_rounded, rounded, whole

_AUD_DIGITS = 7
_MONEY_DIGITS = 6
_ENERGY_DIGITS = 3
_SHARE_DIGITS = 4
_E4 = 10_000

DATE: Column[PeriodCost, CostRows] = Column(
    name="date",
    kind=DAY,
    text="NEM date.",
    value=lambda period: period.first.isoformat(),
    stored=lambda rows: rows.days,
)

REGISTER: Columns[RegisterCost, CostRows] = (
    Column(
        name="channel_identifier",
        kind=TEXT,
        text="Register, such as E1.",
        value=lambda cost: cost.identifier,
        stored=lambda rows: rows.registers,
    ),
    Column(
        name="channel_type",
        kind=TEXT,
        text="general, controlledLoad or feedIn.",
        value=lambda cost: cost.channel_type,
        stored=lambda rows: rows.channel_types,
    ),
    Column(
        name="energy_kwh",
        kind=amber_number(3),
        unit="kWh",
        text=ENERGY,
        value=lambda cost: whole(cost.energy_kwh),
        stored=lambda rows: rows.energy_e3,
    ),
    Column(
        name="cost_cents",
        kind=amber_number(4),
        unit="c",
        text=f"Upstream's sign, negative is a credit; {PRICED}",
        is_nullable=True,
        value=lambda cost: whole(cost.cost_cents),
        stored=lambda rows: rows.cost_e4,
    ),
    Column(
        name="cost_aud",
        kind=amber_number(6),
        unit="AUD",
        text=f"Cost of import, earnings of feed-in; {PRICED}",
        is_nullable=True,
        value=lambda cost: whole(cost.cost_aud),
        stored=lambda rows: rows.cost_aud_e6,
    ),
    Column(
        name="minutes",
        kind=COUNT,
        unit="min",
        text="What the intervals cover.",
        value=lambda cost: cost.minutes,
        stored=lambda rows: rows.minutes,
    ),
    Column(
        name="estimated_minutes",
        kind=COUNT,
        unit="min",
        text="How much of that may still be revised.",
        value=lambda cost: cost.estimated_minutes,
        stored=lambda rows: rows.estimated_minutes,
    ),
    Column(
        name="unpriced_minutes",
        kind=COUNT,
        unit="min",
        text=UNPRICED,
        value=lambda cost: cost.unpriced_minutes,
        stored=lambda rows: rows.unpriced_minutes,
    ),
)
"""Energy and money of a register."""

COSTS: Columns[Any, CostRows] = (DATE, *REGISTER)


def money(sums: Money) -> Fields:
    """Return import, export and what is left to pay, in kWh, AUD and cents."""
    return {
        "import_kwh": whole(kwh(sums.import_e3)),
        "export_kwh": whole(kwh(sums.export_e3)),
        "import_cost_aud": whole(aud(sums.import_e4)),
        "export_credit_aud": whole(aud(sums.export_e4)),
        "net_cost_aud": whole(aud(sums.net_e4)),
        "import_cost_cents": whole(_cents(sums.import_e4)),
        "export_credit_cents": whole(_cents(sums.export_e4)),
        "net_cost_cents": whole(_cents(sums.net_e4)),
    }


def _cents(cents_e4: int | None) -> float | None:
    return None if cents_e4 is None else cents_e4 / _E4


def means(registers: tuple[RegisterCost, ...]) -> Fields:
    """Return what a day and a kilowatt-hour come to; None where there is neither."""
    sums = Money.of(registers)
    days = covered_days(registers)
    return {
        "covered_days": round(days, _SHARE_DIGITS),
        **shares(registers),
        "net_cost_aud_per_day": _quotient(aud(sums.net_e4), days, _MONEY_DIGITS),
        "import_kwh_per_day": _quotient(kwh(sums.import_e3), days, _ENERGY_DIGITS),
        "export_kwh_per_day": _quotient(kwh(sums.export_e3), days, _ENERGY_DIGITS),
        "import_aud_per_kwh": _quotient(
            aud(sums.import_e4), kwh(sums.priced_import_e3), _AUD_DIGITS
        ),
        "export_aud_per_kwh": _quotient(
            aud(sums.export_e4), kwh(sums.priced_export_e3), _AUD_DIGITS
        ),
    }


def shares(registers: tuple[RegisterCost, ...]) -> Fields:
    """Return how much of the covered time is estimated, and how much has no cost."""
    return {
        "estimated_share": maybe_rounded(estimated_share(registers), _SHARE_DIGITS),
        "unpriced_share": maybe_rounded(unpriced_share(registers), _SHARE_DIGITS),
    }


def _quotient(total: float | None, parts: float, digits: int) -> float | None:
    return rounded(total / parts, digits) if total is not None and parts else None
