"""``/api/tables``: what is stored, as it is."""

import csv
import io
import json
from base64 import urlsafe_b64encode
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from energy_logger_server.domain.collecting.runs import Source, Trigger
from energy_logger_server.errors import QueryTooSlow
from energy_logger_server.store.schema.readable.tables import TABLES
from energy_logger_server.web.routes.tables import operations
from tests.server.web.answers import areas, grid, recording, table
from tests.server.web.conftest import Api

MIDNIGHT = datetime(2026, 1, 3, 6, tzinfo=UTC)


async def store_loads(api: Api, *loads: float) -> None:
    """Store loads of area 1, hourly."""
    hours = {
        MIDNIGHT + index * timedelta(hours=1): load for index, load in enumerate(loads)
    }
    await api.collector.run(areas(), grid(1, hours))


async def loads_of(api: Api, query: str) -> list[float]:
    """Return the loads that a page of the table shows."""
    answer = await api.get(f"/api/tables/loads?{query}")
    return [row["load_kw"] for row in answer["data"]]


async def test_the_list_names_every_table_and_how_many_rows_it_has(api: Api):
    await api.collector.run(*recording())

    listed = (await api.get("/api/tables"))["tables"]

    assert [one["name"] for one in listed] == list(TABLES)
    counts = {one["name"]: one["count"] for one in listed if one["count"]}
    assert counts == {
        "loads": 108,
        "substation_readings": 164,
        "areas": 20,
        "substations": 164,
        "runs": 1,
        "ledger_days": counts["ledger_days"],
    }
    assert {one["name"] for one in listed if one["count_is_estimate"]} == {
        "loads",
        "substation_readings",
        "prices",
        "usage_intervals",
    }
    assert listed[0]["columns"][0] == {"name": "area_id", "type": "number"}


async def test_a_page_shows_the_newest_rows_and_what_they_are(api: Api):
    await store_loads(api, 10.5, 0)

    assert await api.get("/api/tables/loads?limit=1&columns=hour_at,area,load_kw") == {
        "table": "loads",
        "columns": ["hour_at", "area", "load_kw"],
        "column_types": {"hour_at": "time", "area": "text", "load_kw": "number"},
        "data": [{"hour_at": "2026-01-03T07:00:00Z", "area": "OZEC", "load_kw": 0.0}],
        "total": 2,
        "total_is_estimate": True,
        "limit": 1,
        "offset": 0,
        "sort_by": "hour_at",
        "sort_order": "desc",
        "truncated": True,
        "cursor": (await api.get("/api/tables/loads?limit=1"))["cursor"],
    }


@pytest.mark.parametrize("path", ["/api/tables", "/api/tables/loads"])
async def test_tables_need_the_key(api: Api, path: str):
    status, error = await api.error(path, key=None)

    assert (status, error["code"]) == (401, "missing_api_key")


@pytest.mark.parametrize(
    "name", ["setting", "settings", "store_meta", "alembic_version", "sqlite_master"]
)
async def test_what_is_not_in_the_list_cannot_be_seen(api: Api, name: str):
    status, error = await api.error(f"/api/tables/{name}")

    assert (status, error["code"]) == (404, "unknown_name")


async def test_pages_lead_on_in_any_order_and_keep_what_was_asked(api: Api):
    await store_loads(api, 14, 11, 12, 13, 10, 99)

    pages = await api.pages(
        "/api/tables/loads?limit=2&sort_by=load_kw&sort_order=asc&load_kw__lt=50&load_kw__gt=1"
    )

    assert [[row["load_kw"] for row in page["data"]] for page in pages] == [
        [10, 11],
        [12, 13],
        [14],
    ]
    assert [page["truncated"] for page in pages] == [True, True, False]


@pytest.mark.parametrize("form", ["csv", "ndjson"])
async def test_pages_lead_on_in_every_format(api: Api, form: str):
    await store_loads(api, 10, 11, 12)
    path = f"/api/tables/loads?limit=2&columns=load_kw&format={form}"
    answers = [await api.ask(path)]
    while (following := await api.follow(answers[-1])) is not None:
        answers.append(following)

    found: list[str] = []
    for answer in answers:
        text = await answer.text()
        if form == "csv":
            found += [row["load_kw"] for row in csv.DictReader(io.StringIO(text))]
        else:
            found += [str(json.loads(line)["load_kw"]) for line in text.splitlines()]
    assert found == ["12.0", "11.0", "10.0"]


