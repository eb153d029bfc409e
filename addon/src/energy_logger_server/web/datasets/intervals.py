"""Columns that prices and usage have in common."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from energy_logger_server.api.amber_models import Interval, Tariff
from energy_logger_server.store.amber.export_intervals import IntervalTexts

from .columns import (
    COUNT,
    FLAG,
    INSTANT,
    NEM_INSTANT,
    PERCENT,
    TEXT,
    Cell,
    Column,
    Columns,
    Kind,
    Shared,
    amber_number,
)
from .fields import nem_text, whole

CENTS_PER_KWH = "c/kWh"
CENTS = "Upstream's cents and sign."


class IntervalRows(Protocol):
    """What blocks of prices and of usage have in common, by column."""

    @property
    def starts_at(self) -> Sequence[int]:
        """Epoch seconds."""

    @property
    def ends_at(self) -> Sequence[int]:
        """Epoch seconds."""

    @property
    def duration_minutes(self) -> Sequence[int]:
        """Lengths."""

    @property
    def text_ids(self) -> Sequence[int]:
        """Which of ``texts`` each row has."""

    @property
    def texts(self) -> Mapping[int, IntervalTexts]:
        """By their number."""

    @property
    def spot_e5(self) -> Sequence[Any]:
        """c/kWh times 10^5."""

    @property
    def renewables_percent(self) -> Sequence[Any]:
        """Share in the grid, or its text."""


def text_column[Record: Interval](
    name: str,
    value: Callable[[Record], Cell],
    text_of: Callable[[IntervalTexts], Cell],
    *,
    kind: Kind = TEXT,
    text: str = "",
    is_nullable: bool = True,
) -> Column[Record, IntervalRows]:
    """Return a column that is the same for all rows of the same texts."""
    return Column(
        name=name,
        kind=kind,
        text=text,
        is_nullable=is_nullable,
        value=value,
        stored=lambda rows: Shared(
            {number: text_of(texts) for number, texts in rows.texts.items()},
            rows.text_ids,
        ),
    )


INTERVAL: Columns[Interval, IntervalRows] = (
    Column(
        name="nem_time",
        kind=NEM_INSTANT,
        text="End, NEM time (UTC+10).",
        value=lambda record: nem_text(record.ends_at),
        stored=lambda rows: rows.ends_at,
    ),
    Column(
        name="starts_at",
        kind=INSTANT,
        text="True start.",
        value=lambda record: nem_text(record.starts_at),
        stored=lambda rows: rows.starts_at,
    ),
    Column(
        name="ends_at",
        kind=INSTANT,
        text="End.",
        value=lambda record: nem_text(record.ends_at),
        stored=lambda rows: rows.ends_at,
    ),
    Column(
        name="duration_minutes",
        kind=COUNT,
        unit="min",
        text="Length.",
        value=lambda record: record.duration_minutes,
        stored=lambda rows: rows.duration_minutes,
    ),
)
CHANNEL_TYPE: Column[Interval, IntervalRows] = text_column(
    "channel_type",
    lambda record: record.channel_type,
    lambda texts: texts.channel_type,
    text="general, controlledLoad or feedIn.",
    is_nullable=False,
)
SPOT: Column[Interval, IntervalRows] = Column(
    name="spot_cents_per_kwh",
    kind=amber_number(5),
    unit=CENTS_PER_KWH,
    text="Wholesale part, c/kWh with GST.",
    is_nullable=True,
    value=lambda record: whole(record.spot_cents_per_kwh),
    stored=lambda rows: rows.spot_e5,
)
RENEWABLES: Column[Interval, IntervalRows] = Column(
    name="renewables_percent",
    kind=PERCENT,
    unit="%",
    text="Share in the grid; may pass 100.",
    is_nullable=True,
    value=lambda record: whole(record.renewables_percent),
    stored=lambda rows: rows.renewables_percent,
)
DESCRIPTION: Columns[Interval, IntervalRows] = (
    text_column(
        "spike_status",
        lambda record: record.spike_status,
        lambda texts: texts.spike_status,
    ),
    text_column(
        "descriptor",
        lambda record: record.descriptor,
        lambda texts: texts.descriptor,
    ),
)


def _of_tariff(value: Callable[[Tariff], Cell]) -> Callable[[Interval], Cell]:
    return lambda record: None if record.tariff is None else value(record.tariff)


TARIFF: Columns[Interval, IntervalRows] = (
    text_column(
        "tariff_period",
        _of_tariff(lambda tariff: tariff.period),
        lambda texts: texts.tariff_period,
    ),
    text_column(
        "tariff_season",
        _of_tariff(lambda tariff: tariff.season),
        lambda texts: texts.tariff_season,
    ),
    text_column(
        "tariff_block",
        _of_tariff(lambda tariff: tariff.block),
        lambda texts: texts.tariff_block,
        kind=COUNT,
    ),
    text_column(
        "demand_window",
        _of_tariff(lambda tariff: tariff.demand_window),
        lambda texts: texts.demand_window,
        kind=FLAG,
        text="Whether use now counts for the demand charge.",
    ),
)
