"""What a utility is known to list, so that one odd list loses nothing; pure.

Amber's sites and KAMO's areas now and then lack an entry, or all of them, and are whole
again minutes later. So what was listed once stays known until ``api.absence`` believes
that it is gone.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Self

from custom_components.energy_logger.api.absence import (
    GONE_AFTER_LISTINGS,
    RELIST_AFTER,
    Absence,
    Missing,
    is_gone,
    is_suspicious,
    record_listing,
)
from custom_components.energy_logger.api.amber_models import Site
from custom_components.energy_logger.api.amber_parse import parse_sites
from custom_components.energy_logger.api.exact_json import JsonValue
from custom_components.energy_logger.api.kamo_models import Area
from custom_components.energy_logger.api.kamo_parse import parse_areas
from custom_components.energy_logger.api.models import Answer, RejectedRecord
from custom_components.energy_logger.keys import KeyKind

_LATER_LISTINGS = timedelta(hours=1)

type _Parse[Record] = Callable[
    [list[JsonValue]], tuple[tuple[Record, ...], tuple[RejectedRecord, ...]]
]


@dataclass(frozen=True, slots=True)
class Listing[Record: Site | Area]:
    """What has been listed, and what is missing from the list at present.

    Attributes:
        kind: Of all keys, see ``keys``.
        records: By key, as they were listed last; those believed gone included.
        absence: What is known by key, with or without a record, and what is missing.
    """

    kind: KeyKind
    records: Mapping[str, Record] = field(default_factory=dict)
    absence: Absence[str] = field(default_factory=Absence)

    @property
    def present(self) -> Mapping[str, Record]:
        """The records of what is not believed gone, by key."""
        return {key: one for key, one in self.records.items() if not self.is_gone(key)}

    def is_gone(self, key: str) -> bool:
        """Return whether a key is believed gone."""
        return is_gone(self.absence, key)

    def knowing(self, keys: Iterable[str]) -> Self:
        """Return the listing with keys that must have been listed once."""
        own = {key for key in keys if self.kind.includes(key)}
        return replace(
            self, absence=replace(self.absence, known=self.absence.known | own)
        )

    def after(self, answer: Answer[Record], at: datetime) -> Self:
        """Return what is known after an answer.

        A list in which something could not be read does not say that anything is
        missing. One that lacks the same as the last one a short while ago says nothing
        new.

        Args:
            answer: Of the utility; an empty one changes nothing.
            at: Instant (UTC) of the answer.
        """
        listed = {self.kind.key(one.id): one for one in answer.records}
        known = replace(self, records={**self.records, **listed})
        if answer.rejected or self._was_recorded_lately(listed, at):
            return known
        return replace(known, absence=record_listing(self.absence, listed, at))

    def missing_from(self, answer: Answer[Record]) -> frozenset[str]:
        """Return the keys that an answer lacks although they are not believed gone."""
        listed = {self.kind.key(one.id) for one in answer.records}
        lacked = self.absence.known - listed
        return frozenset(key for key in lacked if not self.is_gone(key))

    def is_suspicious(self, answer: Answer[Record]) -> bool:
        """Return whether an answer should be asked for again soon."""
        return is_suspicious(
            self.absence, [self.kind.key(one.id) for one in answer.records]
        )

    def missing_since(self, keys: Iterable[str]) -> datetime | None:
        """Return since when the first of some keys is missing; None when none is."""
        missing = self.absence.missing
        return min(
            (missing[key].first_at for key in keys if key in missing), default=None
        )

    def as_data(self) -> dict[str, Any]:
        """Return what ``load`` reads, as JSON."""
        raws = [one.raw for one in self.records.values()]
        return {
            # what no double can hold is nothing that is read back
            "records": json.loads(json.dumps(raws, default=float)),
            "known": sorted(self.absence.known),
            "missing": {
                key: {
                    "listings": one.listings,
                    "first_at": one.first_at.isoformat(),
                    "last_at": one.last_at.isoformat(),
                }
                for key, one in self.absence.missing.items()
            },
        }

    def _was_recorded_lately(self, listed: Iterable[str], at: datetime) -> bool:
        missing = self.absence.missing
        if not missing or missing.keys() != self.absence.known - {*listed}:
            return False
        return all(
            timedelta(0)
            <= at - one.last_at
            < (RELIST_AFTER if one.listings < GONE_AFTER_LISTINGS else _LATER_LISTINGS)
            for one in missing.values()
        )


def load_sites(data: Mapping[str, Any]) -> Listing[Site]:
    """Return the sites that ``as_data`` gave, none for anything else."""
    return _load(KeyKind.SITE, data, parse_sites)


def load_areas(data: Mapping[str, Any]) -> Listing[Area]:
    """Return the areas that ``as_data`` gave, none for anything else."""
    return _load(KeyKind.AREA, data, parse_areas)


def _load[Record: Site | Area](
    kind: KeyKind, data: Mapping[str, Any], parse: _Parse[Record]
) -> Listing[Record]:
    if not data:
        return Listing(kind)
    records, _ = parse(data["records"])
    missing = {
        key: Missing(
            one["listings"],
            datetime.fromisoformat(one["first_at"]),
            datetime.fromisoformat(one["last_at"]),
        )
        for key, one in data["missing"].items()
    }
    return Listing(
        kind,
        {kind.key(one.id): one for one in records},
        Absence(frozenset(data["known"]), missing),
    )
