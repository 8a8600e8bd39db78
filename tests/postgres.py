"""A temporary PostgreSQL for one test run: started at first use, shared by all workers, removed.

The pytest controller makes a folder and hands it to its workers through the environment; whoever
first needs a database starts the server in it, under a file lock. Nothing listens on the network.
It knows no table: `fill_template` takes whoever makes them.
"""

import fcntl
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

FOLDER_VARIABLE = "COMMUNITY_TEST_POSTGRES"
TEMPLATE = "community_template"
SERVER_USER = "postgres"
READY = "ready"
FILLED = "filled"

# Nothing here outlives the run, so no write waits for the disk.
SETTINGS = """
listen_addresses = ''
unix_socket_permissions = 0700
fsync = off
full_page_writes = off
synchronous_commit = off
max_connections = 200
max_pred_locks_per_transaction = 256
shared_buffers = 128MB
timezone = 'UTC'
log_min_messages = warning
"""


class PostgresMissing(Exception):
    """No PostgreSQL server is installed here."""


def find_program(name: str) -> str:
    """Return the path of a server program; Debian keeps them off PATH, newest version last.

    Raises:
        PostgresMissing: when there is none.
    """
    if found := shutil.which(name):
        return found
    kept = sorted(
        Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: int(path.parts[-3])
    )
    if not kept:
        message = f"{name} is missing. Run `make test`, or as root: apt-get install postgresql"
        raise PostgresMissing(message)
    return str(kept[-1])


def run_program(folder: Path, name: str, *arguments: str) -> None:
    """Run a server program on the cluster in `folder`, never as root: the server refuses root."""
    program = find_program(name)
    user = SERVER_USER if os.geteuid() == 0 else None
    group = pwd.getpwnam(SERVER_USER).pw_gid if user else None
    done = subprocess.run(
        [program, *arguments],
        cwd=folder,
        user=user,
        group=group,
        extra_groups=[] if user else None,
        stdout=subprocess.DEVNULL,  # pg_ctl's server keeps a pipe open, and we would wait for ever
        stderr=subprocess.PIPE if name == "initdb" else subprocess.DEVNULL,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        log = folder / "log"
        said = done.stderr or (log.read_text(encoding="utf-8") if log.exists() else "")
        message = f"{name} failed:\n{said}"
        raise RuntimeError(message)


def make_folder() -> Path:
    """Make the folder a cluster will live in, owned by the user that will run it."""
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    if os.geteuid() == 0:
        try:
            shutil.chown(folder, SERVER_USER, SERVER_USER)
        except LookupError:  # not installed: find_program will say so when it is asked for
            return folder
    return folder


def start_cluster(folder: Path) -> None:
    """Make and start a cluster with an empty template database."""
    run_program(
        folder,
        "initdb",
        *("--pgdata=cluster", f"--username={SERVER_USER}", "--auth=trust", "--no-sync"),
        *("--encoding=UTF8", "--locale=C.UTF-8"),
    )
    with (folder / "cluster/postgresql.conf").open("a", encoding="utf-8") as settings:
        settings.write(f"{SETTINGS}unix_socket_directories = '{folder}'\n")
    run_program(folder, "pg_ctl", "--pgdata=cluster", "--log=log", "--wait", "start")
    execute(folder, sql.SQL("CREATE DATABASE {}").format(sql.Identifier(TEMPLATE)))
    (folder / READY).touch()


def remove_cluster(folder: Path) -> None:
    """Stop the server, if anyone started it, and remove all it kept."""
    if (folder / READY).exists():
        run_program(folder, "pg_ctl", "--pgdata=cluster", "--mode=immediate", "--wait", "stop")
    shutil.rmtree(folder)


@contextmanager
def locked(folder: Path) -> Iterator[Path]:
    """Hold the cluster for one process, and start it when this is the first."""
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / READY).exists():
            start_cluster(folder)
        yield folder


def execute(folder: Path, *statements: sql.Composed) -> None:
    """Run statements about whole databases, which no transaction may hold."""
    with psycopg.connect(host=str(folder), user=SERVER_USER, autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement)


def name_url(folder: Path, database: str) -> str:
    """Return the SQLAlchemy address of one database of the cluster."""
    return f"postgresql+psycopg://{SERVER_USER}@/{database}?host={folder}"


def shared_folder() -> Path:
    """Return the folder the controller of this run handed out."""
    return Path(os.environ[FOLDER_VARIABLE])


def has_database(folder: Path, database: str) -> bool:
    """Tell whether the cluster has a database of that name."""
    with psycopg.connect(host=str(folder), user=SERVER_USER) as connection:
        query = "SELECT 1 FROM pg_database WHERE datname = %s"
        return connection.execute(query, [database]).fetchone() is not None


