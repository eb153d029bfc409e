"""Sizes as the predecessor showed them."""

_BYTES_PER_MB = 1_048_576


def mebibytes(size_bytes: int) -> float:
    """Return a size in MiB, which answers call MB."""
    return round(size_bytes / _BYTES_PER_MB, 2)
