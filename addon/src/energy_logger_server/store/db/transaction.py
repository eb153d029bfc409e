"""One job in one transaction, with our errors instead of the driver's."""

from collections.abc import Callable

from sqlalchemy.engine import URL, Connection

from .driver_errors import driver_errors, store_error


def in_transaction[Result](
    connection: Connection, job: Callable[[Connection], Result], url: URL
) -> Result:
    """Return what a job returns; its transaction is rolled back if it raises.

    Raises:
        StoreUnavailable: If the database does not answer or cannot write.
    """
    try:
        with connection.begin():
            return job(connection)
    except driver_errors() as err:
        raise store_error(url, err) from err
