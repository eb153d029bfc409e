"""Records that are odd but valid, drawn by Hypothesis, and their way through JSON."""

import json
from decimal import Decimal
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from energy_logger_server.api.exact_json import loads
from tests.server.store.material import YESTERDAY, as_decimal, ends_of_day

EXAMPLES = settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)

MARK = "\ue000"
"""Around a number that is written without quotes; never in a text."""

texts = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters=MARK), max_size=12
)
key_texts = texts.filter(lambda text: text and "\x00" not in text)
numbers = (
    st.integers(-(10**6), 10**6)
    | st.integers(-(10**25), 10**25)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.decimals(-1000, 1000, allow_nan=False, allow_infinity=False, places=22)
    | st.sampled_from([0, 0.0, -0.0, 1, 1.0, True, 12.34567, 12.345678])
)
finite = numbers.filter(lambda value: not isinstance(value, bool))
values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | numbers | texts,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3)
    ),
    max_leaves=6,
)
unknown_fields = st.dictionaries(texts.map(lambda text: f"x{text}"), values, max_size=3)
tariffs: st.SearchStrategy[Any] = (
    st.none()
    | st.just({})
    | st.fixed_dictionaries(
        {},
        optional={
            "period": texts,
            "season": st.sampled_from(["summer", "nonSummer"]),
            "block": st.integers(1, 3) | st.just(1.0),
            "demandWindow": st.booleans() | st.just(1),
            "new": values,
        },
    )
)
bands = st.fixed_dictionaries({"min": finite, "max": finite})
advanced = st.fixed_dictionaries({"low": finite, "predicted": finite, "high": finite})


@st.composite
def intervals(draw, make, fields):
    """Return distinctly keyed records of YESTERDAY, each with odd but valid fields."""
    duration = draw(st.sampled_from([5, 15, 30]))
    ends = draw(
        st.lists(
            st.sampled_from(ends_of_day(YESTERDAY, duration)), unique=True, max_size=6
        )
    )
    records = []
    for end in ends:
        record = make(end, duration)
        record.update(draw(fields))
        record.update(draw(unknown_fields))
        for name in draw(st.sets(st.sampled_from(OPTIONAL), max_size=3)):
            record.pop(name, None)
        records.append(record)
    return records


OPTIONAL = (
    "date",
    "startTime",
    "nemTime",
    "renewables",
    "spotPerKwh",
    "spikeStatus",
    "descriptor",
    "tariffInformation",
)
odd_fields = {
    "perKwh": finite,
    "spotPerKwh": values,
    "renewables": numbers,
    "descriptor": texts | st.none() | st.integers(),
    "spikeStatus": st.sampled_from(["none", "spike", "unheard-of"]),
    "tariffInformation": tariffs,
    "startTime": st.sampled_from(["2026-01-03T00:00:00.500+00:00", "soon"]),
}
price_fields = st.fixed_dictionaries(
    {},
    optional={
        **odd_fields,
        "type": st.sampled_from(
            ["ActualInterval", "CurrentInterval", "ForecastInterval", "SettledInterval"]
        ),
        "channelType": st.sampled_from(["general", "feedIn", "controlledLoad"]),
        "estimate": st.booleans() | st.none(),
        "range": bands | st.none(),
        "advancedPrice": advanced | st.none(),
    },
)
usage_fields = st.fixed_dictionaries(
    {},
    optional={
        **odd_fields,
        "kwh": finite,
        "cost": finite | st.none(),
        "perKwh": finite | st.none(),
        "quality": st.sampled_from(["estimated", "billable", "guess\x00ed"]),
        "channelIdentifier": st.sampled_from(["E1", "B1"]),
        "channelType": st.sampled_from(["general", "feedIn"]),
    },
)
stations = st.lists(
    st.fixed_dictionaries(
        {"name": key_texts, "kw": finite},
        optional={
            "kvar": finite | st.none(),
            "pf": finite | st.none(),
            "quality": st.booleans() | st.none(),
            "qualityNow": values,
            "new": values,
        },
    ),
    max_size=5,
    unique_by=lambda station: station["name"],
)


def text_of(value):
    """JSON text with every digit, as upstream would send it."""

    def default(number: object) -> str:
        assert isinstance(number, Decimal)
        return f"{MARK}{number}{MARK}"

    text = json.dumps(value, default=default, ensure_ascii=False)
    return text.replace(f'"{MARK}', "").replace(f'{MARK}"', "")


def through_the_wire(records):
    """What a client would have parsed of these."""
    parsed = loads(text_of(records))
    assert isinstance(parsed, list)
    return parsed


def sorted_by_end(text: str) -> list[Any]:
    """Return the records of exact JSON, sorted by what identifies an interval."""
    return sorted(as_decimal(text), key=lambda item: (item["endTime"], repr(item)))
