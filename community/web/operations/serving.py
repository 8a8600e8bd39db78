"""Starting the server: is everything as it must be, then granian, then "it is ready"."""

from __future__ import annotations

import errno
import os
import signal
import socket
import ssl
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any

from granian import _signals as granian_signals
from granian._granian import WorkerSignal
from granian.constants import HTTPModes, Interfaces, SSLProtocols
from granian.log import LogLevels
from granian.server.mp import MPServer

THREADS = 16
READY_SECONDS = 60
# A request that takes longer than this after SIGTERM is cut off.
FINISH_SECONDS = 30
# How often the server looks for a signal that did not wake it.
LOOK_SECONDS = 0.5
TARGET = "community.app:serving"
ENDING = (signal.SIGINT, signal.SIGTERM)


class CannotStart(Exception):
    """The server cannot start; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Listening:
    """Where the server listens, and with which certificate."""

    host: str
    port: int
    workers: int
    certificate: Path | None = None
    key: Path | None = None

    @property
    def scheme(self) -> str:
        """Tell https or http."""
        return "https" if self.certificate else "http"


def say(line: str = "") -> None:
    """Tell the person at the terminal what is happening."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def milliseconds_since_start() -> int:
    """Tell how long this process runs, its imports included."""
    fields = Path("/proc/self/stat").read_text().rpartition(")")[2].split()
    began = int(fields[19]) * 1_000 // os.sysconf("SC_CLK_TCK")
    return time.clock_gettime_ns(time.CLOCK_BOOTTIME) // 1_000_000 - began


def check_folder(folder: Path) -> None:
    """Make the instance folder, readable by its owner alone, and see that it can be written.

    Raises: CannotStart.
    """
    probe = folder / ".write-probe"
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        probe.write_bytes(b"")
        probe.unlink()
    except OSError as error:
        raise CannotStart(
            f"数据文件夹 {folder} 不能写入（{error.strerror}）。"
            "请改它的权限，或用 COMMUNITY_INSTANCE 指定另一个文件夹。"
        ) from error


def check_port(host: str, port: int, variable: str = "PORT") -> None:
    """See that nobody else listens there.

    Raises: CannotStart.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise CannotStart(
                    f"端口 {port} 已被另一个程序占用。请停止那个程序，或换一个端口，"
                    f"例如：{variable}={port + 1}"
                ) from error
            if error.errno == errno.EACCES:
                raise CannotStart(
                    f"没有权限使用端口 {port}。请换一个 1024 以上的端口，例如：{variable}=8443"
                ) from error
            raise CannotStart(f"不能在 {host}:{port} 上监听：{error.strerror}") from error


def run_server(listening: Listening, when_ready: Callable[[], None]) -> None:
    """Serve until SIGTERM or Ctrl+C; requests in flight are finished first."""
    server = _Server(
        TARGET,
        address=listening.host,
        port=listening.port,
        interface=Interfaces.WSGI,
        workers=listening.workers,
        blocking_threads=THREADS,
        factory=True,
        # One HTTP version less to watch; phones gain nothing from the other in a building.
        http=HTTPModes.http1,
        websockets=False,
        log_enabled=False,
        log_level=LogLevels.error,
        ssl_cert=listening.certificate,
        ssl_key=listening.key,
        # Phones older than 2018 speak TLS 1.2 only.
        ssl_protocol_min=SSLProtocols.tls12,
        workers_kill_timeout=FINISH_SECONDS,
        respawn_failed_workers=True,
        working_dir=Path(__file__).resolve().parents[3],
    )
    server.when_spawned = lambda: _watch(listening, when_ready)
    os.register_at_fork(after_in_child=_prepare_worker)
    server.serve()


def _prepare_worker() -> None:
    """Let a worker that still loads die of a signal, and one that serves hear it.

    A worker begins with the server's handlers, which would tell its own copy of the server: the
    signal would be lost, and the server would wait `FINISH_SECONDS` for it.
    """
    for number in ENDING:
        signal.signal(number, signal.SIG_DFL)
    granian_signals.set_sync_signals = _hear


def _hear() -> WorkerSignal:
    """Listen for the signals that end a worker, by a thread of its own.

    A handler, as granian has it, runs in the main thread alone: the kernel may give the signal to
    another thread, and then the main one sleeps on. One of three workers was found so.
    """
    told = WorkerSignal()
    reader, writer = os.pipe()
    os.set_blocking(writer, False)

    def tell() -> None:
        while os.read(reader, 1)[0] not in ENDING:
            continue
        told.set()

    signal.set_wakeup_fd(writer, warn_on_full_buffer=False)
    for number in ENDING:
        signal.signal(number, lambda *_given: None)
    threading.Thread(target=tell, name="ending", daemon=True).start()
    return told


class Interruption:
    """An event that a signal handler may set.

    A `threading.Event` takes a lock that the interrupted code may hold: Ctrl+C, which ends the
    workers as well, could leave the server waiting for itself.
    """

    def __init__(self) -> None:
        """Begin unset."""
        # Its put() is the one way to wake a thread that is allowed inside a signal handler.
        self._told: SimpleQueue[None] = SimpleQueue()

    def set(self) -> None:
        """Wake whoever waits, now or later."""
        self._told.put(None)

    def wait(self) -> None:
        """Wait until it is set; it stays set."""
        while True:
            try:
                # A signal that another thread was given wakes nobody: look again by and by.
                self._told.get(timeout=LOOK_SECONDS)
            except Empty:
                continue
            self._told.put(None)
            return

    def clear(self) -> None:
        """Unset it."""
        while True:
            try:
                self._told.get_nowait()
            except Empty:
                return


class _Server(MPServer):
    """Granian, telling when its workers are forked: a thread before that could hold a lock."""

    when_spawned: Callable[[], None]

    def __init__(self, *parts: Any, **settings: Any) -> None:
        super().__init__(*parts, **settings)
        self.main_loop_interrupt = Interruption()  # type: ignore[assignment]  # all they use

    def shutdown(self, exit_code: int = 0) -> None:
        """End; workers that Ctrl+C ended beside the server did not fail."""
        if self.interrupt_signal:
            self.interrupt_children.clear()
        super().shutdown(exit_code)  # type: ignore[no-untyped-call]  # theirs

    def _spawn_workers(self, *parts: Any) -> None:
        super()._spawn_workers(*parts)  # type: ignore[no-untyped-call]  # theirs
        self.when_spawned()


def _watch(listening: Listening, when_ready: Callable[[], None]) -> None:
    watcher = threading.Thread(
        target=_tell_when_ready, args=(listening, when_ready), name="ready", daemon=True
    )
    watcher.start()


def _tell_when_ready(listening: Listening, when_ready: Callable[[], None]) -> None:
    host = "127.0.0.1" if listening.host in {"0.0.0.0", "::"} else listening.host  # noqa: S104
    address = f"{listening.scheme}://{host}:{listening.port}/healthz"
    # Our own certificate is named for the office's addresses; here only the answer counts.
    trust = ssl.create_default_context()
    trust.check_hostname, trust.verify_mode = False, ssl.CERT_NONE
    ends = time.monotonic() + READY_SECONDS
    while time.monotonic() < ends:
        try:
            with urllib.request.urlopen(address, timeout=5, context=trust):  # noqa: S310  our own
                when_ready()
                return
        except urllib.error.HTTPError as error:
            if error.code < 500:
                when_ready()
                return
        except OSError:
            time.sleep(0.05)
    say(f"等了 {READY_SECONDS} 秒还没有就绪。请看上面的日志。")
    os.kill(os.getpid(), signal.SIGTERM)
