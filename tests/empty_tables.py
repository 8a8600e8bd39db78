"""What is said of empty tables, remembered: it is the same every time.

All rooms' checks run after every test and ask 300 questions, most of them about tables that the
test never filled. A check tells from rows alone, so of the same rows it tells the same: one that
met nothing but empty tables, and the same communities, is not run again; nor is a single question
sent again that names empty tables only. Whatever names a table with a row in it is asked.
"""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass
from functools import lru_cache, wraps
from itertools import compress
from types import ModuleType
from typing import Any, TypeVar

from sqlalchemy import event
from sqlalchemy.engine import FrozenResult, Result
from sqlalchemy.orm import ORMExecuteState, Session
from sqlalchemy.sql import ClauseElement

from community import app as assembly
from community.kernel import clock, db
from community.kernel.db import Statements
from community.kernel.tables import Base, Community

Answer = TypeVar("Answer")
Check = Callable[[Any], Iterable[str]]
WORD = re.compile(r"\w+")
CHECKS = re.compile(r"community\.\w+\.checks(\.\w+)?")
# The one table that nearly every test fills, and nearly every check begins with.
COMMUNITIES: str = Community.__tablename__


@dataclass(frozen=True, slots=True)
class Filled:
    """What there is in a database: the tables with rows, and the communities."""

    tables: frozenset[str]
    communities: Sequence[Any] = ()


@dataclass(frozen=True, slots=True)
class Said:
    """What a check said once, the tables it read for that, and what else it could tell from."""

    read: frozenset[str]
    around: object
    problems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """A name in a file by which a check is called, or a row of them; and what remembers for it."""

    file: ModuleType
    name: str
    theirs: object
    ours: object


class Memory:
    """The answers of one worker's database, whose tables stay as they are."""

    def __init__(self) -> None:
        self.raw: dict[object, Any] = {}
        self.tables: dict[object, frozenset[str]] = {}
        self.frozen: dict[object, FrozenResult[Any]] = {}
        self.said: dict[Check, list[Said]] = {}
        # The tables that each check at work has read until now, the innermost last.
        self.reading: list[set[str]] = []
        self.filled = Filled(frozenset())
        made = {check: self._remember_check(check) for check in find_checks()}
        self.places = list(find_places(made))

    @contextmanager
    def used(self, filled: Filled) -> Iterator[None]:
        """Answer from memory, as long as the block lasts, what asks none of the filled tables."""
        self.filled = filled
        one, every = Statements.one, Statements.all

        def answer_session(state: ORMExecuteState) -> Result[Any] | None:
            return self._answer_session(state, filled.tables)

        # What a test has put in a check's place stays there.
        places = [each for each in self.places if getattr(each.file, each.name) is each.theirs]
        for each in places:
            setattr(each.file, each.name, each.ours)
        Statements.one = self._remember(one, filled.tables)  # type: ignore[method-assign]
        Statements.all = self._remember(every, filled.tables)  # type: ignore[method-assign]
        event.listen(Session, "do_orm_execute", answer_session)
        try:
            yield
        finally:
            event.remove(Session, "do_orm_execute", answer_session)
            Statements.one, Statements.all = one, every  # type: ignore[method-assign]
            for each in places:
                setattr(each.file, each.name, each.theirs)

    def _remember_check(self, check: Check) -> Check:
        @wraps(check)
        def tell(at: Any) -> list[str]:
            for said in self.said.get(check, ()):
                if is_the_same(said, self.filled):
                    self._note(said.read)
                    return list(said.problems)
            return self._run(check, at, self.filled)

        return tell

    def _run(self, check: Check, at: Any, filled: Filled) -> list[str]:
        self.reading.append(set())
        try:
            problems = list(check(at))
        finally:
            read = frozenset(self.reading.pop())
            self._note(read)
        said = Said(read, what_is_around(read, filled), tuple(problems))
        if is_the_same(said, filled):
            self.said.setdefault(check, []).append(said)
        return problems

    def _note(self, tables: frozenset[str]) -> None:
        if self.reading:
            self.reading[-1] |= tables

    def _remember(
        self, ask: Callable[..., Answer], filled: frozenset[str]
    ) -> Callable[..., Answer]:
        def answer(at: Statements, sql: str, parameters: Iterable[object] = ()) -> Answer:
            named = tables_named(sql)
            self._note(named)
            if filled & named:
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
            self._note(tables_named(str(state.statement)))
            return None
        if cached.key not in self.tables:
            self.tables[cached.key] = tables_named(str(state.statement))
        self._note(self.tables[cached.key])
        if filled & self.tables[cached.key]:
            return None
        key = (cached.key, repr([each.effective_value for each in cached.bindparams]))
        if key not in self.frozen:
            self.frozen[key] = state.invoke_statement().freeze()
        return self.frozen[key]()


def look_into(session: Session) -> Filled:
    """Tell what there is in a database, by its own statements."""
    names = sorted(Base.metadata.tables)
    at = db.statements(session)
    found = at.one("SELECT " + ", ".join(f"EXISTS (SELECT 1 FROM {each})" for each in names))
    assert found is not None
    communities = tuple(at.all(f"SELECT * FROM {COMMUNITIES} ORDER BY id"))
    return Filled(frozenset(compress(names, found)), communities)


def what_is_around(read: frozenset[str], filled: Filled) -> object:
    """Give what a check can tell from besides empty tables."""
    return (clock.now(), filled.communities if COMMUNITIES in read else None)


def is_the_same(said: Said, filled: Filled) -> bool:
    """Tell whether a check would read again just what it read then."""
    is_empty = filled.tables.isdisjoint(said.read - {COMMUNITIES})
    return is_empty and said.around == what_is_around(said.read, filled)


def find_checks() -> list[Check]:
    """List the functions of the rooms' checks that are given nothing but the database."""
    return [
        made
        for file in check_files()
        for made in vars(file).values()
        if inspect.isfunction(made) and made.__module__ == file.__name__ and is_check(made)
    ]


def check_files() -> list[ModuleType]:
    """List the loaded files of the rooms' checks."""
    return [each for name, each in sys.modules.items() if CHECKS.fullmatch(name)]


def find_places(made: dict[Check, Check]) -> Iterator[Place]:
    """List where checks are called by: their names in their files, and rows of them anywhere."""
    for file in [*check_files(), assembly]:
        for name, value in vars(file).items():
            if inspect.isfunction(value) and value in made:
                yield Place(file, name, value, made[value])
            elif isinstance(value, tuple) and any(
                inspect.isfunction(each) and each in made for each in value
            ):
                ours = tuple(made.get(each, each) for each in value)
                yield Place(file, name, value, ours)


def is_check(made: Check) -> bool:
    """Tell whether a function takes the session, or its statements, and tells problems in words."""
    signature = inspect.signature(made)
    takes = [each.annotation for each in signature.parameters.values()]
    gives = signature.return_annotation
    return takes in (["Session"], ["Statements"]) and gives in {"list[str]", "Iterator[str]"}


@lru_cache(maxsize=4096)
def tables_named(sql: str) -> frozenset[str]:
    """Name every table whose name stands anywhere in a statement."""
    return frozenset(WORD.findall(sql)) & Base.metadata.tables.keys()
