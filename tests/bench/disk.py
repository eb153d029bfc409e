"""What this process has written to storage, as the kernel counts it."""

from pathlib import Path

_IO = Path("/proc/self/io")


def bytes_written() -> int | None:
    """Return the bytes; None where the system does not tell."""
    if not _IO.exists():
        return None
    fields = dict(line.split(": ") for line in _IO.read_text("ascii").splitlines())
    return int(fields["write_bytes"])


def mb_each(written: list[int | None]) -> float | None:
    """Return the mean in MB; None if nothing ever reached storage, as in memory."""
    known = [count for count in written if count is not None]
    return sum(known) / len(known) / 1e6 if any(known) else None
