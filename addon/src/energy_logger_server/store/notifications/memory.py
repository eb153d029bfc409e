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
from energy_logger_server.domain.notifications.plan import (
    NotificationState,
    ServiceState,
)
from energy_logger_server.domain.notifications.unsent import UnsentChange
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
        # what still holds is noticed again, and sent again
        _LOG.warning("what has been sent of problems is not known any more: %r", err)
        return NotificationState()


def keep_notifications(connection: Connection, state: NotificationState) -> None:
    """Remember a state instead of the one before."""
    _KEEP.run(connection, orjson.dumps(asdict(state)).decode())


def _state(saved: Mapping[str, Any]) -> NotificationState:
    growth = saved["growth"]
    return NotificationState(
        alerts=tuple(map(_alert, saved["alerts"])),
        services={name: _service(one) for name, one in saved["services"].items()},
        growth=StoreGrowth(_size(growth["earlier"]), _size(growth["later"])),
    )


def _service(saved: Mapping[str, Any]) -> ServiceState:
    return ServiceState(
        news=tuple(map(_news, saved["news"])),
        sent_at=_instant(saved["sent_at"]),
        failures=saved["failures"],
        failing_since=_instant(saved["failing_since"]),
        retry_at=_instant(saved["retry_at"]),
        problem=saved["problem"],
    )


def _news(saved: Mapping[str, Any]) -> UnsentChange:
    return UnsentChange(
        alert=_alert(saved["alert"]),
        noted_at=datetime.fromisoformat(saved["noted_at"]),
        ended_at=_instant(saved["ended_at"]),
        is_begun=saved["is_begun"],
    )


def _alert(saved: Mapping[str, Any]) -> Alert:
    return Alert(
        AlertCode(saved["code"]),
        saved["subject"],
        saved["message"],
        datetime.fromisoformat(saved["since"]),
    )


def _size(saved: Mapping[str, Any] | None) -> StoreSize | None:
    if saved is None:
        return None
    return StoreSize(datetime.fromisoformat(saved["at"]), saved["size_bytes"])


def _instant(saved: str | None) -> datetime | None:
    return None if saved is None else datetime.fromisoformat(saved)
