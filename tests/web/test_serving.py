"""The server as people start it: ready, refusing with a sentence, finishing what it began."""

from __future__ import annotations

import fcntl
import http.client
import os
import re
import signal
import socket
import sqlite3
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from community.kernel.app_lock import AppLock, AppLockHeld
from community.web.operations.serving import FINISH_SECONDS

ROOT = Path(__file__).parents[2]
READY_SECONDS = 60
# As an impatient hand sends them, and systemd beside the server.
SIGNALS = 20
INSERT = (
    "INSERT INTO community (slug, name, street, district, is_demo, opened_at)"
    " VALUES (?, ?, '', '', ?, 1)"
)
pytestmark = [pytest.mark.slow, pytest.mark.once]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        found: int = probe.getsockname()[1]
    return found


def environment(folder: Path, port: int, **more: str) -> dict[str, str]:
    return (
        os.environ
        | {
            "COMMUNITY_INSTANCE": str(folder),
            "COMMUNITY_DATABASE": f"sqlite:///{folder}/community.db",
            "COMMUNITY_WORKERS": "1",
            "COMMUNITY_HTTP_PORT": "0",
            "PORT": str(port),
        }
        | more
    )


def flask(command: str) -> list[str]:
    return [sys.executable, "-m", "flask", "--app", "wsgi", command]


def refuse(folder: Path, port: int, command: str = "serve", **more: str) -> str:
    done = subprocess.run(
        flask(command),
        cwd=ROOT,
        env=environment(folder, port, **more),
        capture_output=True,
        text=True,
        timeout=READY_SECONDS,
        check=False,
    )
    assert done.returncode == 1, done.stdout
    assert "Traceback" not in done.stderr
    return done.stderr


