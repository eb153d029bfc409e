"""Current prices of one site: polled until every channel's price is settled."""

from collections.abc import Sequence
from datetime import datetime

from energy_logger_server.api.amber import AmberClient
from energy_logger_server.api.amber_models import Life, Price
from energy_logger_server.api.errors import SourceError, SourceMissing
from energy_logger_server.api.models import Answer
from energy_logger_server.api.plan import forecast_count
from energy_logger_server.clock import Clock
from energy_logger_server.collect.runs.run_log import ActiveRun
from energy_logger_server.collect.waiting import sleep_until
from energy_logger_server.config.settings import Settings
from energy_logger_server.domain.collecting.batch import PricesRead
from energy_logger_server.domain.collecting.problems import ProblemCode
from energy_logger_server.store.records import KnownSite

from .key_watch import KeyWatch
from .price_cycle import (
    GRID_MINUTES,
    PriceCycle,
    has_present_price,
    is_confirmed,
    present_duration,
)
from .sites import SiteDirectory

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
        settings: Settings,
    ) -> None:
        self._client = client
        self._key = key
        self._directory = directory
        self._clock = clock
        self._settings = settings
        self._priced: dict[str, frozenset[str]] = {}
        self._unconfirmed_until: dict[str, datetime] = {}

    def apply_settings(self, settings: Settings) -> None:
        """Go by other settings from the next run on."""
        self._settings = settings

    async def poll(self, run: ActiveRun, site: KnownSite, cycle: PriceCycle) -> None:
        """Read a site's current prices into the store: one job of the run.

        The forecast comes with the first good answer, and is asked for once more when
        that came without. An answer is written at once, also one whose price is not
        settled yet. Where the last price was not settled in its interval, the first
        answer brings it again.
        """
        subject = f"price/{site.site_id}"
        next_count = self._next_count(site)
        previous_count = self._previous_count(site)
        is_second_try = False
        while True:
            try:
                answer = await run.ask(
                    subject,
                    self._key.watch(
                        self._client.fetch_current_prices(
                            site.site_id,
                            next_count=next_count,
                            previous_count=previous_count,
                        )
                    ),
                )
            except SourceError as err:
                again_at = cycle.retry_at(self._clock.now(), err)
                if again_at is None:
                    run.fail(subject, err)
                    if isinstance(err, SourceMissing):
                        self._directory.invalidate()
                    await run.complete()
                    return
            else:
                previous_count = 0
                self._note_confirmation(site, answer)
                again_at = self._follow_up_at(site, cycle, answer)
                if answer.forecast_error and not is_second_try:
                    again_at = again_at or self._next_poll(cycle)
                    is_second_try = True
                elif next_count:
                    next_count = 0
                    _report_forecasts(run, subject, answer)
                part = PricesRead(site.site_id, answer)
                if again_at is None:
                    run.succeed(subject, answer.rejected)
                    if next_count:
                        _report_forecasts(run, subject, answer)
                    silent = self._silent_channels(site, answer)
                    _report_present(run, subject, answer, silent, self._clock.now())
                    self._note_channels(site, answer)
                    await run.complete([part])
                    return
                run.succeed(subject)
                await run.write([part])
            await sleep_until(self._clock, again_at)

    def _next_poll(self, cycle: PriceCycle) -> datetime | None:
        return cycle.follow_up_at(self._clock.now(), GRID_MINUTES)

    def _next_count(self, site: KnownSite) -> int:
        if not self._settings.collect_forecasts:
            return 0
        return forecast_count(
            site.interval_length_minutes or DEFAULT_INTERVAL_MINUTES,
            self._settings.forecast_hours_ahead,
        )

    def _previous_count(self, site: KnownSite) -> int:
        """Return 1 where an interval is over whose price was not settled in it."""
        until = self._unconfirmed_until.get(site.site_id)
        return int(until is not None and until <= self._clock.now())

    def _note_confirmation(self, site: KnownSite, answer: Answer[Price]) -> None:
        now = self._clock.now()
        present = [one for one in answer.records if one.starts_at <= now < one.ends_at]
        if is_confirmed(present, site.price_channels, now):
            self._unconfirmed_until.pop(site.site_id, None)
        elif present:
            self._unconfirmed_until[site.site_id] = max(one.ends_at for one in present)

    def _follow_up_at(
        self, site: KnownSite, cycle: PriceCycle, answer: Answer[Price]
    ) -> datetime | None:
        now = self._clock.now()
        usual = site.interval_length_minutes or DEFAULT_INTERVAL_MINUTES
        duration = present_duration(answer.records, now) or usual
        channels = {price.channel_type for price in answer.records}
        if duration != usual or not channels.issubset(site.price_channels):
            self._directory.invalidate()
        if is_confirmed(answer.records, site.price_channels, now):
            return None
        if not has_present_price(answer, now) or self._silent_channels(site, answer):
            # whatever the site's interval: it may be there in a moment
            return self._next_poll(cycle)
        return cycle.follow_up_at(now, duration)

    def _silent_channels(
        self, site: KnownSite, answer: Answer[Price]
    ) -> tuple[str, ...]:
        """Return channels that an answer lacks, though the site has them and prices.

        A channel that never had a price since the start is none of them.
        """
        in_answer = {price.channel_type for price in answer.records}
        priced = self._priced.get(site.site_id, frozenset())
        return tuple(sorted(priced.intersection(site.price_channels) - in_answer))

    def _note_channels(self, site: KnownSite, answer: Answer[Price]) -> None:
        in_answer = {price.channel_type for price in answer.records}
        before = self._priced.get(site.site_id, frozenset())
        self._priced[site.site_id] = before.union(in_answer)


def _report_forecasts(run: ActiveRun, subject: str, answer: Answer[Price]) -> None:
    """Say whether the forecasts came that were asked for."""
    code, error = ProblemCode.FORECASTS_MISSING, answer.forecast_error
    if error is None:
        run.problems.end(code, "forecasts come again", subject=subject)
        return
    run.remark(subject, code, f"prices came, but no forecasts: {error}")
    run.problems.begin(
        code,
        f"Amber gives present prices but no forecasts ({error.reason}).",
        subject=subject,
    )


def _report_present(
    run: ActiveRun,
    subject: str,
    answer: Answer[Price],
    silent: Sequence[str],
    now: datetime,
) -> None:
    """Say whether the last answer of a cycle had a price for the present interval.

    Args:
        run: Asked for it.
        subject: The site's prices in the run log.
        answer: It.
        silent: Channels that it lacks, though they had prices before.
        now: Present instant.
    """
    code = ProblemCode.NO_CURRENT_PRICE
    if has_present_price(answer, now) and not silent:
        run.problems.end(code, "the present price comes again", subject=subject)
        return
    newest = max(
        (price.ends_at for price in answer.records if price.life is not Life.FORECAST),
        default=None,
    )
    if newest is None:
        reason = "it has none"
    elif silent:
        reason = f"it has none of {', '.join(silent)}"
    else:
        reason = f"the newest ended at {newest:%H:%M} UTC"
    message = f"Amber gives no price for the present interval: {reason}."
    run.remark(subject, code, message)
    run.problems.begin(code, message, subject=subject)
