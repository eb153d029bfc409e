"""What the back-test announced until the end of September 2016, by real load."""

from functools import lru_cache

from energy_logger_server.domain.peak_watch.backtest import backtest
from energy_logger_server.domain.peak_watch.history import LoadHistory
from energy_logger_server.domain.peak_watch.live import SavedWatch, shifted
from energy_logger_server.domain.peak_watch.past import FittedOn, Past
from energy_logger_server.domain.peak_watch.rule import PeakRule
from energy_logger_server.domain.peak_watch.training import Budget
from energy_logger_server.domain.peak_watch.watch import AnnouncedHour, WatchState

from .real_load import cut

LEAD, BUDGET = 2, 20
SEPTEMBER = 1472706000 // 3600
"""2016-09-01 00:00 CDT."""
PEAK_DAY = SEPTEMBER + 5 * 24
OCTOBER = SEPTEMBER + 30 * 24


@lru_cache(maxsize=1)
def announced_until_october() -> list[AnnouncedHour]:
    """Return what was announced, hours as epoch seconds // 3600."""
    return announced_in(cut(OCTOBER))


def announced_in(history: LoadHistory) -> list[AnnouncedHour]:
    """Return what the back-test announces in a history, in the same hours."""
    past = Past.of(history, PeakRule(), LEAD)
    judged = backtest(past, FittedOn.PAST, Budget(BUDGET, BUDGET))
    state = WatchState(
        announced=tuple(hour for one in judged for hour in one.announced)
    )
    return [*shifted(state, history.first_hour).announced]


def left_at(hour: int, announced: list[AnnouncedHour]) -> SavedWatch:
    """Return the watch as a server that ran until an hour would have left it."""
    said = tuple(one for one in announced if one.said_at < hour)
    is_open = any(one.hour >= hour - 1 for one in said)
    return SavedWatch(
        WatchState(hour + LEAD - 1, said, is_open),
        is_trained=True,
        is_probability_shown=True,
    )