async def test_csv_quotes_names_with_commas(api: Api):
    rows = {'North, "old"': (1.0, 2.0, 0.5)}
    await api.collector.run(areas(), table(1, MIDNIGHT, rows))

    answer = await api.ask("/api/tables/substations?columns=name,area&format=csv")

    assert answer.content_type == "text/csv"
    assert await answer.text() == 'name,area\r\n"North, ""old""",OZEC\r\n'


async def test_a_value_may_hold_commas_and_quotes(api: Api):
    rows = {'North, "old"': (1.0, 2.0, 0.5), "South": (1.0, 2.0, 0.5)}
    await api.collector.run(areas(), table(1, MIDNIGHT, rows))

    params = {"name": 'North, "old"', "area__contains": "oze", "name__ne": ""}
    answer = await api.get("/api/tables/substations", params=params)

    assert [row["name"] for row in answer["data"]] == ['North, "old"']


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ("hour_at__gte=2026-01-03T08:00:00Z", [13.0, 12.0]),
        ("hour_at__gte=2026-01-03T02:00:00-06:00", [13.0, 12.0]),
        ("hour_at__gte=2026-01-03T08:00:00+00:00", [13.0, 12.0]),
        ("hour_at__lt=2026-01-03T07:00", [10.0]),
        ("hour_at__gte=2026-01-04", []),
        ("hour_at__in=2026-01-03T07:00Z,2026-01-03T06:00Z", [11.0, 10.0]),
        ("hour_at__ne=2026-01-03T07:00:00Z&load_kw__lte=12.0", [12.0, 10.0]),
        ("is_settled=true&area_id=1&load_kw__ne=12", [13.0, 11.0, 10.0]),
        ("is_settled__ne=false&load_kw__exact=12", [12.0]),
        ("is_settled=false", []),
        ("area=", []),
        ("area__ne=", [13.0, 12.0, 11.0, 10.0]),
        ("area__isnull=true", []),
        ("area__isnull=false", [13.0, 12.0, 11.0, 10.0]),
        ("load_kw__gt=-3", [13.0, 12.0, 11.0, 10.0]),
        ("load_kw__in=12,10.0,7.5", [12.0, 10.0]),
        ("load_kw__ne=12&load_kw__ne=10", [13.0, 11.0]),
        ("load_kw=12&load_kw=10", []),
    ],
)
async def test_rows_are_filtered(api: Api, filters: str, expected: list[float]):
    await store_loads(api, 10, 11, 12, 13)

    answer = await api.get(f"/api/tables/loads?{filters}")

    assert [row["load_kw"] for row in answer["data"]] == expected
    assert (answer["total"], answer["total_is_estimate"]) == (len(expected), False)


async def test_rows_without_a_value_fulfil_no_comparison(api: Api):
    await api.collector.run(*recording())
    await api.store.begin_run(Source.KAMO, Trigger.TICK, 5)

    async def runs(query: str) -> list[int]:
        return [
            row["id"] for row in (await api.get(f"/api/tables/runs?{query}"))["data"]
        ]

    assert await runs("finished_at__isnull=true") == [2]
    assert await runs("finished_at__isnull=false") == [1]
    assert await runs("finished_at__ne=2020-01-01") == [1]
    assert await runs("finished_at__gte=1970-01-01") == [1]


async def test_a_column_called_like_another_parameter_is_filtered_by_exact(
    api: Api, monkeypatch: pytest.MonkeyPatch
):
    await store_loads(api, 10, 11, 12)
    loads = TABLES["loads"]
    named_limit = tuple(
        replace(column, name="limit") if column.name == "load_kw" else column
        for column in loads.columns
    )
    monkeypatch.setattr(
        operations, "TABLES", {"loads": replace(loads, columns=named_limit)}
    )

    answer = await api.get("/api/tables/loads?limit=2&limit__exact=11&columns=limit")

    assert (answer["limit"], answer["data"]) == (2, [{"limit": 11.0}])


