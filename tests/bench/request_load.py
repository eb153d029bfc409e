"""Ask a server all the time, from a process of its own: so many connections at once.

``python -m tests.bench.request_load PORT SECONDS CONNECTIONS PATH...`` prints JSON: how
many answers came in how many seconds, how many were no good, the latencies at the
50th and 99th percentile, and the greatest one, in milliseconds. Each connection asks
for the paths in turn, the next one as soon as the answer is there.

Bare sockets, because a client of aiohttp's is slower than the server it should load.
"""

import json
import socket
import sys
from collections.abc import Iterator, Sequence
from itertools import cycle, islice
from selectors import EVENT_READ, DefaultSelector
from time import perf_counter

_CHUNK = 262_144
_END_OF_HEADERS = b"\r\n\r\n"
_LENGTH = b"content-length: "
_GOOD = b"HTTP/1.1 200 "
_PATIENCE_S = 30


class _Connection:
    """One connection, and the answer that it waits for."""

    def __init__(self, port: int, requests: Iterator[bytes]) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._requests = requests
        self._received = b""
        self._began = 0.0

    def ask(self) -> None:
        """Send the next request."""
        self._received = b""
        self._began = perf_counter()
        self.socket.sendall(next(self._requests))

    def take(self) -> tuple[float, bool] | None:
        """Take what has come; return seconds and whether it is good, once it is whole.

        Raises:
            ConnectionError: If the server closes it.
        """
        chunk = self.socket.recv(_CHUNK)
        if not chunk:
            raise ConnectionError("the server closed a connection")
        received = self._received = self._received + chunk
        end = received.find(_END_OF_HEADERS)
        if end < 0:
            return None
        head = received[:end].lower()
        length = int(head[head.index(_LENGTH) + len(_LENGTH) :].split(b"\r\n", 1)[0])
        if len(received) < end + len(_END_OF_HEADERS) + length:
            return None
        return perf_counter() - self._began, received.startswith(_GOOD)


def main(port: int, seconds: float, connections: int, paths: Sequence[str]) -> None:
    """Ask and tell."""
    requests = [
        f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode()
        for path in paths
    ]
    selector = DefaultSelector()
    for number in range(connections):
        # not all of them at the same path at once
        own = islice(cycle(requests), number, None)
        connection = _Connection(port, own)
        selector.register(connection.socket, EVENT_READ, connection)
        connection.ask()
    latencies: list[float] = []
    bad = 0
    start = now = perf_counter()
    while now < start + seconds:
        for key, _events in selector.select(_PATIENCE_S):
            answered = key.data.take()
            if answered is not None:
                latency, is_good = answered
                latencies.append(latency)
                bad += not is_good
                key.data.ask()
        now = perf_counter()
    latencies.sort()
    print(  # noqa: T201 - the answer
        json.dumps(
            {
                "answers": len(latencies),
                "bad": bad,
                "seconds": now - start,
                "p50_ms": _percentile(latencies, 0.5) * 1e3,
                "p99_ms": _percentile(latencies, 0.99) * 1e3,
                "greatest_ms": latencies[-1] * 1e3,
            }
        )
    )


def _percentile(ascending: Sequence[float], share: float) -> float:
    return ascending[min(len(ascending) - 1, int(len(ascending) * share))]


if __name__ == "__main__":
    main(int(sys.argv[1]), float(sys.argv[2]), int(sys.argv[3]), sys.argv[4:])
