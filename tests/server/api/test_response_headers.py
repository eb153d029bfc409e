"""Headers may be missing, garbled or in any case; none of it breaks anything."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from energy_logger_server.api.response_headers import (
    LONGEST_WAIT_S,
    CallLimits,
    read_call_limits,
    read_http_date,
    read_retry_delay_s,
    read_server_time,
)

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
AMBER = {
    "RateLimit-Limit": "50",
    "RateLimit-Remaining": "0",
    "RateLimit-Reset": "300",
    "RateLimit-Policy": "50;w=300",
}
NAMES = st.sampled_from([*AMBER, "Retry-After", "Date", "Last-Modified"])


def test_the_limits_that_amber_sends_are_read():
    assert read_call_limits(AMBER) == CallLimits(50, 300, 0, 300)


@pytest.mark.parametrize("change", [str.lower, str.upper], ids=["lower", "upper"])
def test_the_case_of_a_header_does_not_matter(change):
    headers = {change(name): text for name, text in AMBER.items()}

    assert read_call_limits(headers) == CallLimits(50, 300, 0, 300)


def test_no_headers_say_nothing():
    assert read_call_limits({}) == CallLimits(None, None, None, None)


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        pytest.param(
            {"RateLimit-Limit": "50, 50;w=300"},
            CallLimits(50, None, None, None),
            id="limit-with-policy",
        ),
        pytest.param(
            {"RateLimit-Policy": "60 ; w = 120, 1000;w=3600"},
            CallLimits(60, 120, None, None),
            id="only-the-policy",
        ),
        pytest.param(
            {"RateLimit-Limit": "0", "RateLimit-Policy": "0"},
            CallLimits(None, None, None, None),
            id="a-limit-of-none",
        ),
        pytest.param(
            {"RateLimit-Reset": "1772366400", "RateLimit-Policy": "5;w=99999"},
            CallLimits(5, None, None, None),
            id="no-span-of-seconds",
        ),
        pytest.param(
            dict.fromkeys(AMBER, "-3"), CallLimits(None, None, None, None), id="minus"
        ),
        pytest.param(
            dict.fromkeys(AMBER, "٣"),
            CallLimits(None, None, None, None),
            id="digits-of-another-script",
        ),
    ],
)
def test_what_is_garbled_reads_as_unknown(headers, expected):
    assert read_call_limits(headers) == expected


@pytest.mark.parametrize(
    ("headers", "delay_s"),
    [
        pytest.param({"RateLimit-Reset": "0"}, 1, id="never-at-once"),
        pytest.param({"Retry-After": "99999"}, LONGEST_WAIT_S, id="never-for-hours"),
        pytest.param(
            {"Retry-After": "Sun, 01 Mar 2026 12:00:40 GMT"}, 40, id="our-clock"
        ),
        pytest.param(
            {"Retry-After": "Sun, 01 Mar 2026 11:00:00 GMT"}, 1, id="long-over"
        ),
        pytest.param({"Retry-After": "later"}, None, id="garbled"),
        pytest.param({}, None, id="nothing"),
    ],
)
def test_the_wait_that_a_429_asks_for_stays_within_bounds(headers, delay_s):
    assert read_retry_delay_s(headers, NOW) == delay_s


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("Sun, 01 Mar 2026 12:00:00 GMT", NOW),
        ("Sun, 01 Mar 2026 22:00:00 +1000", NOW),
        ("Sun, 01 Mar 2026 12:00:00 -0000", NOW),
        ("2026-03-01", None),
        ("Sun, 99 Mar 2026 12:00:00 GMT", None),
        ("Fri, 31 Dec 9999 23:00:00 -1000", None),
        ("", None),
        (None, None),
    ],
)
def test_a_date_is_an_instant_or_nothing(text, instant):
    assert read_http_date(text) == instant


@pytest.mark.parametrize(
    ("headers", "instant"),
    [
        pytest.param({"date": "Sun, 01 Mar 2026 12:00:00 GMT"}, NOW, id="fresh"),
        pytest.param(
            {"Date": "Sun, 01 Mar 2026 11:50:00 GMT", "Age": "600"}, NOW, id="cached"
        ),
        pytest.param(
            {"Date": "Sun, 01 Mar 2026 12:00:00 GMT", "Age": "old"}, NOW, id="garbled"
        ),
        pytest.param(
            {"Date": "Fri, 31 Dec 9999 23:59:00 GMT", "Age": "600"}, None, id="no-year"
        ),
        pytest.param({"Date": "today"}, None, id="no-date"),
        pytest.param({"Age": "600"}, None, id="nothing"),
    ],
)
def test_the_senders_clock_is_its_date_and_how_long_a_cache_had_it(headers, instant):
    assert read_server_time(headers) == instant


@given(st.dictionaries(NAMES, st.text(max_size=40)))
def test_no_header_breaks_the_reading(headers):
    limits = read_call_limits(headers)
    delay_s = read_retry_delay_s(headers, NOW)

    assert limits.limit is None or limits.limit >= 1
    assert delay_s is None or 1 <= delay_s <= LONGEST_WAIT_S