@pytest.mark.parametrize("name", TABLES)
def test_no_column_is_called_like_another_parameter_or_like_a_filter(name: str):
    (operation,) = [one for one in operations.table_operations() if one.filters]
    names = set(TABLES[name].by_name)

    assert not names & {str(parameter) for parameter in operation.query.schema}
    assert not [one for one in names if "__" in one]


async def test_days_are_filtered_by_date(api: Api):
    await store_loads(api, 10)

    answer = await api.get("/api/tables/ledger_days?day=2026-01-03&kind=load")

    assert [row["day"] for row in answer["data"]] == ["2026-01-03"]


@pytest.mark.parametrize(
    ("query", "code", "parameter"),
    [
        ({"sort_by": "nothing"}, "unknown_column", "sort_by"),
        ({"columns": "area,nothing"}, "unknown_column", "columns"),
        ({"cursor": "AAAA"}, "contradiction", "cursor"),
        ({"cursor": "e30"}, "invalid_parameter", "cursor"),
        ({"cursor": "W10x"}, "contradiction", "cursor"),
        ({"cursor": "e30g"}, "contradiction", "cursor"),
    ],
    ids=str,
)
async def test_what_the_table_cannot_answer_is_named(
    api: Api, query: dict[str, str], code: str, parameter: str
):
    status, error = await api.error("/api/tables/loads", params=query)

    assert (error["code"], error["parameter"]) == (code, parameter)
    assert status == (400 if code == "invalid_parameter" else 422)


@pytest.mark.parametrize(
    "query",
    [
        {"limit": "0"},
        {"limit": "1001"},
        {"offset": "-1"},
        {"offset": "100001"},
        {"sort_by": "load_kw; DROP TABLE load"},
        {"columns": "*"},
        {"sort_order": "up"},
        {"format": "xml"},
    ],
    ids=str,
)
async def test_malformed_parameters_are_refused_by_name(
    api: Api, query: dict[str, str]
):
    status, error = await api.error("/api/tables/loads", params=query)

    assert (status, error["code"]) == (400, "invalid_parameter")
    assert error["parameter"] in query


LOADS_COLUMNS = "area_id, area, hour_at, load_kw, is_settled, known_at, run_id"
FURTHER = "columns, cursor, format, limit, offset, raw, sort_by, sort_order"
NO_COLUMN = (
    f"is not a column of loads, allowed: {LOADS_COLUMNS}; other parameters: {FURTHER}"
)
NO_TIME = (
    "must be a date such as 2026-01-04, or an ISO time such as "
    "2026-01-04T03:00:00-06:00"
)
ORDERED = "exact ne isnull gt gte lt lte in"


def operators(column: str, names: str) -> str:
    """Return how a column can be filtered, as errors say it."""
    return ", ".join([column, *(f"{column}__{name}" for name in names.split())])


@pytest.mark.parametrize(
    ("query", "message"),
    [
        (
            "nothing=1",
            f"nothing {NO_COLUMN}",
        ),
        (
            "where=load_kw",
            f"where {NO_COLUMN}",
        ),
        (
            "load_kw__like=1",
            "load_kw__like has an unknown operator, allowed: "
            + operators("load_kw", ORDERED),
        ),
        (
            "load_kw__=1",
            "load_kw__ has an unknown operator, allowed: "
            + operators("load_kw", ORDERED),
        ),
        (
            "load_kw__contains=1",
            "load_kw__contains has an unknown operator, allowed: "
            + operators("load_kw", ORDERED),
        ),
        (
            "is_settled__gt=true",
            "is_settled__gt has an unknown operator, allowed: "
            + operators("is_settled", "exact ne isnull"),
        ),
        ("load_kw=high", "load_kw must be a number such as 12.5"),
        ("load_kw__gte=1e5", "load_kw__gte must be a number such as 12.5"),
        ("load_kw__in=1,", "load_kw__in must be a number such as 12.5"),
        ("load_kw__gt=", "load_kw__gt must be a number such as 12.5"),
        ("is_settled=1", "is_settled must be true or false"),
        ("area__isnull=", "area__isnull must be true or false"),
        ("area=a%00b", "area must not contain a NUL character"),
        (
            "hour_at=today",
            f"hour_at {NO_TIME}",
        ),
        (
            "&".join(["area=1"] * 20) + "&load_kw=1",
            "load_kw is one filter too many: not more than 20",
        ),
        (
            "area_id__in=" + ",".join(["1"] * 101),
            "area_id__in must not have more than 100 values",
        ),
        ("area=1&limit=5&limit=6", "limit is given twice"),
    ],
    ids=lambda text: text[:40],
)
async def test_a_filter_that_cannot_be_is_named_with_what_is_allowed(
    api: Api, query: str, message: str
):
    status, error = await api.error(f"/api/tables/loads?{query}")

    assert (status, error["code"]) == (400, "invalid_parameter")
    assert error["message"] == message
    assert error["parameter"] == message.split(" ", 1)[0]


