"""A SELECT of a reader's own making, on both databases."""

from typing import Any

import pytest

from energy_logger_server.errors import QueryTooSlow, QueryUnusable
from energy_logger_server.store import Store
from energy_logger_server.store.browse.reader_sql import SelectedRows, select_rows
from tests.server.store.material import (
    YESTERDAY,
    ends_of_day,
    price,
    prices_read,
    site,
    sites_read,
    write,
)

SECRET = "psk_" + "5" * 32
ENDLESS = (
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)"
    " SELECT max(i) FROM n"
)


async def _select(store: Store, sql: str, **limits: Any) -> SelectedRows:
    bounds = {"most_rows": 100, "limit_s": 30.0, **limits}
    return await store.read(select_rows, sql, **bounds)


async def _refused(store: Store, sql: str) -> str:
    with pytest.raises(QueryUnusable) as refused:
        await _select(store, sql)
    message = str(refused.value)
    assert "\n" not in message
    return message


async def test_a_view_is_read_in_natural_units_with_times_that_name_their_zone(
    store: Store,
):
    ends = ends_of_day(YESTERDAY, 30)
    prices = [price(end, cents=20.5) for end in ends[:3]]
    await write(store, sites_read(site()), prices_read(prices))

    found = await _select(
        store,
        "-- the newest\nSELECT channel_type, ends_at, nem_time, price_cents_per_kwh"
        " FROM prices ORDER BY ends_at;",
        most_rows=2,
    )

    assert found.columns == (
        "channel_type",
        "ends_at",
        "nem_time",
        "price_cents_per_kwh",
    )
    assert found.rows[0] == (
        "general",
        "2026-01-02T14:30:00Z",
        "2026-01-03T00:30:00+10:00",
        20.5,
    )
    assert len(found.rows) == 2
    assert found.is_cut


async def test_every_kind_of_value_can_be_printed(store: Store):
    found = await _select(
        store,
        "SELECT 1 AS one, 0.5 AS half, NULL AS none_at_all, 'a' AS text,"
        " 100 * 1.0 AS whole, '50%' AS percent, ':name' AS colon",
    )

    assert found.rows == ((1, 0.5, None, "a", 100, "50%", ":name"),)
    assert not found.is_cut


@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM run",
        "PRAGMA query_only = OFF",
        "SET TRANSACTION READ WRITE",
        "ATTACH DATABASE 'other.db' AS other",
        "CREATE TABLE mine (a INTEGER)",
        "/* SELECT */ DROP TABLE run",
        "EXPLAIN ANALYZE SELECT 1",
        "",
    ],
)
async def test_nothing_but_a_select_is_run(store: Store, sql: str):
    assert await _refused(store, sql) == (
        "only a SELECT can be run: nothing can be changed here"
    )


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT 1; DELETE FROM area",
        "WITH x AS (SELECT 1) DELETE FROM area",
        "WITH x AS (DELETE FROM area RETURNING id) SELECT * FROM x",
    ],
)
async def test_no_write_hides_in_a_select(store: Store, sql: str):
    await _refused(store, sql)


async def test_saved_settings_are_no_table_to_read(store: Store):
    await store.change_settings({"AMBER_API_KEY": SECRET})

    for sql in (
        "SELECT * FROM setting",
        'SELECT count(*) FROM "setting" s JOIN run r ON r.id < 0',
        "WITH s AS (SELECT value FROM SETTING) SELECT * FROM s",
    ):
        message = await _refused(store, sql)

        assert "it holds secrets" in message
        assert SECRET not in message


async def test_what_does_not_exist_is_named_with_what_does(store: Store):
    table = await _refused(store, "SELECT * FROM pricez")
    column = await _refused(store, "SELECT prize FROM prices")
    syntax = await _refused(store, "SELECT FROM WHERE")

    assert "pricez" in table
    assert "; there are ledger_days, " in table
    assert " usage_intervals" in table
    assert "prize" in column
    assert column.endswith("; SELECT * shows a table's columns")
    assert "syntax error" in syntax


async def test_a_select_that_takes_too_long_is_given_up_and_the_next_one_runs(
    store: Store,
):
    with pytest.raises(QueryTooSlow):
        await _select(store, ENDLESS, limit_s=0.05)

    assert (await _select(store, "SELECT 7 AS n")).rows == ((7,),)
    # other reads are free again of what holds for readers' own queries
    assert await store.sites() == ()
