"""Whether Amber accepts the key: said once when that changes, probed now and then.

A gateway refuses a good key now and then (reports of users), so that the first
refusals are tried again within minutes.
"""

import asyncio
import logging
from collections.abc import Awaitable
from datetime import datetime, timedelta

from energy_logger_server.api.errors import SourceError, SourceRefused
from energy_logger_server.clock import Clock

_LOG = logging.getLogger(__name__)
_EARLY_PROBES = 2
_EARLY_PROBE_AFTER = timedelta(minutes=4)
_PROBE_AFTER = timedelta(hours=1)


class KeyWatch:
    """Shared by all that use one key.

    Attributes:
        refused_since: Instant (UTC) of the first refusal in a row; None while the key
            works.
    """

    def __init__(self, clock: Clock) -> None:
        self.refused_since: datetime | None = None
        self._clock = clock
        self._probed_at: datetime | None = None
        self._probes = 0
        self._is_unanswered = False
        self._accepted = asyncio.Event()
        self._accepted.set()

    async def watch[Result](self, request: Awaitable[Result]) -> Result:
        """Return the answer to a request, and note what it says of the key.

        Raises:
            SourceError: As the request does.
        """
        try:
            answer = await request
        except SourceRefused as err:
            self._refuse(err)
            raise
        if self.refused_since is not None:
            _LOG.info("Amber accepts the key again")
            self.refused_since = None
            self._probes = 0
            self._accepted.set()
        return answer

    async def probe(self, request: Awaitable[object]) -> bool:
        """Return whether the key works, by a request; call when ``is_probe_due``."""
        self._probed_at = self._clock.now()
        self._is_unanswered = False
        try:
            await self.watch(request)
        except SourceRefused:
            self._probes += 1
            return False
        except SourceError:
            # no answer is no news either: the next probe will show
            self._is_unanswered = True
            return False
        return True

    async def wait_until_accepted(self) -> None:
        """Return while the key is not known to be refused."""
        await self._accepted.wait()

    def is_probe_due(self) -> bool:
        """Whether a refused key should be tried again: twice soon, then hourly.

        A try that was not answered is made again soon.
        """
        if self._probed_at is None:
            return True
        is_early = self._is_unanswered or self._probes < _EARLY_PROBES
        after = _EARLY_PROBE_AFTER if is_early else _PROBE_AFTER
        # a clock that was set back must not put the probe off
        return abs(self._clock.now() - self._probed_at) >= after

    def _refuse(self, err: SourceRefused) -> None:
        now = self._probed_at = self._clock.now()
        if self.refused_since is None:
            self.refused_since = now
            self._accepted.clear()
            _LOG.error(
                "Amber refuses the key (status %s): nothing of Amber is collected "
                "until AMBER_API_KEY is right; it is tried again twice within minutes, "
                "then every hour",
                err.status,
            )
