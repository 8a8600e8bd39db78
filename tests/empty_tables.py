"""What a question about empty tables is answered, remembered: it is the same every time.

All rooms' checks ask 240 questions after every test, most of them about tables that the test never
filled. Each goes to PostgreSQL once; on SQLite they are so cheap that nothing is remembered.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from copy import copy
from functools import lru_cache
from typing import Any, TypeVar

from sqlalchemy import event
from sqlalchemy.engine import FrozenResult, Result
from sqlalchemy.orm import ORMExecuteState, Session
from sqlalchemy.sql import ClauseElement

from community.kernel.db import Statements
from community.kernel.tables import Base

Answer = TypeVar("Answer")
WORD = re.compile(r"\w+")


class Memory:
    """The answers of one worker's database, whose tables stay as they are."""

    def __init__(self) -> None:
        self.raw: dict[object, Any] = {}
        self.tables: dict[object, frozenset[str]] = {}
        self.frozen: dict[object, FrozenResult[Any]] = {}

    @contextmanager
    def used(self, filled: Iterable[str]) -> Iterator[None]:
        """Answer from memory, as long as the block lasts, what asks none of the filled tables."""
        now = frozenset(filled)
        one, every = Statements.one, Statements.all

        def answer_session(state: ORMExecuteState) -> Result[Any] | None:
            return self._answer_session(state, now)

        Statements.one = self._remember(one, now)  # type: ignore[method-assign]
        Statements.all = self._remember(every, now)  # type: ignore[method-assign]
        event.listen(Session, "do_orm_execute", answer_session)
        try:
            yield
        finally:
            event.remove(Session, "do_orm_execute", answer_session)
            Statements.one, Statements.all = one, every  # type: ignore[method-assign]

    def _remember(
        self, ask: Callable[..., Answer], filled: frozenset[str]
    ) -> Callable[..., Answer]:
        def answer(at: Statements, sql: str, parameters: Iterable[object] = ()) -> Answer:
            if filled & tables_named(sql):
                return ask(at, sql, parameters)
            key = (ask.__name__, sql, repr(parameters))
            if key not in self.raw:
                self.raw[key] = ask(at, sql, parameters)
            kept: Answer = copy(self.raw[key])
            return kept

        return answer

    def _answer_session(self, state: ORMExecuteState, filled: frozenset[str]) -> Result[Any] | None:
        assert isinstance(state.statement, ClauseElement)
        cached = state.statement._generate_cache_key()
        if cached is None:
            return None
        if cached.key not in self.tables:
            self.tables[cached.key] = tables_named(str(state.statement))
        if filled & self.tables[cached.key]:
            return None
        key = (cached.key, repr([each.effective_value for each in cached.bindparams]))
        if key not in self.frozen:
            self.frozen[key] = state.invoke_statement().freeze()
        return self.frozen[key]()


@lru_cache(maxsize=4096)
def tables_named(sql: str) -> frozenset[str]:
    """Name every table whose name stands anywhere in a statement."""
    return frozenset(WORD.findall(sql)) & Base.metadata.tables.keys()
