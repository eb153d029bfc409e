"""What an area's substations were like lately, to find what is wrong with them.

Readings are read once; hours when another one is over.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from energy_logger_server.api.nem import date_of_day_number, day_number
from energy_logger_server.domain.determinants.substation_peaks import (
    months_of_substations,
)
from energy_logger_server.domain.load.central_days import central_day_of_hour
from energy_logger_server.domain.substation_health.faults import (
    HealthRules,
    Holding,
    Subject,
)
from energy_logger_server.domain.substation_health.polls import (
    Poll,
    Polls,
    Value,
    unchanged,
)
from energy_logger_server.domain.substation_health.reactive import (
    HOURS_LOOKED_AT,
    HourOfSubstation,
    of_reactive_power,
)
from energy_logger_server.domain.substation_health.sums import (
    HOURS_IN_A_ROW,
    HourOfArea,
)
from energy_logger_server.domain.substation_health.watch import AreaReadings
from energy_logger_server.store.codec.reading_flags import NO_REACTIVE
from energy_logger_server.store.codec.scale import E1, scaled, scaled_if_known
from energy_logger_server.store.db.query import Query
from energy_logger_server.store.db.reader import Reader

from .peak_reviews import peak_reviews
from .readings import Reading
from .substation_days import substation_days
from .substation_faults import troubled_until
from .substations import instant_of, newest_hour, newest_minutes, newest_snapshots

_HOUR_S = 3600
_DAY_S = 86_400
_LONGEST_LOOK_S = 7 * _DAY_S
"""As many readings as a setting can ask for, of an hour each."""
_USUAL_DAYS = 7
_MOST_POLLS_A_DAY = 1440


class _Usual(NamedTuple):
    name: str
    load_sum_e1: int
    readings: int


class _Hour(NamedTuple):
    hour: int
    name: str
    readings: int
    load_sum_e1: int
    reactive_sum_e1: int
    reactive_unknown: int
    reactive_unknown_load_sum_e1: int


# each row by its whole key: from a range of hours on, all areas' rows are in the way
_SPAN = """
WITH RECURSIVE calendar(span) AS (
  SELECT CAST(:first AS BIGINT) UNION ALL
  SELECT span + 1 FROM calendar WHERE span + 1 < CAST(:end AS BIGINT))
"""
_VALUES = Query(
    """
SELECT p.name, r.load_e1, r.reactive_e1, r.flags
FROM substation p CROSS JOIN substation_reading r
WHERE p.area_id = :area AND r.hour = :hour AND r.minute = :minute
  AND r.substation_id = p.id
ORDER BY p.name
""",
    ("area", "hour", "minute"),
)
_USUAL = Query(
    f"""
{_SPAN}
SELECT p.name AS name, sum(r.load_sum_e1) AS load_sum_e1, sum(r.readings) AS readings
FROM substation p CROSS JOIN calendar c CROSS JOIN substation_day r
WHERE p.area_id = :area AND r.day = c.span AND r.substation_id = p.id
GROUP BY p.name
""",
    ("area", "first", "end"),
    row=_Usual,
)
_HOURS = Query(
    f"""
{_SPAN}
SELECT r.hour AS hour, p.name AS name, r.readings AS readings,
  r.load_sum_e1 AS load_sum_e1, r.reactive_sum_e1 AS reactive_sum_e1,
  r.reactive_unknown AS reactive_unknown,
  r.reactive_unknown_load_sum_e1 AS reactive_unknown_load_sum_e1
