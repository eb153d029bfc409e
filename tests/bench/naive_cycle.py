"""A KAMO cycle as somebody would write it first, and as a predecessor did.

A client of its own for each request, one request after the other; an object for each
row, looked for by a SELECT and then added; a commit for each area.
"""

import ssl
from datetime import datetime
from pathlib import Path
from time import process_time
from typing import Any

import aiohttp
from sqlalchemy import UniqueConstraint, create_engine, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column


class _Base(DeclarativeBase):
    pass


class _Reading(_Base):
    __tablename__ = "substation_snapshots"
    __table_args__ = (UniqueConstraint("area_id", "name", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    area_id: Mapped[int] = mapped_column(index=True)
    name: Mapped[str] = mapped_column(index=True)
    at: Mapped[datetime] = mapped_column(index=True)
    kw: Mapped[float]
    kvar: Mapped[float]
    pf: Mapped[float]


class _Load(_Base):
    __tablename__ = "load_data"
    __table_args__ = (UniqueConstraint("area_id", "label"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    area_id: Mapped[int] = mapped_column(index=True)
    label: Mapped[str] = mapped_column(index=True)
    load_kw: Mapped[float]


class NaiveCollector:
    """Collects so, into a database of its own.

    Args:
        database: Its file, made here.
        base_url: Of KAMO's API.
    """

    def __init__(self, database: Path, base_url: str) -> None:
        self._engine = create_engine(f"sqlite:///{database}")
        self._base_url = base_url
        _Base.metadata.create_all(self._engine)

    async def cycle(self, at: datetime) -> float:
        """Collect once; return the seconds of CPU time that it took."""
        start = process_time()
        for area in await self._get("area"):
            self._store_loads(area["id"], await self._get(f"areagrid/{area['id']}"))
            table = await self._get(f"arealoadtable/{area['id']}")
            self._store_readings(area["id"], at, table)
        return process_time() - start

    def close(self) -> None:
        """Close the database."""
        self._engine.dispose()

    async def _get(self, path: str) -> Any:
        context = ssl.create_default_context()
        connector = aiohttp.TCPConnector(ssl=context)
        async with (
            aiohttp.ClientSession(connector=connector) as session,
            session.get(f"{self._base_url}/{path}") as answer,
        ):
            return await answer.json(content_type=None) if answer.ok else {}

    def _store_loads(self, area_id: int, grid: Any) -> None:
        labels = grid.get("lineChartLabels", ())
        lines = grid.get("chartLineData", ())
        measured = lines[0]["data"] if lines else ()
        with Session(self._engine) as session:
            for label, load_kw in zip(labels, measured, strict=False):
                known = select(_Load).filter_by(area_id=area_id, label=label)
                if load_kw is not None and session.scalar(known) is None:
                    session.add(_Load(area_id=area_id, label=label, load_kw=load_kw))
            session.commit()

    def _store_readings(self, area_id: int, at: datetime, table: Any) -> None:
        with Session(self._engine) as session:
            for row in table.get("areaLoadData", ()):
                key = {"area_id": area_id, "name": row["name"], "at": at}
                if session.scalar(select(_Reading).filter_by(**key)) is None:
                    numbers = {name: row[name] for name in ("kw", "kvar", "pf")}
                    session.add(_Reading(**key, **numbers))
            session.commit()
