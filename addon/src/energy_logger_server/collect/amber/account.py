"""One Amber token and what all its users share."""

from dataclasses import dataclass

from energy_logger_server.api.amber import AmberClient
from energy_logger_server.api.rate_limit import CallBudget
from energy_logger_server.clock import Clock

from .days import DayReader
from .key_watch import KeyWatch


@dataclass(frozen=True, slots=True)
class AmberAccess:
    """Shared by live collecting and backfill.

    Attributes:
        client: Asks Amber; draws on ``budget``.
        budget: Calls that the token may still make.
        key: Whether the token is accepted.
        reader: Reads windows of whole days.
    """

    client: AmberClient
    budget: CallBudget
    key: KeyWatch
    reader: DayReader


def amber_access(client: AmberClient, budget: CallBudget, clock: Clock) -> AmberAccess:
    """Return the access of a client, of whose key nothing is known yet."""
    key = KeyWatch(clock)
    return AmberAccess(client, budget, key, DayReader(client, key, clock))
