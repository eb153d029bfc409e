"""What all tables share: metadata, column types, tables without a hidden rowid."""

from typing import Any

from sqlalchemy import BigInteger, Column, Integer, MetaData, Table, text
from sqlalchemy.schema import SchemaItem

METADATA = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ix": "ix_%(table_name)s_%(column_0_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
    }
)

# SQLite: an alias of the rowid must be INTEGER to the letter
ROW_ID = BigInteger().with_variant(Integer, "sqlite")


def keyed_table(name: str, *items: SchemaItem) -> Table:
    """Return a table that SQLite stores in the order of its primary key.

    Without a rowid a row costs no second index, and rows of one key prefix share
    pages: what one cycle writes stays together on an SD card.
    """
    return Table(name, METADATA, *items, sqlite_with_rowid=False)


def key(name: str, *constraints: Any) -> Column[int]:
    """Return an integer column of a primary key that nobody counts up."""
    return Column(name, BigInteger, *constraints, primary_key=True, autoincrement=False)


def number(name: str, *, nullable: bool = False) -> Column[int]:
    """Return a column for a scaled integer."""
    return Column(name, BigInteger, nullable=nullable)


def count(name: str) -> Column[int]:
    """Return a column of counts, 0 in rows from before there was one."""
    return Column(name, BigInteger, nullable=False, server_default=text("0"))


def change_id() -> Column[int]:
    """Return the column for the write transaction that last changed a row.

    Its numbers grow in the order of commits, those of runs do not: a run commits
    several times, and runs of two sources overlap. 0: before there were numbers.
    """
    return Column("change_id", BigInteger, nullable=False, server_default=text("0"))


def missing_from_lists() -> tuple[Column[Any], Column[Any]]:
    """Return the columns that say how long upstream's list has lacked something.

    Since when (epoch seconds; null while it is listed), and in how many good lists
    since then.
    """
    return (
        number("missing_since", nullable=True),
        Column("missing_readings", Integer, nullable=False, server_default=text("0")),
    )
