"""Reading a fund's entries from the public log's records, for other people's forms."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from community import ledger, transparency
from community.kernel.actor import Actor
from community.trust_property.queries.entry_words import account_names, words_of_entries
from community.trust_property.queries.fund import FundView, get_fund
from community.trust_property.rules.bookkeeping import Entry, NamedAccount, write_beancount
from community.trust_property.rules.titles import PURPOSES, words_of

RECORD = "ledger.transaction"
OPERATING, RESERVE = "Operating", "Reserve"
_IDS_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class BookEntries:
    """A book's accounts and its posted entries, as the public sees them."""

    accounts: tuple[NamedAccount, ...]
    entries: tuple[Entry, ...]


def book_entries(
    session: Session,
    actor: Actor,
    fund: FundView,
    book_id: int,
    since: date = date.min,
    until: date = date.max,
) -> BookEntries:
    """List a book's posted entries of some days, households' accounts in groups."""
    found = [
        said
        for said in (
            each.fields for each in transparency.records_of(session, actor.community_id, RECORD)
        )
        if said["book"] == book_id
        and since.isoformat() <= said["effective_on"] <= until.isoformat()
        and any(line[1] for line in said["lines"])
    ]
    ids = [said["transaction"] for said in found]
    words: dict[int, str] = {}
    for start in range(0, len(ids), _IDS_AT_ONCE):
        some = ids[start : start + _IDS_AT_ONCE]
        words |= words_of_entries(session, actor, fund.id, some)
    names = account_names(session, actor, fund.id)
    accounts = []
    paths = ledger.public_account_paths(session, actor.community_id, book_id)
    for number, (path, kind) in paths.items():
        told = words_of(path, names)
        both = f"{told.title} {told.name}".strip()
        accounts.append(NamedAccount(number, path, kind.value, both))
    return BookEntries(
        tuple(accounts),
        tuple(
            Entry(
                said["transaction"],
                date.fromisoformat(said["effective_on"]),
                words.get(said["transaction"], PURPOSES.get(said["purpose"], said["purpose"])),
                said["purpose"],
                tuple((number, posted) for number, posted, _ in said["lines"] if posted),
            )
            for said in found
        ),
    )


def beancount_of(session: Session, actor: Actor, fund_id: int) -> str:
    """Write a fund's books as a Beancount file.

    Raises: FundNotFound.
    """
    fund = get_fund(session, actor, fund_id)
    books = []
    for name, book_id in ((OPERATING, fund.book_id), (RESERVE, fund.reserve_book_id)):
        found = book_entries(session, actor, fund, book_id)
        books.append((name, found.accounts, found.entries))
    return write_beancount(fund.name, books)