FROM substation p CROSS JOIN calendar c CROSS JOIN substation_hour r
WHERE p.area_id = :area AND r.hour = c.span AND r.substation_id = p.id
""",
    ("area", "first", "end"),
    row=_Hour,
)
_LOADS = Query(
    "SELECT at, load_e1 FROM load WHERE at >= :first AND at <= :last"
    " AND area_id = :area AND is_settled",
    ("first", "last", "area"),
)


@dataclass(frozen=True, slots=True)
class AreaHours:
    """What changes only when an hour is over.

    Attributes:
        open_hour: Epoch seconds // 3600; what is before it is over.
        usual_kw: Mean load of each substation that was read in the last week.
        rules: Those by which ``reactive`` was looked at.
        reactive: What the last day's hours say; see ``AreaReadings``.
        loads_kw: Load of each whole hour of the last ones: substations together.
        is_whole: Whether all substations were read in it.
        spikes: See ``AreaReadings``.
    """

    open_hour: int
    usual_kw: Mapping[str, float]
    rules: HealthRules
    reactive: Mapping[Subject, Holding | None]
    loads_kw: Mapping[int, float]
    is_whole: Mapping[int, bool]
    spikes: Mapping[str, float]

    def is_of(self, open_hour: int, rules: HealthRules) -> bool:
        """Return whether nothing of it can have changed."""
        return self.open_hour == open_hour and self.rules == rules


class TimedPoll(NamedTuple):
    """An answer with the minute (UTC) of its fetch."""

    read_at: datetime
    poll: Poll


@dataclass(frozen=True, slots=True)
class LookedAt:
    """What the next look need not read again.

    Attributes:
        hours: Those that were over.
        polls: The newest answers, ascending.
    """

    hours: AreaHours
    polls: Sequence[TimedPoll]


def area_readings(
    connection: Reader, area_id: int, rules: HealthRules, known: LookedAt | None
) -> tuple[AreaReadings, LookedAt] | None:
    """Return what is known of an area; None before its first answer.

    Args:
        connection: A reader's.
        area_id: KAMO's number.
        rules: Say how many readings are looked at.
        known: From the look before.
    """
    open_hour = newest_hour(connection)
    if open_hour is None:
        return None
    end = (open_hour + 1) * _HOUR_S
    polls = _polls(
        connection,
        area_id,
        (end - _LONGEST_LOOK_S, end),
        rules.readings_looked_at,
        known.polls if known else (),
    )
    if not polls:
        return None
    newest = [one.poll for one in polls]
    oldest = polls[-rules.frozen_readings :][0].read_at
    if known is not None and known.hours.is_of(open_hour, rules):
        hours = known.hours
    else:
        hours = _area_hours(connection, area_id, open_hour, rules)
    readings = AreaReadings(
        Polls(
            newest,
            hours.usual_kw,
            {
                name: _before(connection, area_id, name, oldest)
                for name in unchanged(newest, rules)
            },
        ),
        hours.reactive,
        _sums(connection, area_id, hours),
        hours.spikes,
        troubled_until(connection, area_id),
    )
    return readings, LookedAt(hours, polls)


def _polls(
    connection: Reader,
    area_id: int,
    span: tuple[int, int],
    limit: int,
    known: Sequence[TimedPoll],
) -> Sequence[TimedPoll]:
    """Return the newest answers of a span, ascending; of known ones reads the last."""
    first, end = span
    kept = [one for one in known if one.read_at.timestamp() >= first][-limit:]
    if len(kept) < limit:
        # the first look, or a rule by which more are looked at
        kept = []
    # one more fetch in the same minute takes the place of the one before
    since = int(kept.pop().read_at.timestamp()) if kept else first
    minutes = newest_minutes(connection, area_id, (since, end), limit)
    read = [
        TimedPoll(instant_of(*minute), _poll(connection, area_id, *minute))
        for minute in reversed(minutes)
    ]
    return [*kept, *read][-limit:]


def _poll(connection: Reader, area_id: int, hour: int, minute: int) -> Poll:
    return {
        name: Value(load_e1, None if flags & NO_REACTIVE else reactive_e1)
        for name, load_e1, reactive_e1, flags in _VALUES.all(
            connection, area_id, hour, minute
        )
    }


def _value(reading: Reading) -> Value:
    return Value(
        scaled(reading.load_kw, E1), scaled_if_known(reading.reactive_kvar, E1)
    )


def _before(
    connection: Reader, area_id: int, name: str, until: datetime
) -> Sequence[Value]:
    """Return the values of a substation in the day before an instant, ascending."""
    end = int(until.timestamp())
    page = newest_snapshots(
        connection, area_id, (end - _DAY_S, end), _MOST_POLLS_A_DAY, name
    )
    return [_value(one) for snapshot in page.snapshots for one in snapshot.readings][
        ::-1
    ]


def _area_hours(
    connection: Reader, area_id: int, open_hour: int, rules: HealthRules
) -> AreaHours:
    today = central_day_of_hour(open_hour)
    usual = {
        row.name: int(row.load_sum_e1) / int(row.readings) / E1
        for row in _USUAL.all(connection, area_id, today - _USUAL_DAYS, today + 1)
    }
    first = open_hour - HOURS_LOOKED_AT
    hours: dict[str, list[HourOfSubstation | None]] = {}
    loads: dict[int, float] = {}
    seen: dict[int, set[str]] = {}
    for row in _HOURS.all(connection, area_id, first, open_hour):
        of_day = hours.setdefault(row.name, [None] * HOURS_LOOKED_AT)
        of_day[row.hour - first] = _hour(row)
        loads[row.hour] = loads.get(row.hour, 0.0) + row.load_sum_e1 / row.readings / E1
        seen.setdefault(row.hour, set()).add(row.name)
    is_whole = {hour: usual.keys() <= names for hour, names in seen.items()}
    spikes = _spikes(connection, area_id, today)
    reactive = of_reactive_power(hours, rules)
    return AreaHours(open_hour, usual, rules, reactive, loads, is_whole, spikes)


def _spikes(connection: Reader, area_id: int, today: int) -> Mapping[str, float]:
    date = date_of_day_number(today)
    days = day_number(date.replace(day=1)), today + 1
    months = months_of_substations(
        substation_days(connection, area_id, days),
        date,
        peak_reviews(connection, area_id),
        counts_suspects=False,
    )
    return {
        one.name: one.suspect.load_e1 / E1
        for one in months
        if one.suspect is not None and one.review is None
    }


def _hour(row: _Hour) -> HourOfSubstation | None:
    """Return means of the readings that have reactive power; None without one."""
    known = row.readings - row.reactive_unknown
    if not known:
        return None
    load_e1 = row.load_sum_e1 - row.reactive_unknown_load_sum_e1
    return HourOfSubstation(load_e1 / known / E1, row.reactive_sum_e1 / known / E1)


def _sums(connection: Reader, area_id: int, known: AreaHours) -> Sequence[HourOfArea]:
    """Return the last hours whose load is settled, and the next one's too.

    What a label means is not known, so an hour is compared when both neighbours are
    there.
    """
    first = known.open_hour - HOURS_LOOKED_AT
    loads = {
        at // _HOUR_S: load_e1 / E1
        for at, load_e1 in _LOADS.all(
            connection,
            (first - 1) * _HOUR_S,
            (known.open_hour + 1) * _HOUR_S,
            area_id,
        )
    }
    comparable = [
        hour for hour in sorted(known.loads_kw) if hour in loads and hour + 1 in loads
    ]
    return [
        HourOfArea(
            hour,
            known.loads_kw[hour],
            [loads[one] for one in (hour - 1, hour, hour + 1) if one in loads],
            known.is_whole[hour],
        )
        for hour in comparable[-HOURS_IN_A_ROW:]
    ]
