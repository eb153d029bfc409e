"""Current prices of one site: polled until every channel's price is settled."""

from datetime import datetime

from energy_logger_server.api.amber import AmberClient
from energy_logger_server.api.errors import SourceError, SourceMissing
from energy_logger_server.api.models import Answer, Price
from energy_logger_server.api.plan import forecast_count
from energy_logger_server.clock import Clock
from energy_logger_server.domain.batch import PricesRead
from energy_logger_server.store.records import KnownSite

from .amber_sites import SiteDirectory
from .key_watch import KeyWatch
from .options import AmberOptions
from .price_cycle import PriceCycle, is_confirmed, present_duration
from .run_log import OpenRun
from .waiting import sleep_until

DEFAULT_INTERVAL_MINUTES = 30
"""What a site that does not say its billing interval has (Amber OpenAPI 2.0.0)."""


class PricePolling:
    """Polls the sites of a run; each goes by its own interval and channels."""

    def __init__(
        self,
        client: AmberClient,
        key: KeyWatch,
        directory: SiteDirectory,
        clock: Clock,
        options: AmberOptions,
    ) -> None:
        self._client = client
        self._key = key
        self._directory = directory
        self._clock = clock
        self._options = options

    def adopt(self, options: AmberOptions) -> None:
        """Go by other options from the next run on."""
        self._options = options

    async def poll(self, run: OpenRun, site: KnownSite, cycle: PriceCycle) -> None:
        """Read a site's current prices into the store: one job of the run.

        The forecast comes with the first good answer. An answer is written at once,
        also one whose price is not settled yet.
        """
        subject = f"price/{site.site_id}"
        next_count = self._next_count(site)
        while True:
            try:
                answer = await run.ask(
                    subject,
                    self._key.watch(
                        self._client.fetch_current_prices(
                            site.site_id, next_count=next_count
                        )
                    ),
                )
            except SourceError as err:
                again_at = cycle.retry_at(self._clock.now(), err)
                if again_at is None:
                    run.fail(subject, err)
                    if isinstance(err, SourceMissing):
                        self._directory.doubt()
                    await run.complete()
                    return
            else:
                next_count = 0
                again_at = self._follow_up_at(site, cycle, answer)
                part = PricesRead(site.site_id, answer)
                if again_at is None:
                    run.succeed(subject, answer.rejected)
                    await run.complete([part])
                    return
                run.succeed(subject)
                await run.write([part])
            await sleep_until(self._clock, again_at)

    def _next_count(self, site: KnownSite) -> int:
        if not self._options.collect_forecasts:
            return 0
        return forecast_count(
            site.interval_length_minutes or DEFAULT_INTERVAL_MINUTES,
            self._options.forecast_hours_ahead,
        )

    def _follow_up_at(
        self, site: KnownSite, cycle: PriceCycle, answer: Answer[Price]
    ) -> datetime | None:
        now = self._clock.now()
        told = site.interval_length_minutes or DEFAULT_INTERVAL_MINUTES
        duration = present_duration(answer.records, now)
        channels = {price.channel_type for price in answer.records}
        if (duration or told) != told or not channels.issubset(site.price_channels):
            self._directory.doubt()
        if is_confirmed(answer.records, site.price_channels, now):
            return None
        return cycle.follow_up_at(now, duration or told)
