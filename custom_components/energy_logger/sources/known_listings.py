"""What an entry knows of its utility's lists: kept in the entry, oddities logged."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.util.dt import utcnow
from homeassistant.util.hass_dict import HassKey

from custom_components.energy_logger.api.absence import RELIST_AFTER
from custom_components.energy_logger.api.amber_models import Site
from custom_components.energy_logger.api.kamo_models import Area
from custom_components.energy_logger.api.models import Answer
from custom_components.energy_logger.const import (
    CONF_LISTED,
    DOMAIN,
    LOGGER,
    SOURCE_NAMES,
)
from custom_components.energy_logger.issues import Issue, clear_issue, raise_issue
from custom_components.energy_logger.keys import KeyKind

from .listing import Listing, load_areas, load_sites
from .names import area_name, site_names

# three lists in a row
_LASTING = 2 * RELIST_AFTER
_LOOK_FOR_GONE_EVERY = timedelta(hours=1)
_SITES, _AREAS = "sites", "areas"


@dataclass(slots=True)
class _Reported:
    """What has been reported of an entry's lists; it outlives set-ups that fail.

    Attributes:
        names: Of what is missing or believed gone, by list.
        odd_since: Instant (UTC) since when something is missing, by list.
        gone: Keys of what is reported as gone, by list.
        read_at: Instant (UTC) of the last answer; None before it.
    """

    names: dict[str, str] = field(default_factory=dict)
    odd_since: dict[str, datetime] = field(default_factory=dict)
    gone: dict[str, frozenset[str]] = field(default_factory=dict)
    read_at: datetime | None = None


_REPORTED: HassKey[dict[str, _Reported]] = HassKey(f"{DOMAIN}_listings")
"""By entry id."""


@callback
def forget_listings(hass: HomeAssistant, entry: ConfigEntry) -> None:
    """Forget what has been said of the lists of an entry that is removed."""
    hass.data.get(_REPORTED, {}).pop(entry.entry_id, None)


class KnownListings:
    """The lists that an entry reads; each change is kept in the entry at once."""

    def __init__(self, hass: HomeAssistant, entry: ConfigEntry, source: str) -> None:
        """Begin with what the entry has kept.

        Args:
            hass: Home Assistant.
            entry: Whose lists they are.
            source: Who is asked: ``amber``, ``kamo`` or ``server``.
        """
        kept = entry.data.get(CONF_LISTED, {})
        self._hass = hass
        self._entry = entry
        self._source = SOURCE_NAMES[source]
        self.sites: Listing[Site] = load_sites(kept.get(_SITES, {}))
        self.areas: Listing[Area] = load_areas(kept.get(_AREAS, {}))
        self._is_linked = source == "server"
        reported = hass.data.setdefault(_REPORTED, {})
        self._reported = reported.setdefault(entry.entry_id, _Reported())

    @property
    def missing_count(self) -> int:
        """How much is missing from the last lists although it is shown."""
        return len(self.sites.absence.missing) + len(self.areas.absence.missing)

    def is_due(self, key: str) -> bool:
        """Return whether to read the list: hourly for what is believed gone."""
        listing = self.sites if KeyKind.SITE.includes(key) else self.areas
        read_at = self._reported.read_at
        if read_at is None or not listing.is_gone(key):
            return True
        return not timedelta(0) <= utcnow() - read_at < _LOOK_FOR_GONE_EVERY

    def know(self, keys: Collection[str]) -> None:
        """Take in keys that must have been listed once."""
        self.sites, self.areas = self.sites.knowing(keys), self.areas.knowing(keys)

    def record_sites(self, answer: Answer[Site], own: Collection[str]) -> bool:
        """Take in an answer; return whether to ask for it again soon.

        Args:
            answer: The sites.
            own: Keys of what the entry shows, whose absence is reported.
        """
        self.sites = self.sites.after(answer, utcnow())
        return self._record(_SITES, self.sites, answer, own)

    def record_areas(self, answer: Answer[Area], own: Collection[str]) -> bool:
        """Take in an answer; as ``record_sites``."""
        self.areas = self.areas.after(answer, utcnow())
        return self._record(_AREAS, self.areas, answer, own)

    def _record[Record: (Site, Area)](
        self,
        kind: str,
        listing: Listing[Record],
        answer: Answer[Record],
        own: Collection[str],
    ) -> bool:
        self._keep()
        self._reported.read_at = utcnow()
        if answer.rejected:
            # it says nothing of what it does not seem to hold
            return kind in self._reported.odd_since
        odd = listing.missing_from(answer) & {*own}
        # a linked entry has no device any more of what is gone
        asked = {*own} | self._reported.gone.get(kind, frozenset())
        self._report_gone(kind, frozenset(key for key in asked if listing.is_gone(key)))
        self._report_missing(kind, self._names(odd), listing.missing_since(odd))
        is_own_missing = bool(odd) or not answer.records
        return is_own_missing and listing.is_suspicious(answer)

    def _report_gone(self, kind: str, gone: frozenset[str]) -> None:
        """Log what is believed gone, once; show it where the entry goes on without."""
        reported = self._reported
        if new := gone - reported.gone.get(kind, frozenset()):
            LOGGER.warning(
                "%s has not listed %s for days; it is believed gone, and comes back by "
                "itself should it be listed again",
                self._source,
                self._names(new),
            )
        reported.gone[kind] = gone
        every = frozenset().union(*reported.gone.values())
        if self._is_linked and every:
            raise_issue(
                self._hass,
                Issue.DEVICE_GONE,
                self._entry,
                source=self._source,
                names=self._names(every),
            )
        else:
            clear_issue(self._hass, Issue.DEVICE_GONE, self._entry)

    def _report_missing(self, kind: str, names: str, since: datetime | None) -> None:
        """Log what begins and what ends to be odd; show what lasts as an issue.

        Args:
            kind: Which list.
            names: Of what is shown although it is missing; empty when nothing is.
            since: Since when, as far as that is kept.
        """
        reported, now = self._reported, utcnow()
        if names:
            if kind not in reported.odd_since:
                LOGGER.warning(
                    "%s does not list %s at present; what is known of it stays, and "
                    "the list is read again",
                    self._source,
                    names,
                )
                reported.odd_since[kind] = since or now
            # the clock may have been set back since
            reported.odd_since[kind] = min(reported.odd_since[kind], now)
            reported.names[kind] = names
        else:
            reported.odd_since.pop(kind, None)
            if gone := reported.gone[kind]:
                reported.names[kind] = self._names(gone)
            elif kind in reported.names:
                LOGGER.info("%s lists %s again", self._source, reported.names.pop(kind))
        lasting = [
            reported.names[one]
            for one, begun_at in reported.odd_since.items()
            if now - begun_at >= _LASTING
        ]
        if lasting:
            raise_issue(
                self._hass,
                Issue.NOT_LISTED,
                self._entry,
                source=self._source,
                names=", ".join(lasting),
            )
        else:
            clear_issue(self._hass, Issue.NOT_LISTED, self._entry)

    def _names(self, keys: Iterable[str]) -> str:
        return ", ".join(sorted(self._name(key) for key in keys))

    def _name(self, key: str) -> str:
        """Return what a key stands for, as its device is called."""
        area, site = self.areas.records.get(key), self.sites.records.get(key)
        if area is not None:
            return area_name(area)
        if site is not None:
            return site_names(self.sites.records.values())[site.id]
        return self._entry.title

    def _keep(self) -> None:
        kept: dict[str, Any] = {
            kind: listing.as_data()
            for kind, listing in ((_SITES, self.sites), (_AREAS, self.areas))
            if listing.absence.known
        }
        if kept != self._entry.data.get(CONF_LISTED, {}):
            self._hass.config_entries.async_update_entry(
                self._entry, data={**self._entry.data, CONF_LISTED: kept}
            )
