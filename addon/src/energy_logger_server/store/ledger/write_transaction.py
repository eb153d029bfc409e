"""What every write needs: connection, caches, run and instant."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Self

from sqlalchemy.engine import Connection

from energy_logger_server.api.nem import nem_date_at
from energy_logger_server.store.codec.instants import epoch_s

from .writer_caches import WriterCaches


@dataclass(frozen=True, slots=True)
class WriteTransaction:
    """The surroundings of one transaction.

    Attributes:
        connection: The writer's, inside its transaction.
        caches: Numbers of series, texts and substations.
        run_id: The run that brings the rows.
        fetched_at: Instant (UTC) of the answer: rows are known from then.
        known_at: The same in epoch seconds.
        today: NEM date of that instant.
    """

    connection: Connection
    caches: WriterCaches
    run_id: int
    fetched_at: datetime
    known_at: int
    today: date

    @classmethod
    def at(
        cls,
        connection: Connection,
        caches: WriterCaches,
        run_id: int,
        fetched_at: datetime,
    ) -> Self:
        """Return the surroundings of rows that were fetched at an instant."""
        return cls(
            connection=connection,
            caches=caches,
            run_id=run_id,
            fetched_at=fetched_at,
            known_at=epoch_s(fetched_at),
            today=nem_date_at(fetched_at),
        )

    @property
    def change_id(self) -> int:
        """Number of this transaction for the rows that it changes."""
        return self.caches.changes.number(self.known_at)