def copy_template(folder: Path, database: str) -> None:
    """Make a database anew from the template; whoever is still connected to it is cut off."""
    names = {"target": sql.Identifier(database), "template": sql.Identifier(TEMPLATE)}
    execute(
        folder,
        sql.SQL("DROP DATABASE IF EXISTS {target} WITH (FORCE)").format(**names),
        sql.SQL("CREATE DATABASE {target} TEMPLATE {template}").format(**names),
    )


def fill_template(fill: Callable[[str], None]) -> None:
    """Let `fill` make the tables in the template, once per run; it gets the template's URL.

    It must close its connections: a database in use cannot be copied.
    """
    with locked(shared_folder()) as folder:
        if (folder / FILLED).exists():
            return
        fill(name_url(folder, TEMPLATE))
        (folder / FILLED).touch()


def postgres_url(worker_id: str) -> str:
    """Return the URL of a worker's own database, made from the template at first use."""
    database = f"community_{worker_id}"
    with locked(shared_folder()) as folder:
        if not has_database(folder, database):
            copy_template(folder, database)
        return name_url(folder, database)


def reset_database(worker_id: str) -> str:
    """Throw a worker's database away, make it anew from the template, and return its URL."""
    with locked(shared_folder()) as folder:
        copy_template(folder, f"community_{worker_id}")
        return name_url(folder, f"community_{worker_id}")


# Emptying the few tables a test filled takes 10 ms, copying the template 100. Replica mode, because
# append-only triggers rightly refuse the deletion.
EMPTY = """
DO $$ DECLARE found record; has_rows boolean; BEGIN
  SET LOCAL session_replication_role = replica;
  FOR found IN SELECT relname FROM pg_class
    WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
  LOOP
    EXECUTE format('SELECT EXISTS (SELECT FROM %I)', found.relname) INTO has_rows;
    IF has_rows THEN EXECUTE format('DELETE FROM %I', found.relname); END IF;
  END LOOP;
  FOR found IN SELECT sequencename FROM pg_sequences
    WHERE schemaname = 'public' AND last_value IS NOT NULL
  LOOP
    EXECUTE format('ALTER SEQUENCE %I RESTART', found.sequencename);
  END LOOP;
END $$
"""


def empty_tables(url: str) -> None:
    """Remove every row of a database and count ids from 1 again."""
    address = url.replace("postgresql+psycopg://", "postgresql://")
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(EMPTY)


@contextmanager
def temporary_cluster() -> Iterator[str]:
    """Give a database outside pytest, for benchmarks; yields its URL."""
    folder = make_folder()
    try:
        with locked(folder):
            copy_template(folder, "community")
        yield name_url(folder, "community")
    finally:
        remove_cluster(folder)


# --- pytest: this module is a plugin, named in tests/conftest.py ----------------------------------


def is_controller(config: pytest.Config) -> bool:
    """Tell the one process that starts and ends a run from its workers."""
    return not hasattr(config, "workerinput")


def end_run_when_terminated() -> None:
    """Let SIGTERM end the run as Ctrl-C does; by itself it would leave the server behind."""
    controller = os.getpid()

    def stop(_number: int, _frame: object) -> None:
        if os.getpid() != controller:  # a fork made by a test must not end the run's server
            os._exit(128 + signal.SIGTERM)
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, stop)


def pytest_configure(config: pytest.Config) -> None:
    """Hand out the folder; workers inherit it through the environment."""
    if is_controller(config):
        os.environ[FOLDER_VARIABLE] = str(make_folder())
        end_run_when_terminated()


def pytest_unconfigure(config: pytest.Config) -> None:
    """End what this run has started."""
    if is_controller(config) and (folder := os.environ.pop(FOLDER_VARIABLE, None)):
        remove_cluster(Path(folder))


@pytest.fixture(scope="session")
def postgres_address(worker_id: str) -> str:
    """The URL of this worker's PostgreSQL database."""
    return postgres_url(worker_id)


class PostgresDatabase:
    """This worker's own database, renewed by emptying what has rows."""

    def __init__(self, worker_id: str, fill: Callable[[str], None]) -> None:
        fill_template(fill)
        self.url = postgres_url(worker_id)

    def renew(self, _database: object) -> None:
        """Empty it; connections stay open."""
        empty_tables(self.url)


@pytest.fixture(scope="session")
def open_postgres(worker_id: str) -> Callable[[Callable[[str], None]], PostgresDatabase]:
    """Opens this worker's database, its tables made by the given function."""
    return lambda fill: PostgresDatabase(worker_id, fill)
