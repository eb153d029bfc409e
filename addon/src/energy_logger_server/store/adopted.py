"""Rows of a predecessor, written by the same functions as those of the utilities.

So revisions, rollups, ledger and change numbers are true. What an answer of today says
besides its rows is left as it is: when a source last answered, and how.
"""

from collections.abc import Callable, Sequence
from datetime import datetime

from energy_logger_server.domain.collecting.batch import (
    Adopted,
    AreasRead,
    GridRead,
    Part,
    PricesRead,
    SitesRead,
    SubstationsRead,
    UsageRead,
)
from energy_logger_server.domain.collecting.runs import WriteCounts

from .amber.write import write_prices, write_usage
from .kamo.write_load import write_grids
from .kamo.write_substations import write_substations
from .ledger.directory import write_areas, write_sites
from .ledger.write_transaction import WriteTransaction

type _At = Callable[[datetime], WriteTransaction]


def apply_adopted(at: _At, parts: Sequence[Part]) -> WriteCounts:
    """Write what was adopted among the parts; return what it brought.

    Args:
        at: Gives the surroundings of rows that were fetched at an instant.
        parts: Of one transaction; others than adopted ones are left alone.
    """
    adopted = [part.part for part in parts if isinstance(part, Adopted)]
    counts = WriteCounts()
    for part in adopted:
        if isinstance(part, SitesRead):
            write_sites(at(part.answer.fetched_at), part.answer)
        elif isinstance(part, AreasRead):
            write_areas(at(part.answer.fetched_at), part.answer)
    for part in adopted:
        if isinstance(part, PricesRead):
            counts += write_prices(at(part.answer.fetched_at), part)
        elif isinstance(part, UsageRead):
            counts += write_usage(at(part.answer.fetched_at), part)
    grids = [part.grid for part in adopted if isinstance(part, GridRead)]
    if grids:
        newest = at(max(grid.fetched_at for grid in grids))
        measured, expected = write_grids(newest, grids)
        counts += WriteCounts(load=measured, forecast=expected)
    tables = [part for part in adopted if isinstance(part, SubstationsRead)]
    if tables:
        newest = at(max(part.table.fetched_at for part in tables))
        counts += WriteCounts(substation=write_substations(newest, tables))
    return counts
