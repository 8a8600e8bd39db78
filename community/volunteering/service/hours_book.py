"""The book of hours: what was served, by whom; a record that is never spent."""

from __future__ import annotations

from sqlalchemy.orm import Session

from community import ledger
from community.kernel.actor import Actor
from community.volunteering.models import HoursRecord

UNIT = "MIN"


def post_hours(session: Session, actor: Actor, row: HoursRecord) -> int:
    """Post a record's minutes to its person, from the class they were served in."""
    book_id = ledger.ensure_book(session, actor, ledger.BookKind.HOURS)
    served = ledger.ensure_account(
        session,
        actor,
        book_id,
        UNIT,
        f"served/{row.hours_class.value}",
        ledger.AccountType.ASSET,
    )
    person = ledger.ensure_account(
        session,
        actor,
        book_id,
        UNIT,
        f"person/{row.person_id}",
        ledger.AccountType.LIABILITY,
        owner=f"person:{row.person_id}",
    )
    posted = ledger.post(
        session,
        actor,
        ledger.Posting(
            book_id=book_id,
            lines=(ledger.debit(served, row.minutes), ledger.credit(person, row.minutes)),
            purpose=row.title,
            source=f"hours:{row.id}",
            key=f"hours:{row.id}:{row.version}",
            effective_on=row.served_on,
        ),
    )
    return posted.transaction_id


def take_back_hours(session: Session, actor: Actor, row: HoursRecord, reason: str) -> None:
    """Reverse the posting of a record that no longer counts as it stood."""
    assert row.posted_transaction_id is not None
    key = f"hours:{row.id}:{row.posted_version}:reverse"
    ledger.reverse(session, actor, row.posted_transaction_id, reason, key)
