"""What each column of an export shows of the store's rows."""

from collections.abc import Callable, Iterable, Mapping

from energy_logger_server.store.amber.export_costs import CostRows
from energy_logger_server.store.amber.export_intervals import IntervalTexts
from energy_logger_server.store.amber.export_price_rows import PriceRows
from energy_logger_server.store.amber.export_usage import UsageRows
from energy_logger_server.store.kamo.export_load import LoadRows
from energy_logger_server.store.kamo.export_load_forecasts import LoadForecastRows
from energy_logger_server.store.kamo.export_substations import ReadingRows

from .cells import CellKinds

type Column[Rows] = Callable[[Rows, CellKinds], Iterable[str]]
"""Returns the cells of a column, one for each row."""

type Table[Rows] = Mapping[str, Column[Rows]]
"""The columns by name, in their order when nothing else is asked for."""


def _of_texts[Rows: (PriceRows, UsageRows)](
    text: Callable[[IntervalTexts, CellKinds], str],
) -> Column[Rows]:
    """Return a column that is the same for all rows of the same texts."""

    def cells_of(rows: Rows, cells: CellKinds) -> Iterable[str]:
        by_number = {number: text(one, cells) for number, one in rows.texts.items()}
        return map(by_number.__getitem__, rows.text_ids)

    return cells_of


LOAD: Table[LoadRows] = {
    "timestamp": lambda rows, cells: cells.instant.of(rows.hours_at),
    "load_kw": lambda rows, cells: cells.kamo_number(1).of(rows.load_e1),
    "is_settled": lambda rows, cells: cells.flag.of(rows.is_settled),
}

SUBSTATIONS: Table[ReadingRows] = {
    "snapshot_time": lambda rows, cells: cells.minute.of(rows.minutes),
    "substation_name": lambda rows, cells: cells.text.of(rows.names),
    "kw": lambda rows, cells: cells.kamo_number(1).of(rows.load_e1),
    "kvar": lambda rows, cells: cells.kamo_number(1).of(rows.reactive_e1),
    "pf": lambda rows, cells: cells.kamo_number(4).of(rows.power_factor_e4),
    "quality": lambda rows, cells: cells.flag.of(rows.quality),
    "quality_now": lambda rows, cells: cells.flag.of(rows.quality_now),
}

LOAD_FORECASTS: Table[LoadForecastRows] = {
    "timestamp": lambda rows, cells: cells.instant.of(rows.hours_at),
    "series": lambda rows, cells: cells.text.of(rows.labels),
    "load_kw": lambda rows, cells: cells.kamo_number(1).of(rows.load_e1),
    "fetched_at": lambda rows, cells: cells.instant.of(rows.fetched_at),
}


def _cents[Rows](column: Callable[[Rows], Iterable[object]]) -> Column[Rows]:
    return lambda rows, cells: cells.amber_number(5).of(column(rows))


