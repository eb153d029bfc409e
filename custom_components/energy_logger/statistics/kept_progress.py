"""How far statistics are imported: kept on disk, so that a restart changes nothing.

What is kept is never ahead of what the recorder has committed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.helpers.storage import Store

from custom_components.energy_logger.const import DOMAIN

_VERSION = 1


@dataclass(frozen=True, slots=True)
class Rebuild:
    """An import that is under way.

    Attributes:
        first_at: Earliest hour (UTC) that was new.
        next_at: First hour that is not written yet.
        cursor: Of the feed, for when all is written; None to ask for all of it then.
    """

    first_at: datetime
    next_at: datetime
    cursor: str | None

    def share(self, end: datetime) -> float:
        """Return how much is written, 0 to 1, of an import up to an hour."""
        return (self.next_at - self.first_at) / (end - self.first_at)


@dataclass(frozen=True, slots=True)
class FeedProgress:
    """How far one feed is imported.

    Attributes:
        cursor: Of the feed, up to which everything is written; None before.
        oldest_at: Earliest hour (UTC) that the feed ever had; None before.
        rebuild: What is being written; None when all is.
    """

    cursor: str | None = None
    oldest_at: datetime | None = None
    rebuild: Rebuild | None = None


class KeptProgress:
    """The progress of all feeds of an entry."""

    def __init__(self, hass: HomeAssistant, entry_id: str) -> None:
        """Read nothing yet."""
        self._store: Store[dict[str, Any]] = Store(
            hass, _VERSION, f"{DOMAIN}.statistics_{entry_id}"
        )
        self._feeds: dict[str, FeedProgress] = {}
        self._source = ""

    async def load(self, source: str) -> None:
        """Read what is kept, unless it is of another source.

        Args:
            source: Who is asked: of a server the name of its store, whose cursors mean
                nothing to another one.
        """
        kept = await self._store.async_load() or {}
        self._source = source
        if kept.get("source") == source:
            self._feeds = {key: _load(one) for key, one in kept["feeds"].items()}

    async def remove(self) -> None:
        """Forget everything."""
        await self._store.async_remove()

    def of(self, key: str) -> FeedProgress:
        """Return how far a feed is imported."""
        return self._feeds.get(key, FeedProgress())

    async def save(self, key: str, progress: FeedProgress) -> None:
        """Keep how far a feed is imported."""
        if self._feeds.get(key) == progress:
            return
        self._feeds[key] = progress
        await self._store.async_save(
            {
                "source": self._source,
                "feeds": {
                    one: _data(progress) for one, progress in self._feeds.items()
                },
            }
        )


def _data(progress: FeedProgress) -> dict[str, Any]:
    rebuild = progress.rebuild
    return {
        "cursor": progress.cursor,
        "oldest_at": progress.oldest_at and progress.oldest_at.isoformat(),
        "rebuild": rebuild
        and {
            "first_at": rebuild.first_at.isoformat(),
            "next_at": rebuild.next_at.isoformat(),
            "cursor": rebuild.cursor,
        },
    }


def _load(data: Mapping[str, Any]) -> FeedProgress:
    oldest_at, rebuild = data["oldest_at"], data["rebuild"]
    return FeedProgress(
        cursor=data["cursor"],
        oldest_at=oldest_at and datetime.fromisoformat(oldest_at),
        rebuild=rebuild
        and Rebuild(
            first_at=datetime.fromisoformat(rebuild["first_at"]),
            next_at=datetime.fromisoformat(rebuild["next_at"]),
            cursor=rebuild["cursor"],
        ),
    )
