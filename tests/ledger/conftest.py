"""Every test of the books has a community with one points book."""

from __future__ import annotations

import pytest

from community.kernel.db import Database
from tests.ledger.books import Books, make_books


@pytest.fixture
def books(database: Database) -> Books:
    return make_books()
