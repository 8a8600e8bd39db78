"""Two servers beside each other and a load on each in turn: what benchmarks over HTTP share."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from benchmarks.load import HOST, SEPARATOR

SCANNERS = 32
SECONDS = 2.0


def request(path: str, head: str, body: dict[str, Any]) -> bytes:
    """Write a POST of JSON as it goes over the wire."""
    text = json.dumps(body)
    return (
        f"POST {path} HTTP/1.1\r\nHost: {HOST}\r\nContent-Type: application/json\r\n{head}"
        f"Content-Length: {len(text)}\r\n\r\n{text}"
    ).encode()


@contextmanager
def served(factory: str, file_lock: str) -> Iterator[int]:
    """Serve by granian, as the product is, and give the port."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
    server = subprocess.Popen(
        [
            sys.executable, "-m", "granian", "--interface", "wsgi", "--factory", "--no-ws",
            "--workers", "2", "--blocking-threads", "16", "--host", HOST, "--port", str(port),
            "--http", "1", "--log-level", "error", f"benchmarks.served:{factory}",
        ],
        env={**os.environ, "BENCH_FILE_LOCK": file_lock},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )  # fmt: skip
    try:
        _wait(port)
        yield port
    finally:
        # The whole group at once: a worker that still starts would outlive a polite end.
        with suppress(ProcessLookupError):
            os.killpg(server.pid, signal.SIGKILL)
        server.wait(timeout=30)


def _wait(port: int) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        with socket.socket() as probe:
            if probe.connect_ex((HOST, port)) == 0:
                time.sleep(1)
                return
        time.sleep(0.1)
    raise TimeoutError("the server did not start")


def load(port: int, requests: list[bytes], seconds: float = SECONDS) -> dict[str, Any]:
    """Send requests over connections kept open, for so long or until there is none left."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.load", str(port), str(SCANNERS), str(seconds)],
        input=SEPARATOR.join(requests),
        capture_output=True,
        check=True,
        timeout=60,
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found
