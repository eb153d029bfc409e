"""Price and usage rows: columns in table order, and the JSON object they stand for."""

from typing import NamedTuple

from energy_logger_server.api.amber_models import Interval, Price, Usage
from energy_logger_server.api.exact_json import JsonObject

from .attributes import AttributeKey, tariff_as_sent
from .interval_times import interval_times
from .json_text import apply_extra, difference
from .scale import (
    E3,
    E4,
    E5,
    plain_float,
    plain_number,
    scaled,
    scaled_if_known,
)


class PriceRow(NamedTuple):
    """A row of settled or of expected prices, in the order of the tables' columns."""

    series_id: int
    end_at: int
    duration_minutes: int
    price_e5: int
    spot_e5: int | None
    renewables_percent: float | None
    attributes_id: int
    range_min_e5: int | None
    range_max_e5: int | None
    low_e5: int | None
    predicted_e5: int | None
    high_e5: int | None
    run_id: int
    known_at: int
    extra: str | None


class UsageRow(NamedTuple):
    """A row of usage, in the order of the table's columns."""

    series_id: int
    end_at: int
    duration_minutes: int
    energy_e3: int
    cost_e4: int | None
    price_e5: int | None
    spot_e5: int | None
    renewables_percent: float | None
    attributes_id: int
    run_id: int
    known_at: int
    extra: str | None


type IntervalRow = PriceRow | UsageRow

type RowIds = tuple[int, int, int, int]
"""series_id, attributes_id, run_id, known_at."""


def key_of(row: IntervalRow) -> tuple[int, int, int]:
    """Return the primary key of a row."""
    return row.series_id, row.end_at, row.duration_minutes


def start_of(row: IntervalRow) -> int:
    """Return the true start of a row's interval, epoch seconds."""
    return row.end_at - row.duration_minutes * 60


def end_epoch_s(interval: Interval) -> int:
    """Return the end of an interval in epoch seconds; a fraction is cut."""
    return int(interval.ends_at.timestamp())


def encode_price(price: Price, key: AttributeKey, ids: RowIds) -> PriceRow:
    """Return the row of a price.

    Args:
        price: The record, with the object that was sent.
        key: Its texts.
        ids: Series, attributes, run and when it became known.
    """
    series_id, attributes_id, run_id, known_at = ids
    band, advanced = price.spot_range, price.advanced_price
    row = PriceRow(
        series_id,
        end_epoch_s(price),
        price.duration_minutes,
        scaled(price.price_cents_per_kwh, E5),
        scaled_if_known(price.spot_cents_per_kwh, E5),
        price.renewables_percent,
        attributes_id,
        None if band is None else scaled(band.min_cents_per_kwh, E5),
        None if band is None else scaled(band.max_cents_per_kwh, E5),
        None if advanced is None else scaled(advanced.low_cents_per_kwh, E5),
        None if advanced is None else scaled(advanced.predicted_cents_per_kwh, E5),
        None if advanced is None else scaled(advanced.high_cents_per_kwh, E5),
        run_id,
        known_at,
        None,
    )
    extra = difference(decode_price(row, key), price.raw)
    return row if extra is None else PriceRow._make((*row[:-1], extra))


def decode_price(row: PriceRow, key: AttributeKey) -> JsonObject:
    """Return the JSON object that upstream sent for a row."""
    _, end_at, duration_minutes, price_e5, spot_e5, renewables_percent = row[:6]
    _, min_e5, max_e5, low_e5, predicted_e5, high_e5, _, _, extra = row[6:]
    date, start_time, end_time, nem_time = interval_times(end_at, duration_minutes)
    raw: JsonObject = {
        "type": key.type,
        "date": date,
        "duration": duration_minutes,
        "startTime": start_time,
        "endTime": end_time,
        "nemTime": nem_time,
        "perKwh": plain_number(price_e5, E5),
    }
    if renewables_percent is not None:
        raw["renewables"] = plain_float(renewables_percent)
    if spot_e5 is not None:
        raw["spotPerKwh"] = plain_number(spot_e5, E5)
    raw["channelType"] = key.channel_type
    _add_texts(raw, key)
    if key.estimate is not None:
        raw["estimate"] = key.estimate
    if min_e5 is not None and max_e5 is not None:
        raw["range"] = {
            "min": plain_number(min_e5, E5),
            "max": plain_number(max_e5, E5),
        }
    if low_e5 is not None and predicted_e5 is not None and high_e5 is not None:
        raw["advancedPrice"] = {
            "low": plain_number(low_e5, E5),
            "predicted": plain_number(predicted_e5, E5),
            "high": plain_number(high_e5, E5),
        }
    return raw if extra is None else apply_extra(raw, extra)


def encode_usage(
    usage: Usage, key: AttributeKey, channel: str, ids: RowIds
) -> UsageRow:
    """Return the row of a usage interval of the register ``channel``.

    Args:
        usage: The record, with the object that was sent.
        key: Its texts.
        channel: The register.
        ids: Series, attributes, run and when it became known.
    """
    series_id, attributes_id, run_id, known_at = ids
    row = UsageRow(
        series_id,
        end_epoch_s(usage),
        usage.duration_minutes,
        scaled(usage.energy_kwh, E3),
        scaled_if_known(usage.cost_cents, E4),
        scaled_if_known(usage.price_cents_per_kwh, E5),
        scaled_if_known(usage.spot_cents_per_kwh, E5),
        usage.renewables_percent,
        attributes_id,
        run_id,
        known_at,
        None,
    )
    extra = difference(decode_usage(row, key, channel), usage.raw)
    return row if extra is None else UsageRow._make((*row[:-1], extra))


def decode_usage(row: UsageRow, key: AttributeKey, channel: str) -> JsonObject:
    """Return the JSON object that upstream sent for a row of ``channel``."""
    _, end_at, duration_minutes, energy_e3, cost_e4, price_e5, spot_e5 = row[:7]
    renewables_percent, _, _, _, extra = row[7:]
    date, start_time, end_time, nem_time = interval_times(end_at, duration_minutes)
    raw: JsonObject = {
        "type": key.type,
        "duration": duration_minutes,
        "date": date,
        "endTime": end_time,
    }
    if key.quality is not None:
        raw["quality"] = key.quality
    raw["kwh"] = plain_number(energy_e3, E3)
    raw["nemTime"] = nem_time
    raw["perKwh"] = None if price_e5 is None else plain_number(price_e5, E5)
    raw["channelType"] = key.channel_type
    raw["channelIdentifier"] = channel
    raw["cost"] = None if cost_e4 is None else plain_number(cost_e4, E4)
    if renewables_percent is not None:
        raw["renewables"] = plain_float(renewables_percent)
    if spot_e5 is not None:
        raw["spotPerKwh"] = plain_number(spot_e5, E5)
    raw["startTime"] = start_time
    _add_texts(raw, key)
    return raw if extra is None else apply_extra(raw, extra)


def _add_texts(raw: JsonObject, key: AttributeKey) -> None:
    if key.spike_status is not None:
        raw["spikeStatus"] = key.spike_status
    if key.tariff is not None:
        raw["tariffInformation"] = tariff_as_sent(key.tariff)
    if key.descriptor is not None:
        raw["descriptor"] = key.descriptor
