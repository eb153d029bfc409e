"""What an entry knows of its utility's lists: kept in the entry, oddities told."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.util.dt import utcnow

from custom_components.energy_logger.api.absence import RELIST_AFTER
from custom_components.energy_logger.api.amber_models import Site
from custom_components.energy_logger.api.kamo_models import Area
from custom_components.energy_logger.api.models import Answer
from custom_components.energy_logger.const import CONF_LISTED, LOGGER, SOURCE_NAMES
from custom_components.energy_logger.issues import Issue, clear_issue, raise_issue
from custom_components.energy_logger.names import area_name, site_names

from .listing import Listing, load_areas, load_sites

# three lists in a row
_LASTING = 2 * RELIST_AFTER
_SITES, _AREAS = "sites", "areas"


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
        self._told: dict[str, str] = {}
        self._odd_since: dict[str, datetime] = {}

    @property
    def missing_count(self) -> int:
        """How much is missing from the last lists although it is shown."""
        return len(self.sites.absence.missing) + len(self.areas.absence.missing)

    def know(self, keys: Collection[str]) -> None:
        """Take in keys that must have been listed once."""
        self.sites, self.areas = self.sites.knowing(keys), self.areas.knowing(keys)

    def record_sites(self, answer: Answer[Site], own: Collection[str]) -> bool:
        """Take in an answer; return whether to ask for it again soon.

        Args:
            answer: The sites.
            own: Keys of what the entry shows, whose absence is told.
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
        if answer.rejected:
            # it says nothing of what it does not seem to hold
            return kind in self._told
        odd = listing.missing_from(answer) & {*own}
        names = ", ".join(sorted(self._name(key) for key in odd))
        self._tell(kind, names, listing.missing_since(odd))
        is_own_missing = bool(odd) or not answer.records
        return is_own_missing and listing.is_suspicious(answer)

    def _tell(self, kind: str, names: str, since: datetime | None) -> None:
        """Log what begins and what ends to be odd; show what lasts as an issue.

        Args:
            kind: Which list.
            names: Of what is shown although it is missing; empty when nothing is.
            since: Since when, as far as that is kept.
        """
        if names and kind not in self._told:
            LOGGER.warning(
                "%s does not list %s at present; what is known of it stays, and the "
                "list is read again",
                self._source,
                names,
            )
            self._odd_since[kind] = since or utcnow()
        elif not names and kind in self._told:
            LOGGER.info("%s lists %s again", self._source, self._told.pop(kind))
            del self._odd_since[kind]
        if names:
            self._told[kind] = names
        lasting = [
            self._told[one]
            for one, begun_at in self._odd_since.items()
            if utcnow() - begun_at >= _LASTING
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
