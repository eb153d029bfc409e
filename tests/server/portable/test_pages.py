"""Rows are read page after page, in one order on both databases."""

from collections.abc import Iterable, Sequence
from io import BytesIO
from itertools import chain
from typing import Any

import pytest
from sqlalchemy import Column, LargeBinary, MetaData, Table

from energy_logger_server.portable.importing import import_store
from energy_logger_server.store.db.engine import store_url as address_of
from energy_logger_server.store.transfer.one_state import one_state
from energy_logger_server.store.transfer.read import Only, count_rows, pages
from energy_logger_server.store.transfer.tables import TABLES, TableShape, shape_of
from tests.server.portable.conftest import run_sql

MIXED = ("Zeta", "alpha", "Ä", "a-b", "a b", "a_b", "B", "é")
"""Sorted differently by almost every language."""


def flat(found: Iterable[Sequence[Any]]) -> list[Any]:
    return [*chain.from_iterable(found)]


@pytest.fixture
def both(filled_url: str, new_postgres_url: str, exported: bytes) -> tuple[str, str]:
    """Addresses of the same rows in both databases."""
    import_store(new_postgres_url, BytesIO(exported))
    values = ", ".join(f"('{name}', '{name}', 1)" for name in MIXED)
    for address in (filled_url, new_postgres_url):
        run_sql(address, "DELETE FROM setting", f"INSERT INTO setting VALUES {values}")
    return filled_url, new_postgres_url


def rows_of(address: str, table: TableShape, rows_at_once: int) -> list[Any]:
    with one_state(address_of(address)) as reader:
        found = [*pages(reader, table, rows_at_once=rows_at_once)]
    assert all(len(page) <= rows_at_once for page in found)
    return flat(found)


@pytest.mark.postgres
@pytest.mark.parametrize("name", ["setting", "answer_envelope", "price", "run"])
def test_short_pages_have_the_same_rows_in_the_same_order_as_one_long_one(both, name):
    (table,) = (one for one in TABLES if one.name == name)

    long = rows_of(both[0], table, 5_000)

    assert long
    for rows_at_once in (3, len(long)):
        for address in both:
            assert rows_of(address, table, rows_at_once) == long


def test_rows_can_be_chosen_by_name_or_left_out(filled_url):
    (table,) = (one for one in TABLES if one.name == "setting")
    some = ("AMBER_API_KEY", "UNHEARD_OF")

    with one_state(address_of(filled_url)) as reader:
        chosen, others = (
            [name for name, *_rest in flat(pages(reader, table, only, 1))]
            for only in (Only(some), Only(some, are_left_out=True))
        )
        counted = [
            count_rows(reader, table, only)
            for only in (None, Only(some), Only(some, are_left_out=True))
        ]

    assert chosen == [*some]
    assert others == ["POLL_INTERVAL_MINUTES"]
    assert counted == [3, 2, 1]


def test_a_column_of_a_type_that_no_export_knows_is_named():
    table = Table("new", MetaData(), Column("picture", LargeBinary, primary_key=True))

    with pytest.raises(TypeError, match=r"new\.picture has a type that no export"):
        shape_of(table)
