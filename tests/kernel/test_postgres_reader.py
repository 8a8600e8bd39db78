"""A reader of PostgreSQL keeps what it has prepared from one snapshot to the next."""

from __future__ import annotations

import pytest
from sqlalchemy import create_engine, text

from community.kernel.db import options
from community.kernel.db.engines import prepare

pytestmark = pytest.mark.postgres
PREPARED = "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE 'SELECT max%'"


def test_a_statement_stays_prepared_from_page_to_page(postgres_address: str) -> None:
    engine = create_engine(postgres_address, **options(postgres_address, writable=False))
    prepare(engine, writable=False)
    for _ in range(10):
        with engine.connect() as connection:
            connection.execute(text("SELECT max(relname) FROM pg_class"))
            # As a page does at its end.
            connection.rollback()
    with engine.connect() as connection:
        assert connection.scalar(text(PREPARED)) == 1
    engine.dispose()


def test_a_reader_that_was_refused_serves_the_next_page(postgres_address: str) -> None:
    engine = create_engine(postgres_address, **options(postgres_address, writable=False))
    prepare(engine, writable=False)
    with engine.connect() as connection, pytest.raises(Exception, match="read-only transaction"):
        connection.execute(text("CREATE TABLE of_a_reader (id int)"))
    with engine.connect() as connection:
        assert connection.scalar(text("SHOW transaction_read_only")) == "on"
        assert connection.scalar(text("SELECT to_regclass('of_a_reader')")) is None
    engine.dispose()
