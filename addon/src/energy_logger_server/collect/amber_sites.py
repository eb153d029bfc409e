"""The account's sites: known from the store, read anew daily and when in doubt."""

from datetime import datetime, timedelta

from energy_logger_server.api.amber import AmberClient
from energy_logger_server.api.nem import nem_date_at
from energy_logger_server.clock import Clock
from energy_logger_server.domain.batch import SitesRead
from energy_logger_server.store.records import KnownSite
from energy_logger_server.store.store import Store

from .key_watch import KeyWatch
from .run_log import OpenRun

SUBJECT = "site"
_DOUBT_EVERY = timedelta(minutes=10)


class SiteDirectory:
    """Keeps the sites of the account up to date in the store."""

    def __init__(
        self, client: AmberClient, key: KeyWatch, store: Store, clock: Clock
    ) -> None:
        self._client = client
        self._key = key
        self._store = store
        self._clock = clock
        self._read_at: datetime | None = None
        self._is_doubted = False

    def doubt(self) -> None:
        """Have the sites read soon: an answer did not fit what is known of them."""
        self._is_doubted = True

    def is_due(self) -> bool:
        """Whether the sites should be read: first, once a NEM day, or when in doubt."""
        if self._read_at is None:
            return True
        now = self._clock.now()
        if self._is_doubted and abs(now - self._read_at) >= _DOUBT_EVERY:
            return True
        return nem_date_at(now) != nem_date_at(self._read_at)

    async def read(self, run: OpenRun) -> None:
        """Read the sites from upstream into the store.

        Raises:
            SourceError: As the client does; what is known of the sites stays.
            StoreUnavailable: If nothing was written.
        """
        answer = await run.ask(SUBJECT, self._key.watch(self._client.fetch_sites()))
        await run.write([SitesRead(answer)])
        run.succeed(SUBJECT, answer.rejected)
        self._read_at = self._clock.now()
        self._is_doubted = False

    async def known(self) -> tuple[KnownSite, ...]:
        """Return the sites that the account still has, closed ones too."""
        return await self._store.sites()