FORECASTS: Table[PriceRows] = {
    "nem_time": lambda rows, cells: cells.nem_instant.of(rows.ends_at),
    "starts_at": lambda rows, cells: cells.instant.of(rows.starts_at),
    "ends_at": lambda rows, cells: cells.instant.of(rows.ends_at),
    "duration_minutes": lambda rows, cells: cells.count.of(rows.duration_minutes),
    "channel_type": _of_texts(lambda one, cells: cells.text[one.channel_type]),
    "type": _of_texts(lambda one, cells: cells.text[one.type]),
    "price_cents_per_kwh": _cents(lambda rows: rows.price_e5),
    "spot_cents_per_kwh": _cents(lambda rows: rows.spot_e5),
    "price_aud_per_kwh": lambda rows, cells: cells.amber_number(7).of(
        rows.price_aud_e7
    ),
    "renewables_percent": lambda rows, cells: cells.percent.of(rows.renewables_percent),
    "spike_status": _of_texts(lambda one, cells: cells.text[one.spike_status]),
    "descriptor": _of_texts(lambda one, cells: cells.text[one.descriptor]),
    "estimate": _of_texts(lambda one, cells: cells.flag[one.estimate]),
    "tariff_period": _of_texts(lambda one, cells: cells.text[one.tariff_period]),
    "tariff_season": _of_texts(lambda one, cells: cells.text[one.tariff_season]),
    "tariff_block": _of_texts(lambda one, cells: cells.count[one.tariff_block]),
    "demand_window": _of_texts(lambda one, cells: cells.flag[one.demand_window]),
    "range_min_cents_per_kwh": _cents(lambda rows: rows.bands_e5[0]),
    "range_max_cents_per_kwh": _cents(lambda rows: rows.bands_e5[1]),
    "advanced_low_cents_per_kwh": _cents(lambda rows: rows.bands_e5[2]),
    "advanced_predicted_cents_per_kwh": _cents(lambda rows: rows.bands_e5[3]),
    "advanced_high_cents_per_kwh": _cents(lambda rows: rows.bands_e5[4]),
    "is_settled": lambda rows, cells: cells.flag.of(rows.is_settled),
    "fetched_at": lambda rows, cells: cells.instant.of(rows.fetched_at),
}

PRICES: Table[PriceRows] = {
    name: column for name, column in FORECASTS.items() if name != "fetched_at"
}

USAGE: Table[UsageRows] = {
    "nem_time": lambda rows, cells: cells.nem_instant.of(rows.ends_at),
    "starts_at": lambda rows, cells: cells.instant.of(rows.starts_at),
    "ends_at": lambda rows, cells: cells.instant.of(rows.ends_at),
    "duration_minutes": lambda rows, cells: cells.count.of(rows.duration_minutes),
    "channel_identifier": lambda rows, cells: cells.text.of(rows.registers),
    "channel_type": _of_texts(lambda one, cells: cells.text[one.channel_type]),
    "energy_kwh": lambda rows, cells: cells.amber_number(3).of(rows.energy_e3),
    "cost_cents": lambda rows, cells: cells.amber_number(4).of(rows.cost_e4),
    "cost_aud": lambda rows, cells: cells.amber_number(6).of(rows.cost_aud_e6),
    "price_cents_per_kwh": _cents(lambda rows: rows.price_e5),
    "spot_cents_per_kwh": _cents(lambda rows: rows.spot_e5),
    "renewables_percent": lambda rows, cells: cells.percent.of(rows.renewables_percent),
    "quality": _of_texts(lambda one, cells: cells.text[one.quality]),
    "spike_status": _of_texts(lambda one, cells: cells.text[one.spike_status]),
    "descriptor": _of_texts(lambda one, cells: cells.text[one.descriptor]),
    "tariff_period": _of_texts(lambda one, cells: cells.text[one.tariff_period]),
    "tariff_season": _of_texts(lambda one, cells: cells.text[one.tariff_season]),
    "tariff_block": _of_texts(lambda one, cells: cells.count[one.tariff_block]),
    "demand_window": _of_texts(lambda one, cells: cells.flag[one.demand_window]),
}

COSTS: Table[CostRows] = {
    "date": lambda rows, cells: cells.day.of(rows.days),
    "channel_identifier": lambda rows, cells: cells.text.of(rows.registers),
    "channel_type": lambda rows, cells: cells.text.of(rows.channel_types),
    "energy_kwh": lambda rows, cells: cells.amber_number(3).of(rows.energy_e3),
    "cost_cents": lambda rows, cells: cells.amber_number(4).of(rows.cost_e4),
    "cost_aud": lambda rows, cells: cells.amber_number(6).of(rows.cost_aud_e6),
    "minutes": lambda rows, cells: cells.count.of(rows.minutes),
    "estimated_minutes": lambda rows, cells: cells.count.of(rows.estimated_minutes),
    "unpriced_minutes": lambda rows, cells: cells.count.of(rows.unpriced_minutes),
}
