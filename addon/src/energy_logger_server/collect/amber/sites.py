"""The account's sites: known from the store, read anew daily and when in doubt."""

import logging
from collections.abc import Sequence

from energy_logger_server.api.amber import AmberClient
from energy_logger_server.api.nem import nem_date_at
from energy_logger_server.clock import Clock
from energy_logger_server.collect.listing import (
    ListingPlan,
    ListingState,
    assess_listing,
    report_partial,
    report_readable,
)
from energy_logger_server.collect.runs.run_log import ActiveRun
from energy_logger_server.domain.collecting.batch import SitesRead
from energy_logger_server.domain.collecting.problems import ProblemCode
from energy_logger_server.errors import ListIncomplete
from energy_logger_server.store.records import KnownSite
from energy_logger_server.store.store import Store

from .key_watch import KeyWatch

_LOG = logging.getLogger(__name__)

SUBJECT = "site"
_TITLE = "Amber's list of sites"
_EMPTY = (
    f"{_TITLE} is empty, which is not believed: it is asked for again in "
    "minutes, and what is known of the sites stays."
)


class SiteDirectory:
    """Keeps the sites of the account up to date in the store."""

    def __init__(
        self, client: AmberClient, key: KeyWatch, store: Store, clock: Clock
    ) -> None:
        self._client = client
        self._key = key
        self._store = store
        self._clock = clock
        self._plan = ListingPlan(clock, nem_date_at)

    def invalidate(self) -> None:
        """Have the sites read soon: an answer did not fit what is known of them."""
        self._plan.invalidate()

    def is_due(self) -> bool:
        """Whether the sites should be read: first, once a NEM day, or when in doubt."""
        return self._plan.is_due()

    async def read(self, run: ActiveRun) -> None:
        """Read the sites from upstream into the store.

        A known site that is not in the list stays until several lists over days have
        lacked it; an empty list changes nothing.

        Raises:
            SourceError: As the client does; what is known of the sites stays.
            StoreUnavailable: If nothing was written.
        """
        answer = await run.ask(SUBJECT, self._key.watch(self._client.fetch_sites()))
        read_at = self._clock.now()
        known = await self._store.sites()
        less: tuple[str, ...] = ()
        listing = assess_listing(
            {site.site_id: site.missing for site in known},
            answer,
            {site.id for site in answer.records},
        )
        if not listing.is_empty:
            await run.write([SitesRead(answer)])
            run.succeed(SUBJECT, () if listing.is_partial else answer.rejected)
            less = sites_with_less(known, await self._store.sites())
        if less:
            _LOG.info(
                "%s has less than before of %s (status or channels): it is asked for "
                "again in minutes",
                _TITLE,
                ", ".join(less),
            )
        self._plan.record(read_at, is_suspicious=listing.is_suspicious or bool(less))
        if listing.is_partial:
            report_partial(run, SUBJECT, _TITLE, answer)
        else:
            _report_listing(run, listing, len(known))

    async def known(self) -> tuple[KnownSite, ...]:
        """Return the sites that the account still has, closed ones too."""
        return await self._store.sites()


def sites_with_less(
    before: Sequence[KnownSite], after: Sequence[KnownSite]
) -> tuple[str, ...]:
    """Return the sites that are active no more, or have lost a channel.

    The next list shows whether that was a slip: what it agrees with is not less.
    """
    new = {site.site_id: site for site in after}
    return tuple(
        site.site_id
        for site in before
        if (now := new.get(site.site_id)) is not None
        and (
            (site.is_active and not now.is_active)
            or not set(now.usage_channels).issuperset(site.usage_channels)
            or not set(now.price_channels).issuperset(site.price_channels)
        )
    )


def _report_listing(run: ActiveRun, listing: ListingState, known: int) -> None:
    problems, code = run.problems, ProblemCode.LIST_INCOMPLETE
    if listing.is_empty:
        run.fail(SUBJECT, ListIncomplete(_EMPTY))
        problems.begin(code, _EMPTY)
        return
    report_readable(run, _TITLE)
    if listing.missing:
        message = (
            f"Amber's list lacks {len(listing.missing)} of {known} known sites, which "
            "are kept until that was so for days."
        )
        names = ", ".join(listing.missing)
        run.remark(SUBJECT, code, f"{message} Missing: {names}")
        problems.begin(code, message, detail=f"{message} Missing: {names}")
    else:
        problems.end(code, "the list of sites is whole again")
