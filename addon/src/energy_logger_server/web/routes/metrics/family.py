"""A family of metrics: one name, one value for each set of labels."""

from collections.abc import Iterable

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric

_PREFIX = "energy_logger_"

type Values = Iterable[tuple[tuple[str, ...], float | None]]
"""Labels and value; what is not known is None, and left out."""


def gauge(name: str, what: str, labels: tuple[str, ...], values: Values) -> Metric:
    """Return what goes up and down."""
    return _filled(GaugeMetricFamily(_PREFIX + name, what, labels=labels), values)


def counter(name: str, what: str, labels: tuple[str, ...], values: Values) -> Metric:
    """Return what only goes up, until a restart."""
    return _filled(CounterMetricFamily(_PREFIX + name, what, labels=labels), values)


def _filled(family: GaugeMetricFamily | CounterMetricFamily, values: Values) -> Metric:
    for labels, value in values:
        if value is not None:
            family.add_metric(labels, value)
    return family
