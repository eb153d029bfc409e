"""Failures that may be gone at the next try, whatever source they come from."""

from datetime import timedelta

from energy_logger_server.api.errors import (
    SourceRateLimited,
    SourceUnreachable,
    SourceUnreadable,
)

TEMPORARY = (SourceUnreachable, SourceUnreadable, SourceRateLimited)
"""What may be gone at the next try."""

RETRY_AFTER = timedelta(seconds=20)
"""How long the same run waits before it asks again."""
