"""What Amber answers to a valid question, as records."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from energy_logger_server.api.nem import nem_date_at

from .config import AmberConfig, ResolutionMode
from .market.spot import SpotMarket
from .prices import PriceBook
from .query import RefusedError, asked_counts, asked_days, asked_resolution
from .renewables import RENEWABLE_STATES, RenewablesBook
from .sites import SimulatedSite, simulated_sites
from .usage import UsageBook

_RENEWABLES_RESOLUTION = 30

type Records = list[dict[str, Any]]


class AmberAnswers:
    """A pure function of configuration and instant. Knows nothing of keys or limits.

    The methods take the site or state of the path and the query, and raise
    `RefusedError` for what the API refuses.
    """

    def __init__(self, config: AmberConfig) -> None:
        market = SpotMarket(config.seed)
        self._config = config
        self._sites = {site.id: site for site in simulated_sites(config)}
        self._prices = PriceBook(config, market)
        self._renewables = RenewablesBook(config, market)
        self._usage = {
            site.id: UsageBook(config, site, market) for site in self._sites.values()
        }

    def sites(self, _owner: str, _query: Mapping[str, str], now: datetime) -> Records:
        """Return ``/sites``."""
        return [site.to_json(now) for site in self._sites.values()]

    def prices(self, owner: str, query: Mapping[str, str], now: datetime) -> Records:
        """Return ``/sites/{id}/prices``."""
        site = self._site(owner)
        days = asked_days(
            query, nem_date_at(now), strict_seven=self._config.strict_seven
        )
        return self._prices.of_days(site, days, asked_resolution(query), now)

    def current(self, owner: str, query: Mapping[str, str], now: datetime) -> Records:
        """Return ``/sites/{id}/prices/current``."""
        site = self._site(owner)
        counts = asked_counts(query)
        return self._prices.around_now(site, counts, asked_resolution(query), now)

    def usage(self, owner: str, query: Mapping[str, str], now: datetime) -> Records:
        """Return ``/sites/{id}/usage``; its ``resolution`` is ignored as documented."""
        site = self._site(owner)
        days = asked_days(query, None, strict_seven=self._config.strict_seven)
        return self._usage[site.id].of_days(days, now)

    def renewables(
        self, owner: str, query: Mapping[str, str], now: datetime
    ) -> Records:
        """Return ``/state/{state}/renewables/current``."""
        if owner not in RENEWABLE_STATES:
            raise RefusedError(404, f"State {owner} not found")
        counts = asked_counts(query)
        resolution = asked_resolution(query)
        if self._config.resolution_mode is ResolutionMode.IGNORE:
            resolution = None
        return self._renewables.around_now(
            owner, counts, resolution or _RENEWABLES_RESOLUTION, now
        )

    def _site(self, site_id: str) -> SimulatedSite:
        site = self._sites.get(site_id)
        if site is None:
            raise RefusedError(404, f"Site {site_id} not found")
        return site