async def test_a_date_that_is_none_is_refused(api: Api):
    status, error = await api.error("/api/tables/ledger_days?day=2026-02-30")

    assert (status, error["parameter"]) == (400, "day")


async def test_pages_lead_on_through_rows_without_a_value(api: Api):
    for _number in range(3):
        await api.store.begin_run(Source.KAMO, Trigger.TICK, 5)

    pages = await api.pages("/api/tables/runs?limit=1&sort_by=finished_at")

    assert [page["data"][0]["id"] for page in pages] == [3, 2, 1]


async def test_a_table_without_rows_has_an_empty_page(api: Api):
    answer = await api.get("/api/tables/prices")

    assert (answer["data"], answer["total"], answer["cursor"]) == ([], 0, None)


async def test_a_cursor_holds_only_for_its_own_order(api: Api):
    await store_loads(api, 10, 11, 12)
    cursor = (await api.get("/api/tables/loads?limit=1&sort_by=area"))["cursor"]

    for query in ("", "&sort_by=area&sort_order=asc", "&sort_by=area&offset=1"):
        status, error = await api.error(f"/api/tables/loads?cursor={cursor}{query}")
        assert (status, error["code"]) == (422, "contradiction")
    assert await loads_of(api, f"cursor={cursor}&sort_by=area") == [11.0, 10.0]


@pytest.mark.parametrize(
    ("sort", "values"),
    [
        ("area", [1, 2, 3]),
        ("area", ["a\0", 2, 3]),
        ("area", ["a", 2.5, 3]),
        ("area", ["a", True, 3]),
        ("area", ["a", 2]),
        ("load_kw", ["a", 2, 3]),
        ("load_kw", [True, 2, 3]),
        ("load_kw", [2**62 + 1, 2, 3]),
        ("hour_at", [2**63, 3]),
        ("is_settled", [1, 2, 3]),
    ],
    ids=str,
)
async def test_a_made_up_cursor_is_refused(api: Api, sort: str, values: list[Any]):
    made = json.dumps([f"tables/loads/{sort}/desc", *values]).encode()
    cursor = urlsafe_b64encode(made).decode().rstrip("=")

    status, error = await api.error(f"/api/tables/loads?sort_by={sort}&cursor={cursor}")

    assert (status, error["code"]) == (422, "contradiction")


async def test_offsets_pass_rows_over(api: Api):
    await store_loads(api, 10, 11, 12)

    assert await loads_of(api, "limit=1&offset=1") == [11.0]
    assert await loads_of(api, "offset=5") == []


async def test_a_search_that_takes_too_long_says_how_to_narrow_it(
    api: Api, monkeypatch: pytest.MonkeyPatch
):
    def give_up(*_asked: Any) -> None:
        raise QueryTooSlow(5)

    monkeypatch.setattr(operations, "table_page", give_up)

    status, error = await api.error("/api/tables/loads?sort_by=load_kw")

    assert (status, error["code"]) == (422, "too_slow")
    assert "by hour_at__gte=2026-01-01, or" in error["message"]
    _status, error = await api.error("/api/tables/runs")
    assert "by id__gte=1, or" in error["message"]


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        ("cooperatives", "areas"),
        ("load_data", "loads"),
        ("substation_snapshots", "substation_readings"),
        ("import_log", "runs"),
    ],
)
async def test_tables_have_the_predecessors_names_too(api: Api, theirs: str, ours: str):
    await api.collector.run(*recording())

    page = await api.get(f"/api/tables/{theirs}?limit=3")

    assert page == await api.get(f"/api/tables/{ours}?limit=3")
    assert page["data"]
