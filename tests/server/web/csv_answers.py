"""Answers in CSV, strictly read."""

import csv
import io

from tests.server.web.conftest import Api

type Row = dict[str, str]


def read_csv(text: str) -> list[Row]:
    """Return the rows of a text whose first line names the columns."""
    return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))


async def csv_rows(api: Api, path: str) -> list[Row]:
    """Return the rows of an answer that must be a good one, in CSV."""
    answer = await api.ask(path)
    assert answer.status == 200, await answer.text()
    assert answer.content_type == "text/csv"
    return read_csv(await answer.text())


async def csv_export(api: Api, path: str) -> list[Row]:
    """Return the rows of an export, whose path goes on behind ``/api/export/``."""
    return await csv_rows(api, f"/api/export/{path}")
