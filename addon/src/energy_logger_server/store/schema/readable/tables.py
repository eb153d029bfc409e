"""Every table that can be browsed; the views are made of this list, too.

Settings, ``store_meta`` and what belongs to other programs are not here, and what is
not here cannot be asked for.
"""

from collections.abc import Mapping

from .amber import AMBER
from .bookkeeping import BOOKKEEPING
from .columns import ReadableTable
from .kamo import KAMO
from .peaks import PEAKS
from .substation_health import SUBSTATION_HEALTH

TABLES: Mapping[str, ReadableTable] = {
    table.name: table
    for table in (*KAMO, *PEAKS, *SUBSTATION_HEALTH, *AMBER, *BOOKKEEPING)
}
"""By name, in the order in which they are listed."""
