"""Memory and CPU time of a process, as the kernel counts them."""

import os
from dataclasses import dataclass
from pathlib import Path

_KIB = 1024


@dataclass(frozen=True, slots=True)
class Memory:
    """What a process takes of the machine's memory.

    Attributes:
        resident: Bytes in use now.
        peak: The most bytes that were, since it started.
    """

    resident: int
    peak: int


def memory_of(pid: int) -> Memory | None:
    """Return the memory of a process; None where the system does not tell."""
    status = Path(f"/proc/{pid}/status")
    if not status.exists():
        return None
    lines = dict(line.split(":", 1) for line in status.read_text().splitlines())
    return Memory(*(int(lines[name].split()[0]) * _KIB for name in ("VmRSS", "VmHWM")))


def cpu_s(pid: int) -> float | None:
    """Return the CPU seconds of a process so far; None where nobody tells."""
    status = Path(f"/proc/{pid}/stat")
    if not status.exists():
        return None
    # the name before may hold spaces
    fields = status.read_text().rsplit(")", 1)[1].split()
    user, system = int(fields[11]), int(fields[12])
    return (user + system) / os.sysconf("SC_CLK_TCK")
