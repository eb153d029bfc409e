"""What collects from Amber with one token; another token has another such set."""

from dataclasses import dataclass

from aiohttp import ClientSession

from energy_logger_server.api.amber import AmberClient
from energy_logger_server.api.rate_limit import CallBudget
from energy_logger_server.collect.amber.account import amber_access
from energy_logger_server.collect.amber.collector import AmberCollector
from energy_logger_server.collect.backfill.backfill import Backfill
from energy_logger_server.collect.backfill.background import BackgroundBackfill
from energy_logger_server.collect.schedule import Schedule
from energy_logger_server.collect.shared import Shared
from energy_logger_server.collect.source_lock import SourceLock
from energy_logger_server.collect.waiting import run_all
from energy_logger_server.config.secret import Secret
from energy_logger_server.config.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class AmberCollecting:
    """Live collecting, history, and the calls that both may make.

    Attributes:
        token: Of the account.
        budget: Calls that the token may make.
        collector: Asks for what is current.
        schedule: Of the collector.
        backfill: Asks for history.
        background: Passes over it that somebody asks for.
    """

    token: Secret
    budget: CallBudget
    collector: AmberCollector
    schedule: Schedule
    backfill: Backfill
    background: BackgroundBackfill

    def apply_settings(self, settings: Settings) -> None:
        """Go by other settings at once; runs under way end as they began."""
        self.collector.apply_settings(settings)
        self.schedule.retime(is_on=True)
        self.backfill.apply_settings(settings)

    async def run(self, *, collects_at_start: bool) -> None:
        """Collect at every tick, and read history in between, until cancelled.

        Args:
            collects_at_start: Whether to collect before the first tick too.

        Raises:
            StoreInUse: If another server writes to the store by now.
        """
        await run_all(
            [
                self.schedule.run(collects_at_start=collects_at_start),
                self.backfill.run_daily(),
            ]
        )


def compose_amber(
    settings: Settings,
    shared: Shared,
    session: ClientSession,
    turn: SourceLock,
) -> AmberCollecting | None:
    """Return what collects with the token in force, None without one.

    Args:
        settings: Name the token.
        shared: What all collectors use.
        session: For requests upstream.
        turn: Of the source, whatever the token.
    """
    token = settings.amber_api_key
    if token is None:
        return None
    clock = shared.clock
    budget = CallBudget(now=clock.now)
    client = amber_client(token, budget, settings, shared, session)
    access = amber_access(client, budget, clock)
    collector = AmberCollector(access, settings, shared)
    backfill = Backfill(access, settings, turn, shared)
    return AmberCollecting(
        token=token,
        budget=budget,
        collector=collector,
        schedule=Schedule(collector, clock, turn),
        backfill=backfill,
        background=BackgroundBackfill(backfill),
    )


def amber_client(
    token: Secret,
    budget: CallBudget,
    settings: Settings,
    shared: Shared,
    session: ClientSession,
) -> AmberClient:
    """Return a client that asks with a token."""
    return AmberClient(
        session,
        token=token.reveal(),
        budget=budget,
        now=shared.clock.now,
        base_url=settings.amber_base_url,
    )
