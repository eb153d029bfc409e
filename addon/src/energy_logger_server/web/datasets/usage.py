"""What a site's registers metered: its columns, and its JSON."""

from energy_logger_server.api.amber_models import Usage
from energy_logger_server.store.amber.export_usage import UsageRows
from energy_logger_server.store.amber.stats import UsageSummary

from .columns import ENERGY, TEXT, UNKNOWN, Column, Columns, amber_number, fields_of
from .costs import REGISTER
from .fields import Fields, interval_fields, rounded, whole
from .intervals import (
    CENTS_PER_KWH,
    CHANNEL_TYPE,
    DESCRIPTION,
    INTERVAL,
    RENEWABLES,
    SPOT,
    TARIFF,
    text_column,
)

_POWER_DIGITS = 3

USAGE: Columns[Usage, UsageRows] = (
    *INTERVAL,
    Column(
        name="channel_identifier",
        kind=TEXT,
        text="Register, such as E1.",
        value=lambda record: record.channel_identifier,
        stored=lambda rows: rows.registers,
    ),
    CHANNEL_TYPE,
    Column(
        name="energy_kwh",
        kind=amber_number(3),
        unit="kWh",
        text=ENERGY,
        value=lambda record: whole(record.directed_energy_kwh),
        stored=lambda rows: rows.energy_e3,
    ),
    Column(
        name="cost_cents",
        kind=amber_number(4),
        unit="c",
        text=f"Upstream's sign, negative is a credit; {UNKNOWN}",
        is_nullable=True,
        value=lambda record: whole(record.cost_cents),
        stored=lambda rows: rows.cost_e4,
    ),
    Column(
        name="cost_aud",
        kind=amber_number(6),
        unit="AUD",
        text=f"Cost of import, earnings of feed-in; {UNKNOWN}",
        is_nullable=True,
        value=lambda record: whole(record.cost_aud),
        stored=lambda rows: rows.cost_aud_e6,
    ),
    Column(
        name="price_cents_per_kwh",
        kind=amber_number(5),
        unit=CENTS_PER_KWH,
        text=f"Upstream's cents and sign; {UNKNOWN}",
        is_nullable=True,
        value=lambda record: whole(record.price_cents_per_kwh),
        stored=lambda rows: rows.price_e5,
    ),
    SPOT,
    RENEWABLES,
    text_column(
        "quality",
        lambda record: record.quality,
        lambda texts: texts.quality,
        text="estimated or billable.",
    ),
    *DESCRIPTION,
    *TARIFF,
)


def usage(record: Usage) -> Fields:
    """Return usage: upstream's object, and the view in AUD."""
    return {
        **record.raw,
        **interval_fields(record),
        "energy_kwh": whole(record.directed_energy_kwh),
        "cost_aud": whole(record.cost_aud),
        "is_estimated": record.is_estimated,
    }


def usage_summary(summary: UsageSummary) -> Fields:
    """Return the figures of a register."""
    cost = summary.cost
    hours = cost.minutes / 60
    return {
        **fields_of(REGISTER, cost),
        "interval_count": cost.intervals,
        "min_kw": rounded(summary.min_kw, _POWER_DIGITS),
        "max_kw": rounded(summary.max_kw, _POWER_DIGITS),
        "mean_kw": rounded(cost.energy_kwh / hours, _POWER_DIGITS),
    }
