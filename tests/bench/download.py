"""Download a file over and over nothing: a process of its own, so as not to disturb.

``python -m tests.bench.download URL KEY`` prints seconds to the first byte, seconds in
all, bytes and lines.
"""

import sys
from time import perf_counter
from urllib.request import Request, urlopen

_CHUNK = 262_144


def main(url: str, key: str) -> None:
    """Download and tell."""
    request = Request(url, headers={"X-API-Key": key})  # noqa: S310 - of the benchmark's own server
    start = perf_counter()
    with urlopen(request) as answer:  # noqa: S310 - likewise
        chunk = answer.read(1)
        first_byte_s = perf_counter() - start
        size = lines = 0
        while chunk:
            size += len(chunk)
            lines += chunk.count(b"\n")
            chunk = answer.read(_CHUNK)
    print(first_byte_s, perf_counter() - start, size, lines)  # noqa: T201 - the answer


if __name__ == "__main__":
    main(*sys.argv[1:])
