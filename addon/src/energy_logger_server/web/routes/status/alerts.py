"""What the owner has to know of, as the status says it."""

from collections.abc import Iterable

from energy_logger_server.domain.notifications.alerts import Alert
from energy_logger_server.domain.notifications.disk_space import DiskOutlook
from energy_logger_server.domain.notifications.plan import ServiceState
from energy_logger_server.web.datasets import fields as wire
from energy_logger_server.web.deps import Notifications

from .answers import AlertAnswer, AlertsAnswer, DiskAnswer, NotificationServiceAnswer
from .units import mebibytes


def alerts_answer(notifications: Notifications) -> AlertsAnswer:
    """Return what is wrong, how the services do, and what the disk has."""
    disk = notifications.disk
    return {
        "alerts": alert_answers(notifications.alerts),
        "notifications": [
            _service(name, one) for name, one in notifications.services.items()
        ],
        "disk": None if disk is None else _disk(disk),
    }


def alert_answers(alerts: Iterable[Alert]) -> list[AlertAnswer]:
    """Return conditions that hold."""
    return [_alert(one) for one in alerts]


def _alert(alert: Alert) -> AlertAnswer:
    return {
        "code": alert.code,
        "subject": alert.subject,
        "message": alert.message,
        "since": wire.utc_text(alert.since),
    }


def _service(name: str, state: ServiceState) -> NotificationServiceAnswer:
    return {
        "service": name,
        "last_sent_at": wire.utc_text(state.sent_at),
        "waiting": len(state.news),
        "failing_since": wire.utc_text(state.failing_since),
        "problem": state.problem,
    }


def _disk(outlook: DiskOutlook) -> DiskAnswer:
    days = outlook.days_left
    return {
        "free_mb": mebibytes(outlook.space.free_bytes),
        "total_mb": mebibytes(outlook.space.total_bytes),
        "days_left": None if days is None else round(days, 1),
    }
