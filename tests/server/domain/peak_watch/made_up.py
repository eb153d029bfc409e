"""Loads made up by a rule, to know what must come out."""

from collections.abc import Callable
from math import pi, sin

from energy_logger_server.domain.peak_watch.evidence import Evidence
from energy_logger_server.domain.peak_watch.foresight import Foresight
from energy_logger_server.domain.peak_watch.history import LoadHistory
from energy_logger_server.domain.peak_watch.load_forecast import LoadModel
from energy_logger_server.domain.peak_watch.rule import PeakRule, Period
from energy_logger_server.domain.peak_watch.watch import Decision, DecisionRule

FIRST_HOUR = 1514786400 // 3600
"""2018-01-01 00:00 CST, a Monday."""


def daily_wave(hour: int) -> float:
    """Return a load in kW that is greatest at 17 h and the same every day."""
    return 1000 + 300 * sin(2 * pi * (hour - 11) / 24)


def loads(hours: int, load: Callable[[int], float | None]) -> LoadHistory:
    """Return a history from 2018-01-01 on; ``load`` is asked by the hour's index."""
    return LoadHistory(FIRST_HOUR, [load(hour) for hour in range(hours)])


def unlearnt(history: LoadHistory, rule: PeakRule | None = None) -> Evidence:
    """Return evidence without forecasts."""
    return Evidence(Foresight(history, [0], [LoadModel({}, {})]), rule or PeakRule())


def announcing(*hours: int, ruled_out: tuple[int, ...] = ()) -> DecisionRule:
    """Return a judge that finds just these hours worth it."""

    def decide(
        evidence: Evidence, index: int, known: int, period: Period, left: int
    ) -> Decision:
        del evidence, known, period, left
        return Decision(index in hours, index in ruled_out, 0.5)

    return decide
