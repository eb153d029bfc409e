"""What can go wrong at a utility, by what the caller can do about it.

    EnergyLoggerError
    └── SourceError             (source, path)
        ├── SourceUnreachable   no usable answer: try again, soon or at the next tick
        ├── SourceRateLimited   too many calls: try at .retry_at
        ├── SourceRefused       the key is rejected: inform the user, probe now and then
        ├── SourceMissing       the site or area does not exist (any more)
        ├── RangeTooLarge       ask for fewer days
        ├── SourceRejected      the request itself is wrong: a defect of this program
        └── SourceUnreadable    not the agreed format: keep .sample, report it as a bug

The ``code`` of a class is stable: it crosses the wire and stands in the run log.
"""

from datetime import datetime
from typing import ClassVar


class EnergyLoggerError(Exception):
    """Root of every error that this project raises on purpose."""

    code: ClassVar[str] = "error"


class SourceError(EnergyLoggerError):
    """A request to a utility failed.

    Attributes:
        source: ``amber``, ``kamo`` or ``server``.
        path: Request path without query; never holds a key.
        status: HTTP status, None when no status line arrived.
    """

    code: ClassVar[str] = "source_error"

    def __init__(
        self, source: str, path: str, reason: str, *, status: int | None = None
    ) -> None:
        """Build the sentence that users see from the place and the reason."""
        super().__init__(f"{source} {path}: {reason}")
        self.source = source
        self.path = path
        self.reason = reason
        self.status = status


class SourceUnreachable(SourceError):
    """Connection, time-out, broken body, a 5xx or a gateway's page: nothing learned.

    Attributes:
        retry_at: Instant (UTC) from which the other end says that it may answer; None
            where it does not say.
    """

    code: ClassVar[str] = "unreachable"

    def __init__(
        self,
        source: str,
        path: str,
        reason: str,
        *,
        status: int | None = None,
        retry_at: datetime | None = None,
    ) -> None:
        """Keep what the other end says of its return."""
        super().__init__(source, path, reason, status=status)
        self.retry_at = retry_at


class SourceRateLimited(SourceError):
    """The call budget is used up.

    Attributes:
        retry_at: Instant (UTC) from which a call may succeed.
    """

    code: ClassVar[str] = "rate_limited"

    def __init__(
        self,
        source: str,
        path: str,
        *,
        retry_at: datetime,
        status: int | None = 429,
    ) -> None:
        """Say until when to wait; ``status`` is None when our own budget refused."""
        super().__init__(
            source,
            path,
            f"too many calls, next one at {retry_at:%H:%M:%S} UTC",
            status=status,
        )
        self.retry_at = retry_at


class SourceRefused(SourceError):
    """401 or 403 of the API itself: the key is wrong, revoked or absent."""

    code: ClassVar[str] = "refused"


class SourceMissing(SourceError):
    """404: no such site or area."""

    code: ClassVar[str] = "missing"


class RangeTooLarge(SourceError):
    """422: the span of days, or the number of intervals, is above the limit."""

    code: ClassVar[str] = "range_too_large"


class SourceRejected(SourceError):
    """Any other 4xx: asking the same again is pointless."""

    code: ClassVar[str] = "rejected"


class SourceUnreadable(SourceError):
    """The body is not what was agreed, though the status was 200.

    Attributes:
        sample: Start of the offending body, at most 2,000 characters.
    """

    code: ClassVar[str] = "unreadable"

    def __init__(self, source: str, path: str, reason: str, *, sample: str) -> None:
        """Keep the start of the body, which shows a developer what changed."""
        super().__init__(source, path, reason, status=200)
        self.sample = sample[:2000]
