"""What a bank line may be: entries of the book that no line answers yet, and what sources offer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from community import ledger
from community.kernel import clock
from community.kernel.actor import Actor
from community.trust_property.errors.bank import MatchClosed, MatchNotFound
from community.trust_property.models import BankLine, BankMatch, BankMatchEntry, Receipt
from community.trust_property.queries.bank import LineView, bank_lines, get_line
from community.trust_property.queries.fund import BankAccountView, get_bank_account, get_fund
from community.trust_property.queries.payments import unmatched_payments
from community.trust_property.queries.policies import fee_caps
from community.trust_property.rules.bank import (
    WAITING,
    WINDOW_DAYS,
    Candidate,
    Guess,
    MatchKind,
    Wanted,
    guess,
    ranked,
)
from community.trust_property.rules.fund import BankUse, Purpose
from community.trust_property.rules.match_sources import Offer, match_sources

BOOK = "book"
_LONG_AGO = date(2000, 1, 1)
_FAR = timedelta(days=WINDOW_DAYS)


@dataclass(frozen=True, slots=True)
class LineChoices:
    """All that one line may be: ranked guesses, everything near, and other open lines near."""

    line: LineView
    guesses: tuple[Guess, ...]
    candidates: tuple[Candidate, ...]
    offered: tuple[Candidate, ...]
    others: tuple[LineView, ...]
    # Its period is closed for good: what is entered counts today and needs a reference.
    is_late: bool


@dataclass(frozen=True, slots=True)
class WaitingMatch:
    """Money that waits on a public account until it is explained."""

    match_id: int
    kind: MatchKind
    lines: tuple[LineView, ...]
    amount_fen: int
    reference: str


def open_entries(
    session: Session, actor: Actor, account: BankAccountView, since: date, until: date
) -> tuple[Candidate, ...]:
    """List the entries on a bank account that no bank line answers; opening balances have none.

    An entry and its reversal answer each other when neither is matched.
    """
    # A reversal counts on the day it is made, long after what it reverses.
    today = max(until, clock.today())
    moves = ledger.moves_of(session, actor.community_id, account.account_id, since, today)
    taken = set(
        session.scalars(
            select(BankMatchEntry.transaction_id).where(
                BankMatchEntry.community_id == actor.community_id,
                BankMatchEntry.bank_account_id == account.id,
                BankMatchEntry.is_undone.is_(False),
            )
        )
    )
    here = {each.transaction_id for each in moves}
    undone = {
        number
        for each in moves
        if each.reverses in here - taken and each.transaction_id not in taken
        for number in (each.transaction_id, each.reverses)
    }
    cancelled, sources = _undone(session, actor, account.fund_id)
    words = _words(session, actor, account.fund_id, since)
    return tuple(
        Candidate(
            BOOK,
            each.transaction_id,
            each.effective_on,
            each.amount,
            words.get(each.transaction_id, each.source),
        )
        for each in moves
        if each.transaction_id not in taken | undone | cancelled
        and each.source not in sources
        and each.purpose != Purpose.OPENING
        and each.effective_on <= until
    )


def _words(session: Session, actor: Actor, fund_id: int, since: date) -> dict[int, str]:
    """Tell whom entries were paid to or received from, as the bank may write it too."""
    paid = {
        each.transaction_id: f"{each.payee} {each.bank_number}"
        for each in unmatched_payments(session, actor.community_id, fund_id)
    }
    received = session.execute(
        select(Receipt.transaction_id, Receipt.payer, Receipt.reference).where(
            Receipt.community_id == actor.community_id,
            Receipt.fund_id == fund_id,
            Receipt.received_on >= since,
        )
    )
    return paid | {number: f"{payer} {reference}".strip() for number, payer, reference in received}


def _undone(session: Session, actor: Actor, fund_id: int) -> tuple[set[int], set[str]]:
    """Tell what undone matches had entered, and the source by which they took it back."""
    rows = session.execute(
        select(BankMatch.id, BankMatch.posted_id, BankMatch.fee_posted_id).where(
            BankMatch.community_id == actor.community_id,
            BankMatch.fund_id == fund_id,
            BankMatch.undone_at.is_not(None),
        )
    ).all()
    posted = {number for _, *numbers in rows for number in numbers if number is not None}
    return posted, {source_of(match_id) for match_id, *_ in rows}


def source_of(match_id: int) -> str:
    """Name a match as the source of what it enters."""
    return f"match:{match_id}"


def candidates_near(
    session: Session, actor: Actor, account: BankAccountView, since: date, until: date
) -> tuple[Candidate, ...]:
    """List the book's open entries between two days."""
    return open_entries(session, actor, account, since, until)


def offers_for(
    session: Session, actor: Actor, account: BankAccountView, wanted: Sequence[Wanted]
) -> tuple[Offer, ...]:
    """Gather what all sources offer for lines of an account, an offer a line.

    What sources offer stands in the operating book, so a reserve account's lines get nothing.
    """
    if account.use is not BankUse.OPERATING or not wanted:
        return (Offer(),) * len(wanted)
    by_source = [
        source.offers(session, actor, account.fund_id, tuple(wanted)) for source in match_sources()
    ]
    return tuple(
        Offer(
            tuple(guess for offer in offers for guess in offer.guesses),
            tuple(each for offer in offers for each in offer.candidates),
        )
        for offers in zip(*by_source, strict=True)
    )


