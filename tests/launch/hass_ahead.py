"""``hass_with_simulator``, whose clock is ahead of the wall's by so many seconds.

    python hass_ahead.py SECONDS --utilities http://127.0.0.1:4321 --config FOLDER

Whatever asks what time it is hears the shifted one, whenever it was imported. What
counts seconds from anywhere, as event loops do, goes on as it is.
"""

import ctypes
import gc
import runpy
import sys
import time
from collections.abc import Callable
from datetime import date, datetime, tzinfo
from pathlib import Path
from typing import Any

_PROGRAM = Path(__file__).with_name("hass_with_simulator.py")
_NS_PER_S = 1_000_000_000


def put_ahead(ahead_s: float) -> None:
    """Shift all that Python tells of the present.

    The classes themselves are changed: a class in their place would not be theirs to
    whoever looks at the type of an instant, as writers of JSON and databases do.
    """
    wall_s, wall_ns = time.time, time.time_ns
    ahead_ns = round(ahead_s * _NS_PER_S)

    def now_s() -> float:
        return wall_s() + ahead_s

    def now(cls: type[datetime], tz: tzinfo | None = None) -> datetime:
        return cls.fromtimestamp(now_s(), tz)

    def today(cls: type[date]) -> date:
        return cls.fromtimestamp(now_s())

    time.time = now_s
    time.time_ns = lambda: wall_ns() + ahead_ns
    _replace(datetime, now=now, today=now)
    _replace(date, today=today)


def _replace(changed: type, **methods: Callable[..., Any]) -> None:
    """Replace class methods of a type that Python does not let anybody change."""
    (members,) = gc.get_referents(changed.__dict__)
    members.update({name: classmethod(one) for name, one in methods.items()})
    ctypes.pythonapi.PyType_Modified(ctypes.py_object(changed))


if __name__ == "__main__":
    put_ahead(float(sys.argv.pop(1)))
    runpy.run_path(str(_PROGRAM), run_name="__main__")