@contextmanager
def served(folder: Path, port: int, command: str = "serve") -> Iterator[subprocess.Popen[str]]:
    server = subprocess.Popen(
        flask(command),
        cwd=ROOT,
        env=environment(folder, port),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        wait_until_ready(server)
        yield server
    finally:
        server.terminate()
        server.wait(READY_SECONDS)
        assert server.stdout is not None
        server.stdout.close()


def wait_until_ready(server: subprocess.Popen[str]) -> None:
    assert server.stdout is not None
    said = ""
    for line in server.stdout:
        said += line
        if "已就绪" in line:
            return
    raise AssertionError(said)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the folder of an office that has been started once."""
    made = tmp_path_factory.mktemp("office")
    with served(made, free_port()):
        pass
    return made


def connect(folder: Path, port: int) -> http.client.HTTPSConnection:
    trust = ssl.create_default_context(cafile=str(folder / "tls/ca.crt"))
    return http.client.HTTPSConnection("127.0.0.1", port, timeout=30, context=trust)


def test_an_office_starts_serves_and_finishes_what_it_began(folder: Path) -> None:
    port = free_port()
    with served(folder, port) as server:
        asked = connect(folder, port)
        asked.request("GET", "/healthz")
        assert asked.getresponse().read() == b"ok\n"
        asked.request("GET", "/healthz", headers={"Host": "evil.example"})
        assert asked.getresponse().status == 400
        assert metrics(folder, port)["community_requests_total"] > 0
        with pytest.raises(AppLockHeld):
            AppLock(f"sqlite:///{folder}/community.db", exclusive=True)
        assert finish_a_write_after_term(folder, port, server) < 500
        assert server.wait(READY_SECONDS) == 0


def metrics(folder: Path, port: int) -> dict[str, float]:
    asked = connect(folder, port)
    asked.request("GET", "/metrics")
    answer = asked.getresponse()
    assert answer.status == 200
    found: dict[str, float] = {}
    for line in answer.read().decode().splitlines():
        if not line.startswith("#"):
            name, value = re.sub(r"\{.*\}", "", line).split()
            found[name] = found.get(name, 0) + float(value)
    return found


def finish_a_write_after_term(folder: Path, port: int, server: subprocess.Popen[str]) -> int:
    """Hold the write lock, send a write, end the server, give the lock back: it is answered."""
    page = connect(folder, port)
    page.request("GET", "/sign-in/password")
    answer = page.getresponse()
    token = re.search(r'name="csrf_token" value="([^"]+)"', answer.read().decode())
    assert token is not None
    cookie = (answer.getheader("Set-Cookie") or "").split(";")[0]
    body = f"csrf_token={token.group(1)}&request_key=abcdefgh12345678&number=13800000000&password=x"
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "Cookie": cookie,
        "Referer": f"https://127.0.0.1:{port}/sign-in/password",
    }
    answered: list[int] = []

    def post() -> None:
        page.request("POST", "/sign-in/password", body, headers)
        answered.append(page.getresponse().status)

    path = folder / "community.db.write.lock"
    with path.open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        asking = threading.Thread(target=post)
        asking.start()
        wait_until(lambda: has_waiter(path))
        server.send_signal(signal.SIGTERM)
        wait_until(lambda: not is_listening(port))
        assert answered == [], "the write must still be waiting for the lock"
    asking.join(READY_SECONDS)
    assert answered, "the request in flight was dropped"
    return answered[0]


def wait_until(happened: Callable[[], bool]) -> None:
    ends = time.monotonic() + READY_SECONDS
    while not happened():
        assert time.monotonic() < ends
        time.sleep(0.02)


def has_waiter(path: Path) -> bool:
    inode = str(path.stat().st_ino)
    lines = Path("/proc/locks").read_text().splitlines()
    return any("->" in line and f":{inode} " in line for line in lines)


def is_listening(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@contextmanager
def in_a_terminal(folder: Path) -> Iterator[subprocess.Popen[str]]:
    """Start a server of two workers in a group of its own: Ctrl+C reaches all of the group."""
    server = subprocess.Popen(
        flask("serve"),
        cwd=ROOT,
        env=environment(folder, free_port(), COMMUNITY_WORKERS="2"),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    assert server.stdout is not None
    with server.stdout:
        yield server


def test_ctrl_c_ends_the_server_and_its_workers_at_once(folder: Path) -> None:
    with in_a_terminal(folder) as server:
        wait_until_ready(server)
        for _ in range(SIGNALS):
            os.killpg(server.pid, signal.SIGINT)
        assert server.wait(FINISH_SECONDS / 2) == 0


def test_ctrl_c_ends_workers_that_still_load(folder: Path) -> None:
    with in_a_terminal(folder) as server:
        children = Path(f"/proc/{server.pid}/task/{server.pid}/children")
        wait_until(lambda: len(children.read_text().split()) == 2)
        os.killpg(server.pid, signal.SIGINT)
        assert server.wait(FINISH_SECONDS / 2) == 0


STORM = """
import signal, threading, time
from community.web.operations.serving import Interruption
event, rounds = Interruption(), 0
def strike(number, frame):
    event.set()
    signal.setitimer(signal.ITIMER_REAL, 0.0003)
def shout():
    while rounds < 1000:
        event.set()
        time.sleep(0.0003)
signal.signal(signal.SIGALRM, strike)
strike(0, None)
threading.Thread(target=shout, daemon=True).start()
while rounds < 1000:
    event.wait()
    event.clear()
    rounds += 1
signal.setitimer(signal.ITIMER_REAL, 0)
"""


def test_a_signal_never_leaves_the_server_waiting_for_itself() -> None:
    # A threading.Event in its place hangs here within the second.
    subprocess.run([sys.executable, "-c", STORM], cwd=ROOT, timeout=READY_SECONDS, check=True)


def test_the_second_start_makes_nothing_anew(folder: Path) -> None:
    before = (folder / "secret_key").read_text(), (folder / "tls/ca.crt").read_text()
    with served(folder, free_port()):
        pass
    assert ((folder / "secret_key").read_text(), (folder / "tls/ca.crt").read_text()) == before


def test_a_port_in_use_is_named_with_another(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("0.0.0.0", 0))  # noqa: S104  as `serve` does
        taken.listen()
        port: int = taken.getsockname()[1]
        assert f"PORT={port + 1}" in refuse(tmp_path, port)


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert "COMMUNITY_INSTANCE" in refuse(tmp_path / "file/inside", free_port())


def test_another_schema_is_refused(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "community.db")) as connection:
        connection.execute("CREATE TABLE alembic_version (version_num TEXT)")
        connection.execute("INSERT INTO alembic_version VALUES ('9999')")
        connection.commit()
    assert "9999" in refuse(tmp_path, free_port())


def test_a_wrong_setting_is_named(tmp_path: Path) -> None:
    assert "PORT" in refuse(tmp_path, free_port(), PORT="80a")
    assert "COMMUNITY_TLS_KEY" in refuse(tmp_path, free_port(), COMMUNITY_TLS_CERT="x.pem")


def test_demo_data_and_real_data_do_not_mix(folder: Path) -> None:
    for slug, is_demo, command, sentence in (
        ("real", 0, "run-demo", "真实社区"),
        ("demo", 1, "serve", "演示社区"),
    ):
        with closing(sqlite3.connect(folder / "community.db")) as connection:
            connection.execute(INSERT, [slug, slug, is_demo])
            connection.commit()
        assert sentence in refuse(folder, free_port(), command)


def test_an_office_start_leaves_a_demo_folder_as_it_was(folder: Path, tmp_path: Path) -> None:
    with (
        closing(sqlite3.connect(folder / "community.db")) as office,
        closing(sqlite3.connect(tmp_path / "community.db")) as demo,
    ):
        office.backup(demo)
        demo.execute(INSERT, ["trial", "trial", 1])
        demo.commit()
    assert "演示社区" in refuse(tmp_path, free_port())
    assert not {"secret_key", "tls"} & {each.name for each in tmp_path.iterdir()}
