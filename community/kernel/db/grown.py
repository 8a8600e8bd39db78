"""Telling PostgreSQL's planner that tables have grown, as autovacuum would within the minute.

The plans of its checks of foreign keys are kept, and one that was made when a table was empty
walks through all rows of a community for each row written, until the table is analysed.
"""

from __future__ import annotations

from sqlalchemy import Engine, text

# What autovacuum asks by its own settings: 50 rows and a tenth of the table have changed.
_GROWN = text(
    "SELECT CAST(CAST(relid AS regclass) AS text) FROM pg_stat_user_tables"
    " WHERE n_mod_since_analyze > 50 + n_live_tup / 10 ORDER BY relid"
)


def analyse_grown(engine: Engine) -> tuple[str, ...]:
    """Analyse the tables that have changed much since they last were; gives their names.

    Each by itself, in no transaction: nobody who writes waits for it. The server counts changes
    about a second late.
    """
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        names = tuple(connection.scalars(_GROWN))
        for name in names:
            connection.execute(text(f"ANALYZE {name}"))
    return names
