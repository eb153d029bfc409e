"""What each service has to tell, when, and in which words."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from energy_logger_server.domain.notifications.alerts import (
    Alert,
    AlertCode,
    Observation,
)
from energy_logger_server.domain.notifications.disk_space import StoreGrowth, StoreSize
from energy_logger_server.domain.notifications.plan import (
    NotificationState,
    ServiceState,
)
from energy_logger_server.domain.notifications.quiet_hours import QuietHours
from energy_logger_server.domain.notifications.texts import Reader, message_of
from energy_logger_server.domain.notifications.unsent import UnsentChange

NOON = datetime(2026, 1, 4, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
SINCE = NOON - 10 * MINUTE
KAMO = Alert(AlertCode.SOURCE_FAILING, "kamo", "The last run got nothing.", SINCE)
TOKEN = Alert(AlertCode.KEY_REFUSED, "amber", "The utility refuses the key.", SINCE)
READER = Reader(ZoneInfo("America/Chicago"), "http://nas:8080/")
NOTHING = Observation()


def holding(*alerts: Alert) -> Observation:
    return Observation(alerts)


def after(*looks: Observation, of: str = "mail") -> tuple[UnsentChange, ...]:
    """Return what a service has to tell after looks, a minute after each other."""
    state = NotificationState().with_services([of], NOON)
    for number, seen in enumerate(looks):
        state = state.observed(seen, NOON + number * MINUTE)
    return state.services[of].news


def told(state: NotificationState) -> NotificationState:
    """Return the state when mail has told all its news."""
    return state.with_service("mail", state.services["mail"].after_success(NOON))


def test_a_condition_is_news_once_however_often_it_is_seen():
    assert after(holding(KAMO), holding(KAMO), holding(KAMO)) == (
        UnsentChange(KAMO, NOON),
    )


def test_what_a_condition_says_is_told_as_it_is_now_and_its_beginning_stays():
    later = Alert(KAMO.code, "kamo", "The last run got nothing (missing).", NOON)

    (news,) = after(holding(KAMO), holding(later))

    assert (news.alert.message, news.alert.since) == (later.message, SINCE)


def test_what_came_and_went_before_it_was_told_is_told_as_over():
    (news,) = after(holding(KAMO), NOTHING)

    assert (news.ended_at, news.is_begun) == (NOON + MINUTE, False)


def test_what_came_and_went_and_came_again_is_told_from_its_first_beginning():
    again = Alert(KAMO.code, "kamo", KAMO.message, NOON + 2 * MINUTE)

    (news,) = after(holding(KAMO), NOTHING, holding(again))

    assert (news.alert.since, news.noted_at, news.ended_at) == (SINCE, NOON, None)


def test_what_was_told_is_told_as_over_once():
    state = NotificationState().with_services(["mail"], NOON)
    state = told(state.observed(holding(KAMO), NOON))

    for minute in (1, 2):
        state = state.observed(NOTHING, NOON + minute * MINUTE)

    (news,) = state.services["mail"].news
    assert (news.is_begun, news.ended_at) == (True, NOON + MINUTE)
    assert state.alerts == ()


def test_what_was_told_and_came_back_before_its_end_was_told_is_no_news():
    state = NotificationState().with_services(["mail"], NOON)
    state = told(state.observed(holding(KAMO), NOON))

    for seen in (NOTHING, holding(KAMO)):
        state = state.observed(seen, NOON + MINUTE)

    assert state.services["mail"].news == ()
    assert state.alerts == (KAMO,)


def test_what_is_unknown_stays_as_it_was():
    unknown = Observation(unknown=frozenset({KAMO.key}))

    assert after(holding(KAMO), unknown) == after(holding(KAMO))
    assert after(unknown) == ()


def test_what_is_switched_off_is_told_neither_as_failing_nor_as_over():
    switched_off = Observation(withdrawn=frozenset({KAMO.key}))

    assert after(holding(KAMO), switched_off) == ()


def test_a_service_that_is_new_is_told_what_holds_and_one_that_is_gone_is_forgotten():
    state = NotificationState().with_services(["mail"], NOON)
    state = told(state.observed(holding(KAMO), NOON))

    state = state.with_services(["chat", "mail"], NOON)
    without = state.with_services(["chat"], NOON)

    assert state.services["chat"].news == (UnsentChange(KAMO, NOON),)
    assert state.services["mail"].news == ()
    assert [*without.services] == ["chat"]
    assert without.with_service("mail", ServiceState()) == without


@pytest.mark.parametrize(
    ("service", "minutes"),
    [
        # what goes wrong together is told together
        (ServiceState((UnsentChange(KAMO, NOON),)), 2),
        (
            ServiceState(
                (UnsentChange(KAMO, NOON), UnsentChange(TOKEN, NOON + MINUTE))
            ),
            2,
        ),
        # no flood
        (ServiceState((UnsentChange(KAMO, NOON),), sent_at=NOON), 15),
        (ServiceState((UnsentChange(KAMO, NOON),), retry_at=NOON + 40 * MINUTE), 40),
        # a clock that was set back
        (ServiceState((UnsentChange(KAMO, NOON + timedelta(days=9)),)), 60),
        (ServiceState((UnsentChange(KAMO, NOON - timedelta(days=9)),)), 0),
    ],
)
def test_news_are_due(service: ServiceState, minutes: int):
    assert service.due_at(NOON, None, UTC) == NOON + minutes * MINUTE


def test_without_news_nothing_is_due():
    assert ServiceState().due_at(NOON, None, UTC) is None


def test_news_wait_for_the_end_of_quiet_hours():
    service = ServiceState((UnsentChange(KAMO, NOON),))

    due_at = service.due_at(NOON, QuietHours(time(12), time(13)), UTC)

    assert due_at == NOON + 60 * MINUTE


def test_pauses_of_a_service_that_fails_double_up_to_an_hour():
    service, pauses = ServiceState((UnsentChange(KAMO, NOON),)), []
    for _attempt in range(8):
        service = service.after_failure(NOON, "it is gone")
        assert service.retry_at is not None
        pauses.append((service.retry_at - NOON) / MINUTE)

    assert pauses == [1, 2, 4, 8, 16, 32, 60, 60]
    assert (service.failures, service.failing_since) == (8, NOON)
    assert service.news
    assert service.after_success(NOON) == ServiceState(sent_at=NOON)


def test_a_process_goes_on_from_what_an_earlier_one_has_told():
    earlier = NotificationState().with_services(["mail", "chat"], NOON)
    earlier = told(earlier.observed(holding(KAMO), NOON))
    own = NotificationState().with_services(["mail"], NOON)
    own = own.observed(holding(TOKEN), NOON + MINUTE)
    size = StoreSize(NOON, 7)
    earlier = NotificationState(
        earlier.alerts, earlier.services, StoreGrowth(size, size)
    )

    state = own.after(earlier)

    assert state.alerts == (KAMO, TOKEN)
    assert state.services["mail"].news == (UnsentChange(TOKEN, NOON + MINUTE),)
    assert state.services["mail"].sent_at == NOON
    assert state.services["chat"] == earlier.services["chat"]
    assert state.growth == earlier.growth
    assert NotificationState().after(earlier) == earlier


def test_a_message_says_what_since_when_what_next_and_where():
    message = message_of([UnsentChange(KAMO, NOON)], READER)

    assert message.subject == "[Energy Logger] KAMO cannot be read"
    title, _, happened, since, next_, *_, page = message.body.splitlines()
    assert title == "KAMO cannot be read."
    assert happened == "What happened: The last run got nothing."
    assert since == "Since: 2026-01-04 05:50 CST"
    assert next_.startswith("What happens next: It is tried again at every tick")
    assert page.endswith("http://nas:8080/")


@pytest.mark.parametrize(
    ("lasted", "said"),
    [
        (timedelta(seconds=5), "for 1 min"),
        (timedelta(minutes=59), "for 59 min"),
        (timedelta(hours=25, minutes=10), "for 1 d 1 h"),
        (timedelta(hours=2, minutes=5), "for 2 h 5 min"),
    ],
)
def test_a_message_says_how_long_something_lasted(lasted: timedelta, said: str):
    message = message_of([UnsentChange(KAMO, NOON, ended_at=SINCE + lasted)], READER)

    assert message.subject == "[Energy Logger] KAMO is read again"
    assert f", {said}\n" in message.body


def test_one_message_lists_all_and_its_subject_stays_a_line():
    news = [
        *(
            UnsentChange(Alert(code, "kamo", "It is so.", SINCE), NOON)
            for code in AlertCode
        ),
        UnsentChange(TOKEN, NOON, ended_at=NOON),
    ]

    message = message_of(news, READER)

    begins = f"[Energy Logger] {len(AlertCode)} problems, 1 over: KAMO cannot be read; "
    assert message.subject.startswith(begins)
    assert len(message.subject) <= 170
    assert message.subject.endswith("…")
    assert message.body.count("What happens next: ") == len(news)


def test_a_single_problem_and_a_single_end_are_counted_as_such():
    news = [UnsentChange(KAMO, NOON), UnsentChange(TOKEN, NOON, ended_at=NOON)]

    assert message_of(news, READER).subject == (
        "[Energy Logger] 1 problem, 1 over: KAMO cannot be read; Amber accepts the key "
        "again"
    )
