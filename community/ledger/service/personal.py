"""What happens to an owner's books when people merge, die or leave."""

from __future__ import annotations

from sqlalchemy.orm import Session

from community.kernel import db
from community.kernel.actor import Actor
from community.ledger.rules import AccountType, Posting, credit, debit, owner_path
from community.ledger.service.accounts import ensure_account
from community.ledger.service.lots import move_lots, spendable
from community.ledger.service.posting import post


def move_balances(
    session: Session, actor: Actor, from_owner: str, to_owner: str, purpose: str, key: str
) -> int:
    """Move all that is available of an owner to another, in every book; lots keep their day.

    For merged people and inheritance. What is on hold stays until the hold is resolved. Gives how
    many books were touched. Raises: as `post`.
    """
    at = db.statements(session)
    rows = at.all(
        "SELECT id, book_id, unit, path, type, is_summary,"
        " normal * (posted_debits - posted_credits), pending_debits FROM ledger_account"
        " WHERE community_id = ? AND owner = ? AND parent_id IS NULL AND state = 'open'"
        " AND type = 'liability' ORDER BY id",
        (actor.community_id, from_owner),
    )
    touched = 0
    for account_id, book_id, unit, path, kind, is_summary, balance, pending in rows:
        book_key = f"{key}:{account_id}"
        if is_summary:
            amount = spendable(session, actor, book_id, from_owner)
            if amount > 0:
                move_lots(
                    session, actor, book_id, from_owner, to_owner, amount, purpose, "", book_key
                )
        else:
            amount = balance - pending
            if amount > 0:
                to_path = owner_path(to_owner) + path.removeprefix(owner_path(from_owner))
                to_id = ensure_account(
                    session, actor, book_id, unit, to_path, AccountType(kind), to_owner
                )
                lines = (debit(account_id, amount), credit(to_id, amount))
                post(session, actor, Posting(book_id, lines, purpose, "", book_key))
        touched += amount > 0
    return touched
