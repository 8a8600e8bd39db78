"""How points and time coins reach the ledger: which books, accounts, purposes and keys.

The coins of a service are set aside towards a passage account, which is empty after each command:
what they become (the giver's, or the pool's beyond the cap) is known only at the end.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from community import ledger
from community.kernel.actor import Actor
from community.volunteering.queries.balances import KINDS, UNITS, balance_of
from community.volunteering.rules.points import Book

ISSUED = "issued"
PASSAGE = "passage"


def open_book(session: Session, actor: Actor, book: Book) -> int:
    """Give the community's book of points or coins, with the passage that must stay empty."""
    book_id = ledger.ensure_book(session, actor, KINDS[book])
    ledger.ensure_account(
        session, actor, book_id, UNITS[book], PASSAGE, ledger.AccountType.LIABILITY
    )
    return book_id


def issue(
    session: Session,
    actor: Actor,
    book: Book,
    owner: str,
    units: int,
    expires_on: date | None,
    purpose: str,
    source: str,
) -> int:
    """Issue new points or coins to an owner; the source is the key, so it happens once."""
    book_id = open_book(session, actor, book)
    posted = ledger.earn_lot(
        session, actor, book_id, owner, units, expires_on, ISSUED, purpose, source,
        f"{purpose}:{source}:{owner}",
    )  # fmt: skip
    return posted.transaction_id


def take_back(
    session: Session, actor: Actor, book: Book, owner: str, units: int, purpose: str, source: str
) -> int:
    """Take issued units back from what is left, at most what is there; tell how many."""
    found = balance_of(session, actor.community_id, book, owner)
    taken = min(units, found.available)
    if taken > 0:
        book_id = open_book(session, actor, book)
        ledger.spend_lots(
            session, actor, book_id, owner, taken, ISSUED, purpose, source,
            f"{purpose}:{source}:{owner}",
        )  # fmt: skip
    return taken


def move_coins(
    session: Session, actor: Actor, giver: str, taker: str, minutes: int, purpose: str, source: str
) -> None:
    """Move coins from one owner to another.

    Raises: ledger.InsufficientBalance.
    """
    book_id = open_book(session, actor, Book.TIME)
    ledger.move_lots(
        session, actor, book_id, giver, taker, minutes, purpose, source,
        f"{purpose}:{source}:{taker}",
    )  # fmt: skip
