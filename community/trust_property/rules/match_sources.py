"""What other files of this room offer to be matched with bank lines, before it is in the books."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from community.kernel.actor import Actor
from community.trust_property.rules.bank import Candidate


@dataclass(frozen=True, slots=True)
class Settling:
    """What a source is asked to post: `picks` of its own, against an account of the fund.

    `account_id` is the bank account's, or the public account on which the money waited. The
    source's entry must move `amount_fen` on it, money that came being positive, on `day`.
    """

    fund_id: int
    book_id: int
    account_id: int
    day: date
    amount_fen: int
    picks: tuple[tuple[int, int], ...]
    key: str


@dataclass(frozen=True, slots=True)
class MatchSource:
    """A kind of thing that a bank line may settle, as bills that are open.

    `candidates(session, actor, fund_id, since, until)` lists them with signed amounts;
    `post(session, actor, settling)` enters them and gives the transaction's id;
    `undo(session, actor, transaction_id, key)` takes that back when the match is undone.
    """

    name: str
    title: str
    candidates: Callable[[Any, Actor, int, date, date], tuple[Candidate, ...]]
    post: Callable[[Any, Actor, Settling], int]
    undo: Callable[[Any, Actor, int, str], None]


_sources: dict[str, MatchSource] = {}


def add_match_source(source: MatchSource) -> None:
    """Offer a kind of thing for matching; a room's file does so when it is imported."""
    _sources[source.name] = source


def match_sources() -> tuple[MatchSource, ...]:
    """List what is offered."""
    return tuple(_sources.values())


def find_match_source(name: str) -> MatchSource | None:
    """Find a source by its name."""
    return _sources.get(name)
