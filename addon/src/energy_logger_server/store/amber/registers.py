"""The registers of a site, as its account lists them."""

from typing import NamedTuple

from energy_logger_server.store.db.query import Query


class Register(NamedTuple):
    """A register such as E1, and the type of the channel that it meters."""

    identifier: str
    type: str


REGISTERS = Query(
    "SELECT c.identifier, c.type FROM site_channel c JOIN site s ON s.id = c.site_row"
    " WHERE s.site_id = :site ORDER BY c.position",
    ("site",),
    row=Register,
)
"""Of a site, in upstream's order; parameter site."""
