"""The events of the peak watch: what changed between two answers; pure."""

from datetime import datetime
from enum import StrEnum

from custom_components.energy_logger.api.server_peaks import AnnouncedHour, PeakWatch


class PeakEvent(StrEnum):
    """What the peak watch says."""

    ANNOUNCED = "announced"
    WITHDRAWN = "withdrawn"
    ALL_CLEAR = "all_clear"


type PeakNews = tuple[PeakEvent, AnnouncedHour | None]
"""What is said, and of which hour; an all-clear is of none."""


def peak_news(
    before: PeakWatch | None, after: PeakWatch | None, now: datetime
) -> tuple[PeakNews, ...]:
    """Return what was said between two answers.

    An hour that is over by now is not announced any more, and that it was withdrawn is
    of no use to anybody who never heard of it.

    Args:
        before: The earlier answer; None where nothing was watched.
        after: The later one; of another area, it says nothing yet.
        now: Present instant.
    """
    if before is None or after is None or before.area_id != after.area_id:
        return ()
    known = {one.starts_at: one for one in before.announced}
    news: list[PeakNews] = []
    for one in after.announced:
        earlier = known.get(one.starts_at)
        if one.is_withdrawn:
            if earlier is not None and not earlier.is_withdrawn:
                news.append((PeakEvent.WITHDRAWN, one))
        elif earlier is None and one.ends_at > now:
            news.append((PeakEvent.ANNOUNCED, one))
    if before.is_open and not after.is_open:
        news.append((PeakEvent.ALL_CLEAR, None))
    return tuple(news)
