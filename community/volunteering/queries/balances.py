"""What somebody, a household or the pool holds in points and coins."""

from __future__ import annotations

from sqlalchemy.orm import Session

from community import identity, ledger
from community.volunteering.rules.points import Book, household_owner, person_owner

KINDS = {Book.POINTS: ledger.BookKind.POINTS, Book.TIME: ledger.BookKind.TIME}
UNITS = {Book.POINTS: "PTS", Book.TIME: "MIN"}


def balance_of(session: Session, community_id: int, book: Book, owner: str) -> ledger.Balance:
    """Tell what an owner holds in a book; coins are minutes."""
    return ledger.balance_of(session, community_id, KINDS[book], owner)


def coins_of(session: Session, community_id: int, person_id: int) -> ledger.Balance:
    """Tell a person's time coins in minutes."""
    return balance_of(session, community_id, Book.TIME, person_owner(person_id))


def household_points(session: Session, community_id: int, household_id: int) -> int:
    """Tell the points a household can spend: its own and those of its members."""
    members = identity.members_of(session, community_id, household_id)
    owners = [household_owner(household_id), *(person_owner(each) for each in members)]
    return sum(balance_of(session, community_id, Book.POINTS, owner).available for owner in owners)