def line_choices(
    session: Session, actor: Actor, fund_id: int, line_id: int, seek: str = ""
) -> LineChoices:
    """Tell what a line may be, likeliest first; `seek` adds a unit or a name to look for.

    Raises: BankLineNotFound.
    """
    line = get_line(session, actor, fund_id, line_id)
    account = get_bank_account(session, actor, fund_id, line.bank_account_id)
    near = open_entries(session, actor, account, line.day - _FAR, line.day + _FAR)
    same_way = tuple(each for each in near if (each.amount_fen > 0) == (line.amount_fen > 0))
    others = tuple(
        each
        for each in bank_lines(session, actor, fund_id, account.id, only_open=True)
        if each.id != line.id
        and (each.amount_fen > 0) == (line.amount_fen > 0)
        and abs((each.day - line.day).days) <= WINDOW_DAYS
    )
    seen = wanted(line, seek)
    (offer,) = offers_for(session, actor, account, (seen,))
    most = fee_caps(session, actor.community_id, fund_id)(line.day)
    guesses = ranked((*guess(seen, near, most), *offer.guesses))
    closed = ledger.closed_periods(session, actor.community_id, _book_of(session, actor, account))[
        1
    ]
    is_late = closed is not None and line.day <= closed
    return LineChoices(line, guesses, same_way, offer.candidates, others, is_late)


def _book_of(session: Session, actor: Actor, account: BankAccountView) -> int:
    fund = get_fund(session, actor, account.fund_id)
    return fund.book_id if account.use is BankUse.OPERATING else fund.reserve_book_id


def wanted(line: LineView, seek: str = "") -> Wanted:
    """See a line as guessing does."""
    words = f"{line.counterparty} {line.summary} {line.number} {seek}"
    return Wanted(line.day, line.amount_fen, words, line.counterparty)


def best_guesses(
    session: Session,
    actor: Actor,
    fund_id: int,
    bank_account_id: int,
    lines: Sequence[LineView],
) -> dict[int, Guess]:
    """Give the best guess of each open line of a page."""
    still_open = [each for each in lines if each.match_id is None]
    if not still_open:
        return {}
    account = get_bank_account(session, actor, fund_id, bank_account_id)
    first, last = min(each.day for each in still_open), max(each.day for each in still_open)
    near = open_entries(session, actor, account, first - _FAR, last + _FAR)
    seen = [wanted(each) for each in still_open]
    offers = offers_for(session, actor, account, seen)
    caps = fee_caps(session, actor.community_id, fund_id)
    found = {
        line.id: ranked((*guess(each, near, caps(each.day)), *offer.guesses))
        for line, each, offer in zip(still_open, seen, offers, strict=True)
    }
    return {line_id: guesses[0] for line_id, guesses in found.items() if guesses}


def offers_to_explain(
    session: Session, actor: Actor, fund_id: int, match_id: int, seek: str = ""
) -> Offer:
    """Tell what money that waits may have been for.

    Raises: MatchNotFound, MatchClosed.
    """
    found = get_waiting(session, actor, fund_id, match_id)
    account = get_bank_account(session, actor, fund_id, found.lines[0].bank_account_id)
    seen = wanted(found.lines[0], seek)
    (offer,) = offers_for(session, actor, account, (replace(seen, amount_fen=found.amount_fen),))
    return offer


def waiting_matches(session: Session, actor: Actor, fund_id: int) -> tuple[WaitingMatch, ...]:
    """List the lines that nobody has explained yet, the oldest first.

    Raises: FundNotFound.
    """
    get_fund(session, actor, fund_id)
    explained = select(BankMatch.resolves_id).where(
        BankMatch.community_id == actor.community_id,
        BankMatch.resolves_id.is_not(None),
        BankMatch.undone_at.is_(None),
    )
    rows = session.scalars(
        select(BankMatch)
        .where(
            BankMatch.community_id == actor.community_id,
            BankMatch.fund_id == fund_id,
            BankMatch.kind.in_(list(WAITING)),
            BankMatch.undone_at.is_(None),
            BankMatch.resolves_id.is_(None),
            BankMatch.id.not_in(explained),
        )
        .order_by(BankMatch.id)
    ).all()
    return tuple(_waiting(session, actor, row) for row in rows)


def get_waiting(session: Session, actor: Actor, fund_id: int, match_id: int) -> WaitingMatch:
    """Get money that waits.

    Raises: MatchNotFound, MatchClosed once it is explained or was never unclear.
    """
    match = session.get(BankMatch, match_id)
    if match is None or (match.community_id, match.fund_id) != (actor.community_id, fund_id):
        raise MatchNotFound
    for each in waiting_matches(session, actor, fund_id):
        if each.match_id == match_id and each.lines:
            return each
    raise MatchClosed


def _waiting(session: Session, actor: Actor, row: BankMatch) -> WaitingMatch:
    line_ids = session.scalars(
        select(BankLine.id).where(
            BankLine.community_id == actor.community_id, BankLine.match_id == row.id
        )
    )
    lines = tuple(get_line(session, actor, row.fund_id, line_id) for line_id in line_ids)
    amount = sum(each.amount_fen for each in lines)
    return WaitingMatch(row.id, row.kind, lines, amount, row.reference)


def unmatched_entries(
    session: Session, actor: Actor, account: BankAccountView, until: date
) -> tuple[Candidate, ...]:
    """List the entries up to a day that no bank line answers."""
    return open_entries(session, actor, account, _LONG_AGO, until)
