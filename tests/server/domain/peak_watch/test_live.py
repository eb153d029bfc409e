"""The watch as a server runs it says just what the back-test says."""

import pytest

from energy_logger_server.domain.peak_watch.history import LoadHistory
from energy_logger_server.domain.peak_watch.likelihood import Likelihood
from energy_logger_server.domain.peak_watch.live import (
    NEVER_LOOKED,
    Hours,
    Lesson,
    LiveWatch,
    SavedWatch,
)
from energy_logger_server.domain.peak_watch.watch import (
    AnnouncedHour,
    NoticeKind,
)

from .past_watch import (
    BUDGET,
    LEAD,
    PEAK_DAY,
    SEPTEMBER,
    announced_until_october,
    left_at,
)
from .real_load import cut


class Server:
    """Looks when it is told to, and keeps what it learnt."""

    def __init__(self, saved: SavedWatch) -> None:
        self.saved = saved
        self.lesson: Lesson | None = None
        self.told: list[tuple[NoticeKind, int]] = []

    def look(self, now: int) -> None:
        """Look at the beginning of an hour, with what is known then."""
        hours = Hours.at(now * 3600, LEAD, poll_minutes=5)
        step, self.lesson = LiveWatch(LEAD, BUDGET).step(
            self.saved, cut(now), hours, self.lesson
        )
        self.saved = step.saved
        self.told += [(one.kind, one.hour) for one in step.notices]


@pytest.fixture
def announced() -> list[AnnouncedHour]:
    return announced_until_october()


def test_the_turn_of_a_month_is_announced_like_in_the_back_test(announced):
    looks = (SEPTEMBER - 2, SEPTEMBER, SEPTEMBER + 14, PEAK_DAY + 14)
    server = Server(left_at(looks[0], announced))

    for now in looks:
        server.saved = left_at(now, announced)
        server.look(now)

    asked = [now + LEAD for now in looks]
    said = [hour for kind, hour in server.told if kind is NoticeKind.ANNOUNCED]
    assert said == [one.hour for one in announced if one.hour in asked]
    assert said
    assert server.saved.is_trained


def test_the_probability_of_an_hour_ahead_is_the_one_that_announces_it(announced):
    """So what is shown adds up over a day to what the back-test judges."""
    now = announced[-1].hour
    hours = Hours.at(now * 3600, LEAD, poll_minutes=5)
    step, _lesson = LiveWatch(LEAD, BUDGET).step(
        left_at(now, announced), cut(now), hours, None
    )

    ahead = step.outlook.hours
    said = {one.hour: one.probability for one in announced}
    near = [one for one in ahead if one.is_near]
    assert [one.hour for one in ahead] == [*range(now, now + 24)]
    assert [one.hour for one in near] == [now, now + 1, now + 2]
    assert near[0].probability == pytest.approx(said[now])
    assert step.outlook.probability == pytest.approx(
        sum(one.probability or 0 for one in near)
    )
    estimates = [one.estimate for one in ahead]
    assert all(one and one.low_kw < one.load_kw < one.high_kw for one in estimates)


def test_a_first_look_at_a_short_history_is_untrained_and_decides_all_the_same():
    hours = 40 * 24
    first = SEPTEMBER
    history = LoadHistory(first, [1000.0 + hour % 24 for hour in range(hours)])

    step, _lesson = LiveWatch(LEAD, BUDGET).step(
        NEVER_LOOKED, history, Hours(first + hours, first + hours + LEAD), None
    )

    assert not step.saved.is_trained
    assert not step.saved.is_probability_shown
    assert step.outlook.probability is None
    assert [one.estimate for one in step.outlook.hours] == [None] * 24
    assert step.saved.state.looked_to == first + hours + LEAD


@pytest.mark.parametrize(
    ("second", "target"), [(0, 12), (299, 12), (300, 13), (3599, 13)]
)
def test_later_in_an_hour_the_hour_to_announce_is_one_further_off(second, target):
    assert Hours.at(10 * 3600 + second, 2, 5) == Hours(10, target)


@pytest.mark.parametrize(
    ("probability", "word"),
    [
        (0.019, Likelihood.UNLIKELY),
        (0.02, Likelihood.POSSIBLE),
        (None, Likelihood.POSSIBLE),
        (0.2, Likelihood.LIKELY),
    ],
)
def test_a_probability_has_its_word(probability, word):
    assert Likelihood.of(probability) is word
