"""What a mirrored price is by now: an interval that is over is no current one.

Upstream types a price at the moment it is asked; the store keeps the word until the
next answer. Clients look for the current price by that word, so at most one interval
of a channel may bear it.
"""

from datetime import datetime

from energy_logger_server.api.amber_parse import parse_prices
from energy_logger_server.api.exact_json import JsonObject

_ACTUAL = "ActualInterval"
_CURRENT = "CurrentInterval"
_FORECAST = "ForecastInterval"
_NOT_OF_ACTUALS = frozenset({"estimate", "range", "advancedPrice"})


def as_current(record: JsonObject) -> JsonObject:
    """Return the price of the present interval: a forecast as an estimated one.

    Upstream has not been asked since the interval began; what it said before holds,
    and anybody who looks for the current price must find it.
    """
    if record.get("type") != _FORECAST:
        return record
    return {**record, "type": _CURRENT, "estimate": True}


def at_time(record: JsonObject, now: datetime) -> JsonObject:
    """Return a price with the type that upstream would give it now.

    A current one that is over is an actual one if it was confirmed; otherwise it is
    still what was expected, as is one that has not begun by our clock.
    """
    if record.get("type") != _CURRENT:
        return record
    readable = parse_prices([record])[0]
    if not readable:
        return record
    [price] = readable
    if price.starts_at <= now < price.ends_at:
        return record
    if price.is_settled and price.ends_at <= now:
        kept = {name: record[name] for name in record if name not in _NOT_OF_ACTUALS}
        return {**kept, "type": _ACTUAL}
    kept = {name: record[name] for name in record if name != "estimate"}
    return {**kept, "type": _FORECAST}
