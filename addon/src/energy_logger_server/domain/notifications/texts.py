"""What messages to the owner say; pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import NamedTuple

from energy_logger_server.domain.collecting.runs import Source

from .alerts import Alert, AlertCode
from .messages import Message
from .unsent import UnsentChange

_TAG = "[Energy Logger]"
_LONGEST_SUBJECT = 150
_NAMES = {Source.AMBER.value: "Amber", Source.KAMO.value: "KAMO"}


class _Text(NamedTuple):
    """What is said of a condition, with its subject's name in braces."""

    begun: str
    over: str
    what_next: str


_TEXTS = {
    AlertCode.SOURCE_FAILING: _Text(
        "{} cannot be read",
        "{} is read again",
        "It is tried again at every tick, and what was missed is fetched later as far "
        "back as the utility still has it.",
    ),
    AlertCode.KEY_REFUSED: _Text(
        "{} refuses the key",
        "{} accepts the key again",
        "Nothing of it is collected until the key is right. The key that is set is "
        "tried again every hour; another one holds at once.",
    ),
    AlertCode.STORE_FAILING: _Text(
        "Nothing can be stored",
        "Everything is stored again",
        "It is tried again by itself. What is missed until then is fetched later as "
        "far back as the utility still has it.",
    ),
    AlertCode.STORE_DAMAGED: _Text(
        "The store is damaged",
        "The store is whole again",
        "Nothing is written to it until it is mended: restore a backup.",
    ),
    AlertCode.BACKUP_FAILED: _Text(
        "A backup failed",
        "Backups are made again",
        "It is tried again every hour.",
    ),
    AlertCode.BACKUP_OVERDUE: _Text(
        "There has been no backup for too long",
        "There is a new backup",
        "One is made by itself as soon as it can be; energy-logger backup create makes "
        "one now.",
    ),
    AlertCode.DISK_NEARLY_FULL: _Text(
        "The disk is nearly full",
        "The disk has room again",
        "Once it is full, nothing can be stored any more. Make room on it, or collect "
        "fewer substations (KAMO_SUBSTATION_AREAS).",
    ),
}


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads the messages.

    Attributes:
        zone: Whose clock the times are in.
        page: Where the pages are, such as an address.
    """

    zone: tzinfo
    page: str


def trial_message() -> Message:
    """Return the message that shows whether messages arrive."""
    return Message(
        f"{_TAG} Test message",
        "This is the test message that you asked for: messages arrive.\n\n"
        "Energy Logger writes when something has gone wrong for a while, once, and "
        "when it is over.\n",
    )


def sent_by(services: Iterable[str]) -> str:
    """Return the sentence that a test message was sent, by which services."""
    return f"A test message was sent by {', '.join(services)}."


def message_of(news: Sequence[UnsentChange], reader: Reader) -> Message:
    """Return the one message that holds all of the news.

    Args:
        news: What has not been sent, at least one.
        reader: For whom.
    """
    bad = [one for one in news if one.ended_at is None]
    good = [one for one in news if one.ended_at is not None]
    parts = [
        *(_bad_part(one.alert, reader) for one in bad),
        *(_good_part(one.alert, one.ended_at, reader) for one in good if one.ended_at),
    ]
    footer = f"More on the pages of Energy Logger: {reader.page}\n"
    return Message(
        f"{_TAG} {_subject(bad, good)}", "\n\n".join([*parts, f"-- \n{footer}"])
    )


def _subject(bad: Sequence[UnsentChange], good: Sequence[UnsentChange]) -> str:
    titles = [*(_bad_title(one.alert) for one in bad)]
    titles += [_good_title(one.alert) for one in good]
    if len(titles) == 1:
        return titles[0]
    problems = f"{len(bad)} problem{'s' if len(bad) > 1 else ''}"
    counts = [*([problems] if bad else []), *([f"{len(good)} over"] if good else [])]
    subject = f"{', '.join(counts)}: {'; '.join(titles)}"
    if len(subject) > _LONGEST_SUBJECT:
        return f"{subject[: _LONGEST_SUBJECT - 1]}…"
    return subject


def _bad_title(alert: Alert) -> str:
    return _TEXTS[alert.code].begun.format(_NAMES.get(alert.subject))


def _good_title(alert: Alert) -> str:
    return _TEXTS[alert.code].over.format(_NAMES.get(alert.subject))


def _bad_part(alert: Alert, reader: Reader) -> str:
    return (
        f"{_bad_title(alert)}.\n\n"
        f"What happened: {alert.message}\n"
        f"Since: {_time(alert.since, reader)}\n"
        f"What happens next: {_TEXTS[alert.code].what_next} You will be notified "
        "when it is over."
    )


def _good_part(alert: Alert, ended_at: datetime, reader: Reader) -> str:
    return (
        f"{_good_title(alert)}.\n\n"
        f"What was wrong: {alert.message}\n"
        f"Since: {_time(alert.since, reader)}\n"
        f"Until: {_time(ended_at, reader)}, for {_duration(ended_at - alert.since)}\n"
        "What happens next: Nothing has to be done."
    )


def _time(instant: datetime, reader: Reader) -> str:
    return f"{instant.astimezone(reader.zone):%Y-%m-%d %H:%M %Z}"


def _duration(lasted: timedelta) -> str:
    minutes = max(round(lasted / timedelta(minutes=1)), 1)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    if days:
        return f"{days} d {hours} h"
    return f"{hours} h {minutes} min" if hours else f"{minutes} min"
