"""Real hourly load of the system that KAMO belongs to, cut to a few months."""

from functools import lru_cache
from pathlib import Path

from energy_logger_server.cli.load_file import load_from
from energy_logger_server.domain.peak_watch.history import LoadHistory
from energy_logger_server.domain.peak_watch.past import Past
from energy_logger_server.domain.peak_watch.rule import PeakRule

FILE = Path(__file__).parents[3] / "fixtures/eia/AECI-2015-07-2018-12.csv.gz"


@lru_cache(maxsize=1)
def real_load() -> LoadHistory:
    return load_from(FILE)


def cut(end: int, *, with_forecast: bool = False) -> LoadHistory:
    """Return the hours before one, given as epoch seconds // 3600."""
    whole = real_load()
    hours = end - whole.first_hour
    forecast = whole.forecast_kw[:hours] if with_forecast else ()
    return LoadHistory(whole.first_hour, whole.load_kw[:hours], forecast)


@lru_cache(maxsize=1)
def two_years() -> Past:
    """Return 2016 and 2017, with the half year before them, two hours ahead."""
    return Past.of(cut(HOUR_2018), PeakRule(), lead_hours=2)


HOUR_2018 = 1514786400 // 3600
"""2018-01-01 00:00 CST."""
