"""What other files of this room offer to be matched with bank lines, before it is in the books."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from community.kernel.actor import Actor
from community.trust_property.rules.bank import Candidate, Guess, Wanted


@dataclass(frozen=True, slots=True)
class Settling:
    """What a source is asked to post: `picks` of its own, against an account of the fund.

    `account_id` is the bank account's, or the public account on which the money waited. The
    source's entry must move `amount_fen` on it, money that came being positive, on `day`.
    """

    fund_id: int
    book_id: int
    bank_account_id: int
    account_id: int
    day: date
    amount_fen: int
    picks: tuple[tuple[int, int], ...]
    key: str
    payer: str = ""
    number: str = ""
    is_adjusting: bool = False


@dataclass(frozen=True, slots=True)
class Offer:
    """What a source offers for one bank line: ranked guesses, and everything worth choosing."""

    guesses: tuple[Guess, ...] = ()
    candidates: tuple[Candidate, ...] = ()


@dataclass(frozen=True, slots=True)
class MatchSource:
    """A kind of thing that a line of the operating account may settle, as bills that are open.

    `offers(session, actor, fund_id, wanted)` gives an offer for each wanted line;
    `find(session, actor, fund_id, ids, amount_fen)` looks up what was picked for lines of that sum;
    `post(session, actor, settling)` enters it and gives the transaction's id;
    `undo(session, actor, transaction_id, mirror)` takes that back when the match is undone:
    `mirror()` enters the opposite on the same day and gives its id.
    """

    name: str
    title: str
    offers: Callable[[Any, Actor, int, tuple[Wanted, ...]], tuple[Offer, ...]]
    find: Callable[[Any, Actor, int, tuple[int, ...], int], tuple[Candidate, ...]]
    post: Callable[[Any, Actor, Settling], int]
    undo: Callable[[Any, Actor, int, Callable[[], int]], None]


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
