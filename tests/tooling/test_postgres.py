"""The temporary PostgreSQL gives each worker its own database and keeps to this machine."""

import os
import stat
from pathlib import Path

import pytest
from sqlalchemy import NullPool, create_engine, text

from tests import postgres

pytestmark = pytest.mark.postgres


def ask(url: str, question: str) -> str:
    engine = create_engine(url, poolclass=NullPool)
    with engine.begin() as connection:
        return str(connection.execute(text(question)).scalar_one())


def make_table(url: str, name: str) -> None:
    engine = create_engine(url, poolclass=NullPool)
    with engine.begin() as connection:
        connection.execute(text(f"CREATE TABLE {name} (id int)"))


def test_each_worker_has_its_own_database(worker_id: str) -> None:
    mine, other = postgres.postgres_url(worker_id), postgres.postgres_url(f"{worker_id}_other")
    make_table(mine, "mine")
    assert ask(mine, "SELECT to_regclass('mine')") == "mine"
    assert ask(other, "SELECT to_regclass('mine')") == "None"


def test_reset_returns_to_the_template(worker_id: str) -> None:
    name = f"{worker_id}_reset"
    make_table(postgres.postgres_url(name), "stray")
    assert ask(postgres.reset_database(name), "SELECT to_regclass('stray')") == "None"


def test_nothing_listens_on_the_network(postgres_address: str) -> None:
    assert ask(postgres_address, "SHOW listen_addresses") == ""


def test_other_users_cannot_reach_the_socket(postgres_address: str) -> None:
    folder = Path(os.environ[postgres.FOLDER_VARIABLE])
    assert str(folder) in postgres_address
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_texts_sort_the_same_everywhere(postgres_address: str) -> None:
    assert ask(postgres_address, "SELECT datcollate FROM pg_database LIMIT 1") == "C.UTF-8"


def test_cluster_outside_pytest_ends_with_its_block() -> None:
    with postgres.temporary_cluster() as url:
        assert ask(url, "SELECT 1") == "1"
        folder = Path(url.partition("host=")[2])
    assert not folder.exists()


def test_missing_server_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "glob", lambda self, pattern: iter(()))
    monkeypatch.setenv("PATH", "")
    with pytest.raises(postgres.PostgresMissing, match="apt-get install postgresql"):
        postgres.find_program("initdb")
