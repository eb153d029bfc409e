"""Scores of every forecast of a series at every horizon."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from .correction import ERROR_DAYS, JUDGED_DAYS, Correction, correction_of
from .past import LocalTime, Past
from .scores import Judged, Score, assumed_level, by_hour, judged_since, score_of
from .settled import SettledValues

_ENDS_OF_BANDS = frozenset({"low", "high"})
"""Meant to be off: a mean error taken off would make them something else."""

_DAY_S = 86_400


@dataclass(frozen=True, slots=True)
class SeriesPast:
    """All that was forecast of a series, and what came.

    Attributes:
        channel: Of a site; empty of an area.
        pasts: By forecast and horizon.
        settled: What came.
        local_time: In whose zone hours of the day count.
    """

    channel: str
    pasts: Mapping[tuple[str, int], Past]
    settled: SettledValues
    local_time: LocalTime

    @property
    def in_order(self) -> Sequence[Past]:
        """By forecast in their order, then by horizon."""
        names = list(dict.fromkeys(name for name, _horizon in self.pasts))
        return sorted(
            self.pasts.values(),
            key=lambda past: (names.index(past.forecast), past.horizon_minutes),
        )


@dataclass(frozen=True, slots=True)
class ScoreLine:
    """How good one forecast was at one horizon.

    Attributes:
        channel: Of a site; empty of an area.
        forecast: Its name.
        horizon_minutes: See ``HORIZONS_MINUTES``.
        hour: Local hour in which the intervals begin; None for all hours.
        level: Assumed level of a band's value; None of others.
        score: What it was worth.
        without_actual: Forecasts that are left out: nothing settled is known of their
            intervals.
        minutes_without_forecast: For how long a value is known, and none of this
            forecast was kept at the horizon, since the first that was kept at any.
    """

    channel: str
    forecast: str
    horizon_minutes: int
    hour: int | None
    level: float | None
    score: Score
    without_actual: int
    minutes_without_forecast: int


@dataclass(frozen=True, slots=True)
class CorrectionLine:
    """Whether one forecast is corrected at one horizon; None while that is open."""

    channel: str
    forecast: str
    horizon_minutes: int
    correction: Correction | None


@dataclass(frozen=True, slots=True)
class ScoreOrder:
    """Which scores are wanted; instants are epoch seconds.

    Attributes:
        since: No interval that began earlier is scored.
        now: None that is over later, either.
        is_by_hour: Whether each local hour of the day has scores of its own.
    """

    since: int
    now: int
    is_by_hour: bool = False

    @property
    def span(self) -> tuple[int, int]:
        """What has to be read: a correction is judged on days of its own."""
        judged = (JUDGED_DAYS + ERROR_DAYS + 2) * _DAY_S
        return min(self.since, self.now - judged), self.now


@dataclass(frozen=True, slots=True)
class ScoreReport:
    """Scores of all that was forecast of a site or an area.

    Attributes:
        scores: By channel, forecast, horizon and, if they are wanted, hour.
        corrections: By channel, forecast and horizon, whatever days are scored.
    """

    scores: Sequence[ScoreLine]
    corrections: Sequence[CorrectionLine]


def score_report(series: Iterable[SeriesPast], order: ScoreOrder) -> ScoreReport:
    """Return the scores of series; each is let go before the next is asked for."""
    scores: list[ScoreLine] = []
    corrections: list[CorrectionLine] = []
    for one in series:
        scores += score_lines(one, order.since, is_by_hour=order.is_by_hour)
        corrections += correction_lines(one, order.now)
    return ScoreReport(scores, corrections)


def score_lines(
    series: SeriesPast, since: int, *, is_by_hour: bool
) -> Iterator[ScoreLine]:
    """Yield the scores of a series, by forecast and horizon.

    Args:
        series: What was forecast, and what came.
        since: No interval that began earlier counts, epoch seconds.
        is_by_hour: Whether each local hour of the day has scores of its own.
    """
    first = min(
        (start for past in series.in_order for start in _first_starts(past, since)),
        default=None,
    )
    if first is None:
        return
    known = series.settled.minutes_by_hour(
        first, lambda instant: series.local_time(instant)[1]
    )
    for past in series.in_order:
        pairs = judged_since(past, since)
        unmatched = Counter(one.hour for one in past.unmatched if one.start_at >= since)
        if is_by_hour:
            of_hours = by_hour(pairs)
            for hour in sorted({*of_hours, *unmatched, *known}):
                yield _line(
                    series.channel,
                    past,
                    of_hours.get(hour, ()),
                    hour=hour,
                    without_actual=unmatched[hour],
                    known_minutes=known.get(hour, 0),
                )
        else:
            yield _line(
                series.channel,
                past,
                pairs,
                hour=None,
                without_actual=unmatched.total(),
                known_minutes=sum(known.values()),
            )


def correction_lines(series: SeriesPast, now: int) -> Iterator[CorrectionLine]:
    """Yield whether forecasts of a series are corrected, by forecast and horizon.

    The ends of a band never are: they are meant to be off.

    Args:
        series: What was forecast, and what came.
        now: Epoch seconds.
    """
    for past in series.in_order:
        if past.forecast not in _ENDS_OF_BANDS:
            yield CorrectionLine(
                series.channel,
                past.forecast,
                past.horizon_minutes,
                correction_of(past, now),
            )


def _first_starts(past: Past, since: int) -> Iterator[int]:
    """Yield when the first intervals began that count, known ones and others."""
    for listed in (past.came, past.unmatched):
        place = bisect_left(listed, since, key=lambda one: one.start_at)
        yield from (one.start_at for one in listed[place : place + 1])


def _line(
    channel: str,
    past: Past,
    pairs: Judged,
    *,
    hour: int | None,
    without_actual: int,
    known_minutes: int,
) -> ScoreLine:
    level = assumed_level(channel, past.forecast)
    covered = sum(came.end_at - came.start_at for came, _forecast in pairs) // 60
    return ScoreLine(
        channel=channel,
        forecast=past.forecast,
        horizon_minutes=past.horizon_minutes,
        hour=hour,
        level=level,
        score=score_of(pairs, level),
        without_actual=without_actual,
        minutes_without_forecast=max(0, known_minutes - covered),
    )
