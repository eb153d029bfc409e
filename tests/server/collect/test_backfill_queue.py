"""What becomes of windows that succeed, are empty, or fail."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

import pytest

from energy_logger_server.api.errors import (
    RangeTooLarge,
    SourceError,
    SourceMissing,
    SourceRateLimited,
    SourceRefused,
    SourceRejected,
    SourceUnreachable,
)
from energy_logger_server.api.rate_limit import Counter
from energy_logger_server.collect.backfill.queue import BackfillQueue
from energy_logger_server.collect.planning.site_ledger import DayWindow
from energy_logger_server.domain.collecting.backfill_progress import WaitingFor
from energy_logger_server.domain.collecting.ledger import Kind
from tests.server.collect.ledgers import SITE, ago, nem

NOW = nem(12)
UNREACHABLE = SourceUnreachable("amber", "/x", "no answer")


def weeks(
    count: int, *, newest_ago: int = 1, kind: Kind = Kind.PRICE, site: str = SITE
):
    """Return adjoining windows of seven days, newest first."""
    return [
        DayWindow(kind, site, ago(newest_ago + 7 * n + 6), ago(newest_ago + 7 * n))
        for n in range(count)
    ]


def queue_of(
    windows: Sequence[DayWindow], oldest: dict[tuple[Kind, str], date] | None = None
) -> BackfillQueue:
    """Return a queue."""
    return BackfillQueue(windows, oldest or {})


def fail(queue: BackfillQueue, error: SourceError, now: datetime = NOW) -> None:
    """Let the head fail."""
    queue.fail(error, lambda window: window.cut(3), now)


def test_windows_are_read_in_their_order():
    first, second = weeks(2)
    queue = queue_of([first, second])

    queue.succeed(is_empty=False, now=NOW)

    assert queue.head == second
    assert (queue.done, queue.total, queue.failed) == (1, 2, 0)


def test_an_ended_queue_has_no_head():
    queue = queue_of(weeks(1))

    queue.succeed(is_empty=False, now=NOW)

    assert queue.head is None


def test_windows_to_come_are_counted_by_what_they_draw_on():
    queue = queue_of([*weeks(2), *weeks(3, kind=Kind.USAGE)])

    assert queue.waiting() == {Counter.PRICE: 2, Counter.SITE: 3}


def test_four_empty_weeks_of_prices_end_their_series_only():
    other = weeks(1, site="other")
    queue = queue_of([*weeks(9), *other])

    ended = [queue.succeed(is_empty=True, now=NOW) for _ in range(4)]

    assert ended == [False, False, False, True]
    assert queue.head == other[0]
    assert (queue.done, queue.total) == (9, 10)


def test_data_between_empty_weeks_begins_the_count_anew():
    queue = queue_of(weeks(12))

    ended = [
        queue.succeed(is_empty=is_empty, now=NOW)
        for is_empty in (True, True, True, False, True, True, True, True)
    ]

    assert ended == [False] * 7 + [True]


def test_empty_weeks_amid_stored_ones_say_nothing_of_older():
    queue = queue_of(weeks(9), {(Kind.PRICE, SITE): ago(300)})

    assert not any(queue.succeed(is_empty=True, now=NOW) for _ in range(9))


def test_two_empty_weeks_of_usage_end_it_where_upstream_may_have_dropped_it():
    queue = queue_of(weeks(9, newest_ago=86, kind=Kind.USAGE))

    assert not queue.succeed(is_empty=True, now=NOW)
    assert queue.succeed(is_empty=True, now=NOW)


def test_a_429_is_waited_out():
    queue = queue_of(weeks(2))
    retry_at = NOW + timedelta(seconds=77)

    fail(queue, SourceRateLimited("amber", "/x", retry_at=retry_at))

    assert queue.head == weeks(2)[0]
    assert queue.held_until(NOW) == retry_at


@pytest.mark.parametrize(
    ("error", "rule"),
    [
        (UNREACHABLE, timedelta(seconds=30)),
        (
            SourceRateLimited("amber", "/x", retry_at=NOW + timedelta(seconds=77)),
            timedelta(seconds=77),
        ),
    ],
    ids=["retry", "429"],
)
def test_nothing_is_held_longer_than_its_rule_by_a_clock_that_is_set_back(
    error: SourceError, rule: timedelta
):
    queue = queue_of(weeks(2))
    fail(queue, error)
    before = NOW - timedelta(days=400)

    held = [
        queue.held_until(before + timedelta(seconds=waited)) for waited in (0, 10, 20)
    ]

    assert held == [before + rule] * 3
    is_retry = error is UNREACHABLE
    assert (queue.waits_for(held[0]) is WaitingFor.RETRY) is is_retry


def test_a_range_too_large_is_asked_for_in_pieces():
    window = weeks(1)[0]
    queue = queue_of([window])

    fail(queue, RangeTooLarge("amber", "/x", "too much"))

    assert queue.head == window.cut(3)[0]
    assert queue.total == 3


def test_a_single_day_that_is_too_large_is_given_up():
    queue = queue_of([DayWindow(Kind.PRICE, SITE, ago(1), ago(1)), *weeks(1)])

    fail(queue, RangeTooLarge("amber", "/x", "too much"))

    assert (queue.done, queue.failed) == (1, 1)


def test_an_unreachable_window_is_tried_three_times_and_then_in_pieces():
    window = weeks(1)[0]
    queue = queue_of([window])
    pauses = []

    for _ in range(2):
        fail(queue, UNREACHABLE)
        pauses.append(queue.held_until(NOW))
        assert queue.head == window
    fail(queue, UNREACHABLE)

    assert pauses == [NOW + timedelta(seconds=30), NOW + timedelta(seconds=120)]
    assert queue.head is not None
    assert queue.head.length == 3


def test_a_pass_ends_when_several_windows_in_a_row_give_nothing():
    days = [DayWindow(Kind.PRICE, SITE, ago(n), ago(n)) for n in range(1, 9)]
    queue = queue_of(days)

    for _ in range(8):
        fail(queue, UNREACHABLE)
    with pytest.raises(SourceUnreachable):
        fail(queue, UNREACHABLE)

    assert queue.failed == 3


def test_a_good_window_between_lost_ones_keeps_the_pass_going():
    rejected = SourceRejected("amber", "/x", "odd")
    queue = queue_of(weeks(6))

    fail(queue, rejected)
    fail(queue, rejected)
    queue.succeed(is_empty=False, now=NOW)
    fail(queue, rejected)

    assert (queue.done, queue.failed) == (4, 3)


def test_a_site_that_is_gone_takes_all_its_windows_with_it():
    other = weeks(1, site="other")
    queue = queue_of([*weeks(3), *weeks(2, kind=Kind.USAGE), *other])

    fail(queue, SourceMissing("amber", "/x", "does not exist"))

    assert queue.head == other[0]
    assert (queue.done, queue.failed) == (5, 1)


def test_a_refused_key_ends_the_pass():
    queue = queue_of(weeks(3))

    with pytest.raises(SourceRefused):
        fail(queue, SourceRefused("amber", "/x", "no key", status=403))


def test_a_wait_is_for_another_try_or_for_calls():
    queue = queue_of(weeks(2))
    fail(queue, UNREACHABLE)
    retry_at = queue.held_until(NOW)

    assert queue.waits_for(None) is None
    assert queue.waits_for(retry_at) is WaitingFor.RETRY
    assert queue.waits_for(NOW + timedelta(minutes=9)) is WaitingFor.RATE_LIMIT


def test_a_wait_that_upstream_asks_for_is_one_for_calls():
    queue = queue_of(weeks(1))
    fail(queue, SourceRateLimited("amber", "/x", retry_at=NOW))

    assert queue.waits_for(NOW) is WaitingFor.RATE_LIMIT
