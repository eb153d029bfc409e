"""What has not been sent yet of conditions: at most one thing of each; pure.

Changes that were not sent yet take each other back: what came and went is sent as
over, and what was sent, went and came back is not sent again.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from .alerts import Alert, AlertKey


@dataclass(frozen=True, slots=True)
class UnsentChange:
    """What has not been sent yet of a condition.

    Attributes:
        alert: The condition.
        noted_at: Instant (UTC) at which there was news of it.
        ended_at: Instant (UTC) at which it was noticed to be over; None while it holds.
        is_begun: Whether its begin has been sent.
    """

    alert: Alert
    noted_at: datetime
    ended_at: datetime | None = None
    is_begun: bool = False


type UnsentChanges = tuple[UnsentChange, ...]
"""At most one of each condition, oldest first."""


def after_beginning(news: UnsentChanges, alert: Alert, now: datetime) -> UnsentChanges:
    """Return the news when a condition has begun to hold."""
    known = _news_of(news, alert.key)
    if known is None:
        return (*news, UnsentChange(alert, now))
    if known.is_begun:
        # sent as begun, not yet as over
        return without(news, {alert.key})
    earlier = replace(alert, since=known.alert.since)
    return _changed(news, replace(known, alert=earlier, ended_at=None))


def after_end(news: UnsentChanges, alert: Alert, now: datetime) -> UnsentChanges:
    """Return the news when a condition holds no more."""
    known = _news_of(news, alert.key)
    if known is None:
        return (*news, UnsentChange(alert, now, ended_at=now, is_begun=True))
    return _changed(news, replace(known, ended_at=now))


def with_messages(news: UnsentChanges, alerts: Iterable[Alert]) -> UnsentChanges:
    """Return the news with what conditions that hold say of themselves now."""
    messages = {one.key: one.message for one in alerts}
    return tuple(
        replace(
            one,
            alert=replace(
                one.alert, message=messages.get(one.alert.key, one.alert.message)
            ),
        )
        for one in news
    )


def without(news: UnsentChanges, keys: Collection[AlertKey]) -> UnsentChanges:
    """Return the news but for those of some conditions."""
    return tuple(one for one in news if one.alert.key not in keys)


def joined(earlier: UnsentChanges, later: UnsentChanges) -> UnsentChanges:
    """Return news of two processes, one after the other; the later ones hold."""
    return (*without(earlier, {one.alert.key for one in later}), *later)


def _news_of(news: UnsentChanges, key: AlertKey) -> UnsentChange | None:
    return next((one for one in news if one.alert.key == key), None)


def _changed(news: UnsentChanges, changed: UnsentChange) -> UnsentChanges:
    key = changed.alert.key
    return tuple(changed if one.alert.key == key else one for one in news)
