"""Which service sends what, and when; pure.

Every service has its own news, so that one which fails neither holds up the others nor
misses anything.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta, tzinfo

from .alerts import Alert, Observation
from .disk_space import StoreGrowth
from .quiet_hours import QuietHours
from .unsent import (
    UnsentChange,
    UnsentChanges,
    after_beginning,
    after_end,
    joined,
    with_messages,
    without,
)

_GATHERING = timedelta(minutes=2)
"""What goes wrong together is noticed one after the other, and sent together."""

_PAUSE = timedelta(minutes=15)
"""Between two messages of a service: what comes and goes is no flood."""

_FIRST_RETRY = timedelta(minutes=1)
_LONGEST_RETRY = timedelta(hours=1)
_MOST_DOUBLINGS = 10


@dataclass(frozen=True, slots=True)
class ServiceState:
    """One service: what it still has to send, and how it does.

    Attributes:
        news: What it still has to send.
        sent_at: Instant (UTC) of the last message that was taken; None before.
        failures: Attempts in a row that failed.
        failing_since: Instant (UTC) of the first of them; None while it works.
        retry_at: Instant (UTC) before which it is left alone, likewise.
        problem: Why the last attempt failed, likewise; names no address.
    """

    news: UnsentChanges = ()
    sent_at: datetime | None = None
    failures: int = 0
    failing_since: datetime | None = None
    retry_at: datetime | None = None
    problem: str | None = None

    def due_at(
        self, now: datetime, quiet: QuietHours | None, zone: tzinfo
    ) -> datetime | None:
        """Return when to send the news (UTC), which may be past; None without any.

        Args:
            now: Instant (UTC).
            quiet: Hours in which nothing is sent; None for none.
            zone: By whose clock.
        """
        if not self.news:
            return None
        at = min(one.noted_at for one in self.news) + _GATHERING
        if self.sent_at is not None:
            at = max(at, self.sent_at + _PAUSE)
        if self.retry_at is not None:
            at = max(at, self.retry_at)
        # a clock that was set back must not put it off for days
        at = max(now, min(at, now + _LONGEST_RETRY))
        return at if quiet is None else quiet.until(at, zone)

    def after_success(self, at: datetime) -> "ServiceState":
        """Return the state after a message with all the news was taken."""
        return ServiceState(sent_at=at)

    def after_failure(self, at: datetime, problem: str) -> "ServiceState":
        """Return the state after one was not; pauses double up to an hour."""
        pause = _FIRST_RETRY * 2 ** min(self.failures, _MOST_DOUBLINGS)
        return replace(
            self,
            failures=self.failures + 1,
            failing_since=self.failing_since or at,
            retry_at=at + min(pause, _LONGEST_RETRY),
            problem=problem,
        )

    def after(self, earlier: "ServiceState") -> "ServiceState":
        """Return the state that goes on from that of an earlier process."""
        if self == ServiceState():
            return earlier
        return replace(
            self,
            news=joined(earlier.news, self.news),
            sent_at=self.sent_at or earlier.sent_at,
        )

    def informed(
        self,
        begun: Iterable[Alert],
        ended: Iterable[Alert],
        seen: Observation,
        now: datetime,
    ) -> "ServiceState":
        """Return the state with the news of a look at everything.

        Args:
            begun: Conditions that did not hold before.
            ended: Those that hold no more.
            seen: The look.
            now: Instant (UTC).
        """
        news = with_messages(without(self.news, seen.withdrawn), seen.alerts)
        for alert in begun:
            news = after_beginning(news, alert, now)
        for alert in ended:
            news = after_end(news, alert, now)
        return replace(self, news=news)


@dataclass(frozen=True, slots=True)
class NotificationState:
    """What is remembered, also over a restart.

    Attributes:
        alerts: Conditions that hold.
        services: What each service has sent, by its name.
        growth: How fast the store grows.
    """

    alerts: tuple[Alert, ...] = ()
    services: Mapping[str, ServiceState] = field(default_factory=dict)
    growth: StoreGrowth = field(default_factory=StoreGrowth)

    def observed(self, seen: Observation, now: datetime) -> "NotificationState":
        """Return the state after a look at everything, at an instant (UTC)."""
        before = {one.key: one for one in self.alerts}
        holding = {one.key: one for one in seen.alerts}
        present = {
            key: replace(alert, since=before[key].since) if key in before else alert
            for key, alert in holding.items()
        }
        kept = {
            key: alert
            for key, alert in before.items()
            if key in seen.unknown and key not in holding
        }
        begun = [alert for key, alert in holding.items() if key not in before]
        ended = [
            alert
            for key, alert in before.items()
            if key not in holding and key not in kept and key not in seen.withdrawn
        ]
        alerts = (*kept.values(), *present.values())
        return replace(
            self,
            alerts=tuple(sorted(alerts, key=lambda one: (one.since, one.key))),
            services={
                name: service.informed(begun, ended, seen, now)
                for name, service in self.services.items()
            },
        )

    def after(self, earlier: "NotificationState") -> "NotificationState":
        """Return the state that goes on from that of an earlier process.

        Args:
            earlier: What that one remembered.
        """
        known = {one.key for one in earlier.alerts}
        both = {*earlier.services} | {*self.services}
        return NotificationState(
            (*earlier.alerts, *(one for one in self.alerts if one.key not in known)),
            {
                name: self.services.get(name, ServiceState()).after(
                    earlier.services.get(name, ServiceState())
                )
                for name in sorted(both)
            },
            earlier.growth,
        )

    def with_services(self, names: Iterable[str], now: datetime) -> "NotificationState":
        """Return the state when these services are set up, and no others.

        A new one is sent what holds already.
        """
        return replace(
            self,
            services={
                name: self.services.get(name)
                or ServiceState(
                    tuple(UnsentChange(alert, now) for alert in self.alerts)
                )
                for name in names
            },
        )

    def with_service(self, name: str, service: ServiceState) -> "NotificationState":
        """Return the state with another state of a service, if it is still set up."""
        if name not in self.services:
            return self
        return replace(self, services={**self.services, name: service})
