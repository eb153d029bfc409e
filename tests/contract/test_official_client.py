"""The official Amber client reads from the mirror what it reads from Amber."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from itertools import chain
from typing import Any

import pytest
from amberelectric.api.amber_api import AmberApi
from amberelectric.exceptions import (
    ApiException,
    ForbiddenException,
    NotFoundException,
    ServiceException,
)
from amberelectric.models.current_interval import CurrentInterval

from energy_logger_simulator.amber.sites import SITE_A, SITE_B
from tests.contract.two_ends import (
    FIVE_MINUTES_FROM,
    TODAY,
    USAGE_DAYS,
    YEAR,
    YESTERDAY,
    End,
    World,
)

EIGHT_WEEKS = (TODAY - timedelta(days=56), YESTERDAY)
A_WEEK = timedelta(days=6)
ONE_DAY = timedelta(days=1)

type Asked = Callable[[AmberApi], Any]


def ask_both(world: World, question: Asked) -> tuple[Any, Any]:
    """Return the utility's answer and the mirror's."""
    return world.utilities.ask(question), world.mirror.ask(question)


def weeks(first: date, last: date) -> Iterator[tuple[date, date]]:
    """Return spans that Amber answers in one call."""
    while first <= last:
        yield first, min(first + A_WEEK, last)
        first += A_WEEK + ONE_DAY


def as_sent(
    end: End, path: str, channel: str, spans: Iterable[tuple[date, date]]
) -> list[Any]:
    """Return the records of answers, in one block for each channel as one answer has.

    What is equal as it was sent is equal as the client's objects, which take fifty
    times as long to make.

    Args:
        end: Who is asked.
        path: Of prices or usage.
        channel: The field that names a channel.
        spans: First and last day of each call.
    """
    blocks: dict[str, list[Any]] = {}
    for first, last in spans:
        for record in end.get(f"{path}?startDate={first}&endDate={last}"):
            blocks.setdefault(record[channel], []).append(record)
    return [*chain.from_iterable(blocks.values())]


def test_sites(world: World):
    sites, mirrored = ask_both(world, AmberApi.get_sites)

    assert [site.id for site in mirrored] == [SITE_A, SITE_B]
    assert mirrored == sites


@pytest.mark.timeout(180)
@pytest.mark.parametrize(
    ("site", "days", "count"),
    [
        (SITE_A, YEAR, 2 * 365 * 48),
        (SITE_B, EIGHT_WEEKS, 3 * (42 * 48 + 14 * 288)),
    ],
    ids=["a year of half hours", "eight weeks, half hours and five minutes"],
)
def test_prices_of_many_weeks_in_one_call(
    world: World, site: str, days: tuple[date, date], count: int
):
    assert (TODAY - FIVE_MINUTES_FROM).days == 14

    path, channel = f"/sites/{site}/prices", "channelType"
    sent = as_sent(world.utilities, path, channel, weeks(*days))

    assert as_sent(world.mirror, path, channel, [days]) == sent
    assert len(sent) == count


def test_the_client_reads_eight_weeks_in_one_call(world: World):
    mirrored = world.mirror.ask(lambda api: api.get_prices(SITE_A, *EIGHT_WEEKS))

    assert len(mirrored) == 2 * 56 * 48
    assert mirrored[0].actual_instance.nem_time.date() == EIGHT_WEEKS[0]


@pytest.mark.parametrize("site", [SITE_A, SITE_B], ids=["A", "B"])
def test_90_days_of_usage_in_one_call(world: World, site: str):
    mirrored = world.mirror.ask(lambda api: api.get_usage(site, *USAGE_DAYS))

    assert len({usage.var_date for usage in mirrored}) > 80
    path, channel = f"/sites/{site}/usage", "channelIdentifier"
    sent = as_sent(world.utilities, path, channel, weeks(*USAGE_DAYS))
    assert as_sent(world.mirror, path, channel, [USAGE_DAYS]) == sent
    assert len(mirrored) == len(sent)


@pytest.mark.parametrize("site", [SITE_A, SITE_B], ids=["A", "B"])
@pytest.mark.parametrize(
    "question",
    [
        lambda api, site: api.get_prices(site),
        lambda api, site: api.get_prices(site, start_date=YESTERDAY),
        lambda api, site: api.get_prices(site, end_date=TODAY + 2 * ONE_DAY),
        lambda api, site: api.get_current_prices(site),
        lambda api, site: api.get_current_prices(site, next=1, previous=1),
        lambda api, site: api.get_current_prices(site, next=500, previous=200),
        lambda api, site: api.get_usage(site, YESTERDAY, TODAY + ONE_DAY),
    ],
    ids=["today", "since yesterday", "to come", "now", "around", "far", "usage"],
)
def test_what_was_just_collected(
    world: World, site: str, question: Callable[[AmberApi, str], Any]
):
    sent, mirrored = ask_both(world, lambda api: question(api, site))

    assert mirrored == sent


def test_a_moment_later_there_is_still_a_current_price(world: World):
    world.clock.advance(150)  # site B's five minutes are over

    answer = world.mirror.ask(lambda api: api.get_current_prices(SITE_B, next=1))

    intervals = [one.actual_instance for one in answer]
    currents = [one for one in intervals if isinstance(one, CurrentInterval)]
    assert [one.channel_type for one in currents] == [
        one.channel_type for one in intervals[::2]
    ]
    assert all(one.estimate for one in currents)
    assert all(
        one.nem_time - timedelta(minutes=one.duration)
        <= world.clock.now()
        < one.nem_time
        for one in currents
    )


@pytest.mark.parametrize(
    ("question", "error"),
    [
        (lambda api: api.get_prices("nobody"), NotFoundException),
        (lambda api: api.get_current_prices("nobody"), NotFoundException),
        (lambda api: api.get_usage("nobody", TODAY, TODAY), NotFoundException),
        (lambda api: api.get_current_prices(SITE_A, next=2000, previous=49), None),
    ],
    ids=["prices", "current", "usage", "too many"],
)
def test_an_error_is_the_same_kind_of_error(
    world: World, question: Asked, error: type[ApiException] | None
):
    def failure(api: AmberApi) -> ApiException:
        with pytest.raises(error or ApiException) as caught:
            question(api)
        return caught.value

    sent, mirrored = ask_both(world, failure)

    assert (mirrored.status, type(mirrored)) == (sent.status, type(sent))


def test_a_wrong_key_is_refused_as_by_the_utility(world: World):
    for end in (world.utilities, world.mirror):
        stranger = End(end.amber_url, end.kamo_url, "not-the-key")

        with pytest.raises(ForbiddenException):
            stranger.ask(AmberApi.get_sites)


def test_without_updates_current_prices_are_not_available(world: World):
    world.clock.advance(601)

    def ask(api: AmberApi) -> ApiException:
        with pytest.raises(ServiceException) as caught:
            api.get_current_prices(SITE_A)
        return caught.value

    failure = world.mirror.ask(ask)

    assert failure.status == 503
    assert failure.headers is not None
    assert int(failure.headers["Retry-After"]) >= 1
    ranges = world.mirror.ask(lambda api: api.get_prices(SITE_A, YESTERDAY, YESTERDAY))
    assert len(ranges) == 2 * 48
