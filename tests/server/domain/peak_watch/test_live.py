"""The watch as a server runs it says just what the back-test says."""

import pytest

from energy_logger_server.domain.peak_watch.history import LoadHistory
from energy_logger_server.domain.peak_watch.live import (
    NEVER_LOOKED,
    Hours,
    Lesson,
    Likelihood,
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
    """Looks from hour to hour; can be stopped and started again."""

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

    def restart(self) -> None:
        """Forget all but what was saved."""
        self.lesson = None


@pytest.fixture
def announced() -> list[AnnouncedHour]:
    return announced_until_october()


def test_a_peak_day_with_a_restart_is_announced_like_in_the_back_test(announced):
    server = Server(left_at(PEAK_DAY, announced))

    for now in range(PEAK_DAY, PEAK_DAY + 24):
        server.look(now)
        if now == PEAK_DAY + 15:
            server.restart()

    expected = [one for one in announced if PEAK_DAY <= one.said_at < PEAK_DAY + 24]
    said = [hour for kind, hour in server.told if kind is NoticeKind.ANNOUNCED]
    assert said == [one.hour for one in expected]
    assert len(said) > 2
    assert server.saved.is_trained
    assert [kind for kind, _hour in server.told].count(NoticeKind.ALL_CLEAR) == 1


def test_the_turn_of_a_month_is_announced_like_in_the_back_test(announced):
    server = Server(left_at(SEPTEMBER - 4, announced))

    for now in (SEPTEMBER - 3, SEPTEMBER - 2, SEPTEMBER, SEPTEMBER + 14):
        server.saved = left_at(now, announced)
        server.look(now)

    asked = [now + LEAD for now in (SEPTEMBER - 3, SEPTEMBER - 2, SEPTEMBER)]
    asked.append(SEPTEMBER + 14 + LEAD)
    said = [hour for kind, hour in server.told if kind is NoticeKind.ANNOUNCED]
    assert said == [one.hour for one in announced if one.hour in asked]


def test_a_first_look_at_a_short_history_is_untrained_and_decides_all_the_same():
    hours = 40 * 24
    first = SEPTEMBER
    history = LoadHistory(first, [1000.0 + hour % 24 for hour in range(hours)])

    step, _lesson = LiveWatch(LEAD, BUDGET).step(
        NEVER_LOOKED, history, Hours(first + hours, first + hours + LEAD), None
    )

    assert not step.saved.is_trained
    assert not step.saved.is_probability_shown
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
