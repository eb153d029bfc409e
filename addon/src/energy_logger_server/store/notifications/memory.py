"""What is remembered of messages to the owner: a JSON text, read and written whole."""

import logging
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy.engine import Connection

from energy_logger_server.domain.notifications.alerts import Alert, AlertCode
from energy_logger_server.domain.notifications.disk_space import StoreGrowth, StoreSize
from energy_logger_server.domain.notifications.news import News
from energy_logger_server.domain.notifications.plan import (
    NotificationState,
    ServiceState,
)
from energy_logger_server.store.db.query import Query
from energy_logger_server.store.db.reader import Reader

_LOG = logging.getLogger(__name__)
_KEPT = Query("SELECT value FROM store_meta WHERE name = 'notifications'")
_KEEP = Query(
    "INSERT INTO store_meta (name, value) VALUES ('notifications', :text)"
    " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
    ("text",),
)


def kept_notifications(connection: Reader) -> NotificationState:
    """Return what was remembered; nothing if none was, or by another version."""
    text: str | None = _KEPT.value(connection)
    if text is None:
        return NotificationState()
    try:
        return _state(orjson.loads(text))
    except (ValueError, KeyError, TypeError) as err:
        # what still holds is noticed again, and told again
        _LOG.warning("what has been told of problems is not known any more: %r", err)
        return NotificationState()


def keep_notifications(connection: Connection, state: NotificationState) -> None:
    """Remember a state instead of the one before."""
    _KEEP.run(connection, orjson.dumps(asdict(state)).decode())


def _state(told: Mapping[str, Any]) -> NotificationState:
    growth = told["growth"]
    return NotificationState(
        alerts=tuple(map(_alert, told["alerts"])),
        services={name: _service(one) for name, one in told["services"].items()},
        growth=StoreGrowth(_size(growth["earlier"]), _size(growth["later"])),
    )


def _service(told: Mapping[str, Any]) -> ServiceState:
    return ServiceState(
        news=tuple(map(_news, told["news"])),
        sent_at=_instant(told["sent_at"]),
        failures=told["failures"],
        failing_since=_instant(told["failing_since"]),
        retry_at=_instant(told["retry_at"]),
        problem=told["problem"],
    )


def _news(told: Mapping[str, Any]) -> News:
    return News(
        alert=_alert(told["alert"]),
        noted_at=datetime.fromisoformat(told["noted_at"]),
        ended_at=_instant(told["ended_at"]),
        is_begun=told["is_begun"],
    )


def _alert(told: Mapping[str, Any]) -> Alert:
    return Alert(
        AlertCode(told["code"]),
        told["subject"],
        told["message"],
        datetime.fromisoformat(told["since"]),
    )


def _size(told: Mapping[str, Any] | None) -> StoreSize | None:
    if told is None:
        return None
    return StoreSize(datetime.fromisoformat(told["at"]), told["size_bytes"])


def _instant(told: str | None) -> datetime | None:
    return None if told is None else datetime.fromisoformat(told)
