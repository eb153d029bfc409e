"""What a client makes of an answer, whichever utility gave it."""

from dataclasses import dataclass
from datetime import datetime

from .errors import SourceError


@dataclass(frozen=True, slots=True)
class RejectedRecord:
    """One record of an answer that could not be read; its neighbours could.

    Attributes:
        position: Index in the upstream list.
        reason: What is wrong with it, for a developer.
        sample: The record as JSON text, at most 2,000 characters.
    """

    position: int
    reason: str
    sample: str


@dataclass(frozen=True, slots=True)
class Answer[Record]:
    """A list that a utility sent.

    Attributes:
        records: What could be read, in upstream's order.
        rejected: What could not.
        fetched_at: Instant (UTC) at which the answer had arrived.
        last_modified: Instant (UTC) of the ``Last-Modified`` header, which only our
            own server's mirror sends: when the data left the utility.
        server_time: Instant (UTC) of the answer by the clock of who sent it; None when
            it does not say.
        forecast_error: Why no forecasts are in it although they were asked for; None
            when nothing was left out.
    """

    records: tuple[Record, ...]
    rejected: tuple[RejectedRecord, ...]
    fetched_at: datetime
    last_modified: datetime | None = None
    server_time: datetime | None = None
    forecast_error: SourceError | None = None
