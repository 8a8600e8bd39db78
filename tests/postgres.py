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
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from itertools import compress
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import event
from sqlalchemy.orm import Session

from community.kernel.db import Database
from tests import fast_folders
from tests.empty_tables import COMMUNITIES, Filled, Memory

FOLDER_VARIABLE = "COMMUNITY_TEST_POSTGRES"
TEMPLATE = "community_template"
SERVER_USER = "postgres"
READY = "ready"
FILLED = "filled"

# Nothing here outlives the run, so no write waits for the disk. Plans are made while tables are all
# but empty and kept: without a sequential scan they also serve the test that fills one. A vacuum
# of any table would have every plan that names it made anew, 40 ms for the question of `Rows`.
SETTINGS = """
listen_addresses = ''
unix_socket_permissions = 0700
fsync = off
full_page_writes = off
synchronous_commit = off
max_connections = 200
max_pred_locks_per_transaction = 256
shared_buffers = 128MB
wal_level = minimal
max_wal_senders = 0
max_wal_size = 512MB
checkpoint_timeout = 1h
autovacuum = off
jit = off
enable_seqscan = off
plan_cache_mode = force_generic_plan
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
    folder = fast_folders.make_folder()
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
    fast_folders.remove_folder(folder)


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


class Rows:
    """The rows of one database: emptied, kept aside and brought back.

    One prepared statement tells in 1 ms what there is to empty; a new connection, which knows no
    table yet, needs 50 for it, and copying the template takes 100. The tables stay as they are.
    """

    def __init__(self, url: str) -> None:
        address = url.replace("postgresql+psycopg://", "postgresql://")
        # Each its own: changing the role makes a connection forget what it has prepared.
        self.reader = psycopg.connect(address, autocommit=True)
        self.writer = psycopg.connect(address)
        # Append-only triggers rightly refuse a deletion; a replica's do not run.
        self.writer.execute("SET session_replication_role = replica")
        # Looking into an empty table is cheaper than into its index.
        self.reader.execute("SET enable_seqscan = on")
        tables, sequences = self._names("r"), self._names("S")
        self.tables, self.sequences = list(tables), list(sequences)
        exists = [sql.SQL("EXISTS (SELECT FROM {})").format(_name(each)) for each in tables]
        # Written out once: psycopg would put the 300 names together each time.
        self.used = (
            sql.SQL(
                "SELECT ARRAY[{}]::bool[],"
                " ARRAY(SELECT pg_sequence_last_value(each) FROM unnest({}::oid[]) each)"
            )
            .format(sql.SQL(", ").join(exists), sql.Literal(list(sequences.values())))
            .as_bytes(self.reader)
        )
        self.kept: dict[str, tuple[list[str], dict[str, int]]] = {}

    def _names(self, kind: str) -> dict[str, int]:
        found = self.reader.execute(
            "SELECT relname, oid::bigint FROM pg_class WHERE relkind = %s"
            " AND relnamespace = 'public'::regnamespace ORDER BY relname",
            [kind],
        )
        return dict(found.fetchall())

    def find_used(self) -> tuple[list[str], dict[str, int]]:
        """Name the tables that have rows, and the sequences that have counted with how far."""
        row = self.reader.execute(self.used, prepare=True).fetchone()
        assert row is not None
        values = zip(self.sequences, row[1], strict=True)
        return list(compress(self.tables, row[0])), {name: last for name, last in values if last}

    def communities(self) -> tuple[Any, ...]:
        """Give every row of the one table that nearly every test fills."""
        return tuple(self.reader.execute(f"TABLE {COMMUNITIES} ORDER BY id", prepare=True))

    def _run(self, statements: list[sql.Composed]) -> None:
        if statements:
            self.writer.execute(sql.SQL("; ").join(statements))
        self.writer.commit()

    def empty(self) -> None:
        """Remove every row and count ids from 1 again."""
        filled, counted = self.find_used()
        deletions = [sql.SQL("DELETE FROM {}").format(_name(table)) for table in filled]
        self._run([*deletions, *(_count_on(each, 1, is_called=False) for each in counted)])

    def keep(self, scene: str) -> None:
        """Copy every row aside."""
        filled, counted = self.find_used()
        copies = [
            sql.SQL("CREATE TABLE {} AS TABLE {}").format(_name(table, scene), _name(table))
            for table in filled
        ]
        schema = sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(scene))
        self._run([schema, *copies])
        self.kept[scene] = (filled, counted)

    def bring_back(self, scene: str) -> None:
        """Fill an empty database with the rows that were kept."""
        filled, counted = self.kept[scene]
        copies = [
            sql.SQL("INSERT INTO {} TABLE {}").format(_name(table), _name(table, scene))
            for table in filled
        ]
        self._run([*copies, *(_count_on(*each, is_called=True) for each in counted.items())])


def _name(table: str, schema: str = "public") -> sql.Identifier:
    return sql.Identifier(schema, table)


def _count_on(sequence: str, value: int, *, is_called: bool) -> sql.Composed:
    named = f'public."{sequence}"'
    return sql.SQL("SELECT setval({}, {}, {})").format(
        sql.Literal(named), sql.Literal(value), sql.Literal(is_called)
    )


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


def keep_plans(connection: Any, _record: object) -> None:
    """Let a connection keep more plans than the tests of a run have statements."""
    connection.prepared_max = 5_000


class PostgresDatabase:
    """This worker's own database, renewed by emptying what has rows; connections stay open."""

    def __init__(self, worker_id: str, fill: Callable[[str], None]) -> None:
        fill_template(fill)
        self.url = postgres_url(worker_id)
        self.rows = Rows(self.url)
        self.memory = Memory()

    def serve(self, database: Database) -> None:
        """Let the application's connections keep every plan, and be there without being asked."""
        for engine in (database.reader, database.writer_engine):
            event.listen(engine, "connect", keep_plans)
            engine.pool._pre_ping = False

    def renew(self) -> None:
        """Empty it."""
        self.rows.empty()

    def is_empty(self) -> bool:
        """Tell whether nothing was written, nor tried, since it was emptied."""
        return self.rows.find_used() == ([], {})

    def asked_again(self, session: Session) -> AbstractContextManager[None]:
        """Remember what is said of empty tables."""
        return self.memory.used(
            Filled(frozenset(self.rows.find_used()[0]), self.rows.communities())
        )

    def keep(self, scene: str) -> None:
        """Keep what is in it."""
        self.rows.keep(scene)

    def bring_back(self, scene: str) -> None:
        """Fill it again, empty as it is, with what was kept."""
        self.rows.bring_back(scene)


@pytest.fixture(scope="session")
def open_postgres(worker_id: str) -> Callable[[Callable[[str], None]], PostgresDatabase]:
    """Opens this worker's database, its tables made by the given function."""
    return lambda fill: PostgresDatabase(worker_id, fill)
