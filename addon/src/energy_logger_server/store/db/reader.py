"""What a read gets, and how a read function says that it is bounded."""

from collections.abc import Callable
from functools import update_wrapper
from typing import Concatenate, Protocol

from sqlalchemy.engine import Dialect
from sqlalchemy.pool import PoolProxiedConnection


class Reader(Protocol):
    """A connection inside a transaction: all reads on it see one state of the store.

    SQLAlchemy's connection is one. Who only hands it on to read functions, as the web
    does, needs nothing of SQLAlchemy.
    """

    @property
    def dialect(self) -> Dialect:
        """Of the database, to compile queries for."""
        ...

    @property
    def connection(self) -> PoolProxiedConnection:
        """The driver's connection."""
        ...


class BoundedRead[**P, Result]:
    """A read function that finds at most 1,000 rows, by their key.

    ``Store.read`` runs it in place on SQLite, where a hop to a thread costs more than
    the read.
    """

    def __init__(
        self,
        function: Callable[Concatenate[Reader, P], Result],
        condition: Callable[P, bool] | None = None,
    ) -> None:
        """Use ``bounded`` or ``bounded_if``."""
        self._function = function
        self._condition = condition
        update_wrapper(self, function)

    def __call__(self, reader: Reader, *args: P.args, **kwargs: P.kwargs) -> Result:
        """Read."""
        return self._function(reader, *args, **kwargs)

    def is_bounded(self, *args: P.args, **kwargs: P.kwargs) -> bool:
        """Return whether it is, when called with these arguments."""
        return self._condition is None or self._condition(*args, **kwargs)


def bounded[**P, Result](
    function: Callable[Concatenate[Reader, P], Result],
) -> BoundedRead[P, Result]:
    """Declare that a read function finds at most 1,000 rows, by their key."""
    return BoundedRead(function)


def bounded_if[**P, Result](
    condition: Callable[P, bool],
) -> Callable[[Callable[Concatenate[Reader, P], Result]], BoundedRead[P, Result]]:
    """Declare on what it depends whether a read function is bounded.

    Args:
        condition: Gets what the read function gets behind its reader.
    """

    def declare(
        function: Callable[Concatenate[Reader, P], Result],
    ) -> BoundedRead[P, Result]:
        return BoundedRead(function, condition)

    return declare


def is_bounded(query: object, *args: object, **kwargs: object) -> bool:
    """Return whether a read declares that it finds few rows; what says nothing may not.

    Args:
        query: A read function.
        args: What it will get behind its reader.
        kwargs: Likewise.
    """
    return isinstance(query, BoundedRead) and query.is_bounded(*args, **kwargs)
