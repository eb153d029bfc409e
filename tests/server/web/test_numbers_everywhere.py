"""The same digits wherever a number is answered: histories, tables, exports, sheets."""

import re
from typing import Any

import pytest

from tests.server.store.material import (
    SITE_ID,
    TODAY,
    YESTERDAY,
    ends_of_day,
    price,
    prices_read,
    usage,
    usage_read,
)
from tests.server.web.amber_answers import store
from tests.server.web.answers import as_written
from tests.server.web.conftest import KEY, Api
from tests.server.web.csv_answers import read_csv
from tests.server.web.read_workbook import read_workbook

_EXPONENT = re.compile(r"(?<![\w.\"])-?\d+(\.\d+)?[eE][-+]?\d")
_NEGATIVE_ZERO = re.compile(r"(?<![\w.\"])-0(\.0+)?(?![\d.])")
_LISTS = ("data", "prices")


@pytest.fixture
async def odd(api: Api) -> Api:
    """A store of the smallest amounts, of noughts with a sign, and of large numbers."""
    ends = ends_of_day(YESTERDAY, 30)
    await store(
        api,
        usage_read(
            [
                usage(ends[0], cost=0.0001, perKwh=0.00001, spotPerKwh=-0.0),
                usage(ends[1], cost=-0.0001, kwh=1e-7, channelType="feedIn"),
                usage(ends[2], cost=1.5e-9, kwh=123456789.123, renewables=1e-6),
                usage(ends[3], cost=-0.0, kwh=-0.0, perKwh=1e16, renewables=-0.0),
            ],
            (YESTERDAY, YESTERDAY),
        ),
        prices_read(
            [
                price(end, cents=cents, spotPerKwh=cents, channelType=kind)
                for kind in ("general", "feedIn")
                for end, cents in zip(
                    ends_of_day(TODAY, 30), (1e-5, 1e-9, -0.0, 2e17, 7), strict=False
                )
            ]
        ),
    )
    return api


def rows_of(form: str, text: str) -> list[dict[str, str]]:
    """Rows with numbers as they are written; null is an empty text."""
    if form == "csv":
        return read_csv(text)
    return [
        {name: "" if value is None else str(value) for name, value in row.items()}
        for row in _objects(form, text)
    ]


def _objects(form: str, text: str) -> list[dict[str, Any]]:
    if form == "ndjson":
        return [as_written(line) for line in text.splitlines()]
    whole = as_written(text)
    return next(whole[name] for name in _LISTS if name in whole)


@pytest.mark.parametrize("form", ["csv", "json", "ndjson"])
@pytest.mark.parametrize(
    "path",
    [
        f"/api/usage/history/{SITE_ID}",
        f"/api/prices/history/{SITE_ID}",
        f"/api/costs/daily/{SITE_ID}",
        f"/api/export/usage/{SITE_ID}",
        f"/api/export/prices/{SITE_ID}",
        f"/api/export/costs/{SITE_ID}",
        "/api/tables/usage_intervals",
        "/api/tables/prices",
    ],
)
async def test_nothing_has_an_exponent_or_a_negative_zero(
    odd: Api, path: str, form: str
):
    odd.clock.advance(86_400)

    text = await (await odd.ask(f"{path}?format={form}")).text()

    assert rows_of(form, text)
    assert not _EXPONENT.search(text)
    assert not _NEGATIVE_ZERO.search(text)


@pytest.mark.parametrize(("kind", "count"), [("usage", 4), ("prices", 10)])
async def test_a_history_and_every_export_have_the_same_digits(
    odd: Api, kind: str, count: int
):
    odd.clock.advance(86_400)
    texts = {
        form: rows_of(
            form,
            await (await odd.ask(f"/api/export/{kind}/{SITE_ID}?format={form}")).text(),
        )
        for form in ("csv", "json", "ndjson")
    }
    history = await odd.ask(f"/api/{kind}/history/{SITE_ID}?format=csv")
    async with odd.client.get(
        f"/api/export/{kind}/{SITE_ID}?format=xlsx", headers={"X-API-Key": KEY}
    ) as answer:
        sheet = read_workbook(await answer.read())[kind]

    as_json = [_flags_of_csv(row) for row in texts["json"]]
    assert as_json == [_flags_of_csv(row) for row in texts["ndjson"]] == texts["csv"]
    assert _sorted(rows_of("csv", await history.text())) == _sorted(texts["csv"])
    money = f"{'cost' if kind == 'usage' else 'price'}_aud"
    [title] = [name for name in map(str, sheet.rows[0]) if name.startswith(money)]
    [column] = [name for name in texts["csv"][0] if name.startswith(money)]
    assert [row[title] for row in sheet.table] == [
        float(row[column]) for row in texts["csv"]
    ]
    assert len(sheet.table) == count


@pytest.mark.parametrize(
    ("path", "numbers"),
    [
        ("/api/usage/history", {"energy_kwh", "cost_aud"}),
        ("/api/prices/history", {"price_aud_per_kwh"}),
        ("/api/costs/daily", {"energy_kwh", "cost_aud", "cost_cents"}),
    ],
)
async def test_what_a_history_tells_in_json_has_the_digits_of_its_csv(
    api: Api, path: str, numbers: set[str]
):
    ends = ends_of_day(YESTERDAY, 30)
    await store(
        api,
        usage_read(
            [
                usage(ends[0], cost=100, kwh=1, perKwh=100, spotPerKwh=200),
                usage(ends[1], cost=250, kwh=2.5, perKwh=100, spotPerKwh=-100),
            ],
            (YESTERDAY, YESTERDAY),
        ),
        prices_read(
            [
                price(end, cents=cents, spotPerKwh=cents)
                for end, cents in zip(ends, (100, 0, -300, 12.5), strict=False)
            ]
        ),
    )
    api.clock.advance(86_400)

    texts = {
        form: await (await api.ask(f"{path}/{SITE_ID}?format={form}")).text()
        for form in ("csv", "json", "ndjson")
    }
    in_csv = rows_of("csv", texts["csv"])

    for form in ("json", "ndjson"):
        # costs have the registers of a day below it
        in_json = [
            row.get("registers", [row])[0] for row in _objects(form, texts[form])
        ]
        both = numbers.intersection(in_json[0])
        assert both == numbers.intersection(in_csv[0]) == numbers
        assert [{name: row[name] for name in both} for row in in_json] == [
            {name: row[name] for name in both} for row in in_csv
        ]


def _flags_of_csv(row: dict[str, str]) -> dict[str, str]:
    return {
        name: value.lower() if value in ("True", "False") else value
        for name, value in row.items()
    }


def _sorted(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    return sorted(rows, key=lambda row: (row["ends_at"], row["channel_type"]))
