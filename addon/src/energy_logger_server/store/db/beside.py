"""What lies beside a store's file and would change what is in it: put right first."""

import logging
from pathlib import Path

from sqlalchemy.engine import URL

from energy_logger_server.errors import PlaceUnusable, StoreInUse, StoreUnsettled

from .engine import place_of, sqlite_file
from .lock import acquire_writer_lock
from .replacement import (
    drop_unfinished_replacement,
    finish_replacement,
    replacement_of,
)
from .sqlite_file import SETTING
from .stray_log import is_stray, set_stray_log_aside

_LOG = logging.getLogger(__name__)


def refuse_unsettled(address: URL) -> None:
    """Return if a SQLite store can be read as it lies there.

    Raises:
        PlaceUnusable: If the operating system lets nobody look.
        StoreUnsettled: If a restore has not ended, or another file's log lies beside.
    """
    file = sqlite_file(address).resolve()
    try:
        if not (replacement_of(file).exists() or is_stray(file)):
            return
    except OSError as err:
        raise PlaceUnusable("cannot read what lies beside", file, err) from err
    try:
        acquire_writer_lock(address).release()
    except StoreInUse:
        # who has the store open has put it right: its log was seen while it changed
        return
    raise StoreUnsettled(place_of(address))


def settle(file: Path) -> None:
    """Put right what lies beside a store's file, before SQLite sees it.

    Args:
        file: Of a store whose writer's lock is held; no link.

    Raises:
        PlaceUnusable: If that cannot be done.
    """
    try:
        if finish_replacement(file):
            _LOG.warning("ended a restore of %s that had been interrupted", file)
        drop_unfinished_replacement(file)
        set_stray_log_aside(file)
    except OSError as err:
        raise PlaceUnusable(
            "cannot put right what lies beside", file, err, setting=SETTING
        ) from err
