"""A load of prepared requests over kept-open connections, bounded in number and time.

`python -m benchmarks.load PORT CONNECTIONS SECONDS < requests` prints JSON. It runs as a process
of its own so that it shares no interpreter lock with what it measures.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections import Counter
from collections.abc import Iterator

HOST = "127.0.0.1"
SEPARATOR = b"\n--next--\n"


class Scanner(asyncio.Protocol):
    """One connection that sends the next request as soon as the last is answered."""

    def __init__(self, requests: Iterator[bytes], until: float, tally: Tally) -> None:
        self.requests, self.until, self.tally = requests, until, tally
        self.buffer = b""
        self.sent = 0
        self.done = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Send the first request."""
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self._send()

    def data_received(self, data: bytes) -> None:
        """Count an answer once it is whole, and send the next request."""
        self.buffer += data
        head, separator, body = self.buffer.partition(b"\r\n\r\n")
        if not separator or len(body) < _length(head):
            return
        self.buffer = b""
        self.tally.add(int(head[9:12]), time.perf_counter_ns() - self.sent)
        self._send()

    def connection_lost(self, error: Exception | None) -> None:
        """Be done."""
        if not self.done.done():
            self.done.set_result(None)

    def _send(self) -> None:
        request = next(self.requests, None) if time.monotonic() < self.until else None
        if request is None:
            self.transport.close()
            return
        self.sent = time.perf_counter_ns()
        self.transport.write(request)


class Tally:
    """How many answers of which status, and how long each took."""

    def __init__(self) -> None:
        self.statuses: Counter[int] = Counter()
        self.nanoseconds: list[int] = []

    def add(self, status: int, nanoseconds: int) -> None:
        """Count one answer."""
        self.statuses[status] += 1
        self.nanoseconds.append(nanoseconds)

    def report(self, seconds: float) -> dict[str, object]:
        """Give rate and percentiles."""
        ordered = sorted(self.nanoseconds)
        return {
            "requests": len(ordered),
            "statuses": {str(status): count for status, count in self.statuses.items()},
            "a_second": len(ordered) / seconds,
            "p50_ms": ordered[len(ordered) // 2] / 1e6,
            "p99_ms": ordered[len(ordered) * 99 // 100] / 1e6,
        }


def _length(head: bytes) -> int:
    for line in head.split(b"\r\n")[1:]:
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    return 0


async def _run(port: int, connections: int, seconds: float, requests: list[bytes]) -> None:
    loop, tally = asyncio.get_running_loop(), Tally()
    began = time.monotonic()
    shared = iter(requests)
    scanners = []
    for _ in range(connections):
        _, scanner = await loop.create_connection(
            lambda: Scanner(shared, began + seconds, tally), HOST, port
        )
        scanners.append(scanner)
    await asyncio.wait_for(asyncio.gather(*(each.done for each in scanners)), seconds + 30)
    sys.stdout.write(json.dumps(tally.report(time.monotonic() - began)))


def main() -> None:
    """Read the requests and send them."""
    port, connections, seconds = int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])
    requests = sys.stdin.buffer.read().split(SEPARATOR)
    asyncio.run(_run(port, connections, seconds, requests))


if __name__ == "__main__":
    main()
