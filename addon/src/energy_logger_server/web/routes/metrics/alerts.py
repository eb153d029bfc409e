"""Metrics of what the owner has to know of."""

from collections.abc import Iterator

from prometheus_client.core import Metric

from energy_logger_server.domain.notifications.alerts import AlertCode
from energy_logger_server.web.deps import Notifications

from .family import gauge


def alert_families(notifications: Notifications) -> Iterator[Metric]:
    """Yield what is wrong, how the services do, and what the disk has."""
    counts = dict.fromkeys(AlertCode, 0)
    for alert in notifications.alerts:
        counts[alert.code] += 1
    yield gauge(
        "alerts",
        "Conditions that hold and that the owner has to know of.",
        ("code",),
        [((code.value,), count) for code, count in counts.items()],
    )
    yield gauge(
        "notification_service_working",
        "1 if the service took the last message.",
        ("service",),
        [
            ((name,), state.failing_since is None)
            for name, state in notifications.services.items()
        ],
    )
    disk = notifications.disk
    yield gauge(
        "disk_free_bytes",
        "Free on the disk of the store.",
        (),
        [((), None if disk is None else disk.space.free_bytes)],
    )
    yield gauge(
        "disk_days_left",
        "How long that lasts at today's growth of the store, days.",
        (),
        [((), None if disk is None else disk.days_left)],
    )
