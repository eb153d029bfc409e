"""Price and usage rows: columns in table order, and the JSON object they stand for."""

import orjson

from energy_logger_server.api.amber_models import Interval, Price, Usage
from energy_logger_server.api.exact_json import JsonObject, loads

from .attributes import AttributeKey
from .interval_times import interval_times
from .json_text import apply_extra, difference
from .scale import (
    E3,
    E4,
    E5,
    plain_float,
    plain_number,
    plain_number_if_known,
    scaled,
    scaled_if_known,
)

type PriceRow = tuple[
    int,
    int,
    int,
    int,
    int | None,
    float | None,
    int,
    int | None,
    int | None,
    int | None,
    int | None,
    int | None,
    int,
    int,
    str | None,
]
"""series_id, end_at, duration_minutes, price_e5, spot_e5, renewables_percent,
attributes_id, range_min_e5, range_max_e5, low_e5, predicted_e5, high_e5, run_id,
known_at, extra."""

type UsageRow = tuple[
    int,
    int,
    int,
    int,
    int | None,
    int | None,
    int | None,
    float | None,
    int,
    int,
    int,
    str | None,
]
"""series_id, end_at, duration_minutes, energy_e3, cost_e4, price_e5, spot_e5,
renewables_percent, attributes_id, run_id, known_at, extra."""

type RowIds = tuple[int, int, int, int]
"""series_id, attributes_id, run_id, known_at."""


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
    row: PriceRow = (
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
    extra = _missed(decode_price(row, key), price.raw)
    return row if extra is None else (*row[:-1], extra)


def decode_price(row: PriceRow, key: AttributeKey) -> JsonObject:
    """Return the JSON object that upstream sent for a row."""
    raw = _interval_fields(key, row[1], row[2])
    raw["perKwh"] = plain_number(row[3], E5)
    _add_grid_fields(raw, row[4], row[5])
    _add_texts(raw, key)
    if key[4] is not None:
        raw["estimate"] = key[4]
    if row[7] is not None and row[8] is not None:
        raw["range"] = {
            "min": plain_number(row[7], E5),
            "max": plain_number(row[8], E5),
        }
    if row[9] is not None and row[10] is not None and row[11] is not None:
        raw["advancedPrice"] = {
            "low": plain_number(row[9], E5),
            "predicted": plain_number(row[10], E5),
            "high": plain_number(row[11], E5),
        }
    return apply_extra(raw, row[14])


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
    row: UsageRow = (
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
    extra = _missed(decode_usage(row, key, channel), usage.raw)
    return row if extra is None else (*row[:-1], extra)


def decode_usage(row: UsageRow, key: AttributeKey, channel: str) -> JsonObject:
    """Return the JSON object that upstream sent for a row of ``channel``."""
    date, start, end, nem = interval_times(row[1], row[2])
    raw: JsonObject = {
        "type": key[0],
        "duration": row[2],
        "date": date,
        "endTime": end,
    }
    if key[5] is not None:
        raw["quality"] = key[5]
    raw["kwh"] = plain_number(row[3], E3)
    raw["nemTime"] = nem
    raw["perKwh"] = plain_number_if_known(row[5], E5)
    raw["channelType"] = key[1]
    raw["channelIdentifier"] = channel
    raw["cost"] = plain_number_if_known(row[4], E4)
    if row[7] is not None:
        raw["renewables"] = plain_float(row[7])
    if row[6] is not None:
        raw["spotPerKwh"] = plain_number(row[6], E5)
    raw["startTime"] = start
    _add_texts(raw, key, with_channel_type=False)
    return apply_extra(raw, row[11])


def _interval_fields(key: AttributeKey, end_at: int, duration: int) -> JsonObject:
    date, start, end, nem = interval_times(end_at, duration)
    return {
        "type": key[0],
        "date": date,
        "duration": duration,
        "startTime": start,
        "endTime": end,
        "nemTime": nem,
    }


def _add_grid_fields(
    raw: JsonObject, spot: int | None, renewables: float | None
) -> None:
    if renewables is not None:
        raw["renewables"] = plain_float(renewables)
    if spot is not None:
        raw["spotPerKwh"] = plain_number(spot, E5)


def _add_texts(
    raw: JsonObject, key: AttributeKey, *, with_channel_type: bool = True
) -> None:
    if with_channel_type:
        raw["channelType"] = key[1]
    if key[2] is not None:
        raw["spikeStatus"] = key[2]
    if key[6] is not None:
        raw["tariffInformation"] = loads(key[6])
    if key[3] is not None:
        raw["descriptor"] = key[3]


def _missed(decoded: JsonObject, sent: JsonObject) -> str | None:
    try:
        if orjson.dumps(decoded) == orjson.dumps(sent):
            # equal to the byte, so equal in every type too: the usual case
            return None
    except TypeError:
        # a Decimal: a number with more digits than a double holds
        pass
    return difference(decoded, sent)
