"""Saying what bank lines are: entries of the book, several things at once, or nothing known yet."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from community import ledger
from community.kernel import clock
from community.kernel.actor import Actor
from community.trust_property import permissions
from community.trust_property.errors.bank import (
    BankLineNotFound,
    FeeTooHigh,
    KindUnfit,
    LateReferenceMissing,
    LineTaken,
    MatchClosed,
    MatchNotFound,
    NothingPicked,
    ReferenceMissing,
    SumsDiffer,
)
from community.trust_property.models import BankLine, BankMatch, BankMatchEntry
from community.trust_property.queries.bank import LineView, get_line
from community.trust_property.queries.fund import get_bank_account
from community.trust_property.queries.matching import (
    BOOK,
    get_waiting,
    open_entries,
    unmatched_entries,
)
from community.trust_property.queries.policies import fee_caps
from community.trust_property.rules import fund as rules
from community.trust_property.rules.bank import WINDOW_DAYS, Candidate, MatchKind, may_be_fee
from community.trust_property.rules.fund import Purpose
from community.trust_property.rules.match_sources import find_match_source
from community.trust_property.rules.matters import percent_text
from community.trust_property.service.fund import load_fund
from community.trust_property.service.match_postings import (
    Desk,
    account_of,
    book_of,
    comes_back,
    desk_of,
    hold_entry,
    move_waiting,
    place_of,
    post,
    post_source,
    take_back,
    yuan,
)
from community.trust_property.service.payments import hide_payments, show_payments

_FAR = timedelta(days=3 * WINDOW_DAYS)


def match_lines(
    session: Session,
    actor: Actor,
    fund_id: int,
    line_ids: tuple[int, ...],
    picks: tuple[str, ...],
    reference: str = "",
) -> int:
    """Match bank lines of one account with what they are; gives the match's id.

    A pick is `book:17`, an entry already made, or `<source>:<id>`, which is posted now. Money
    that came may be less than entries by a service's fee, up to what the fund's rules allow; it
    is posted as a bank charge.
    Raises: BankLineNotFound, NothingPicked, LineTaken, SumsDiffer, FeeTooHigh, KindUnfit,
    PeriodClosed.
    """
    actor.check(permissions.PREPARE.code)
    load_fund(session, actor, fund_id)
    lines = _open_lines(session, actor, fund_id, line_ids)
    desk = desk_of(session, actor, fund_id, lines)
    chosen = _chosen(desk, lines, picks)
    total = sum(line.amount_fen for line in lines)
    fee = sum(each.amount_fen for each in chosen) - total
    posted_now = [each for each in chosen if each.source != BOOK]
    # What an owner leaves unpaid is no fee: only entries that are there may be more than the money.
    if fee and (posted_now or fee < 0 or total <= 0):
        raise SumsDiffer(lines=yuan(total), entries=yuan(total + fee))
    if fee:
        _check_fee(desk, lines, fee, total + fee)
    if fee or posted_now:
        _check_late(desk, reference)
    kind = MatchKind.SETTLED if posted_now else MatchKind.BOOKED
    match = _new_match(desk, kind, reference)
    match.fee_fen = fee
    if fee:
        match.fee_posted_id = post(desk, match, Purpose.CHARGE, rules.BANK_CHARGES, -fee, "fee")
    for candidate in chosen:
        if candidate.source == BOOK:
            hold_entry(desk, match, candidate.id, candidate.amount_fen)
    if posted_now:
        match.posted_id = post_source(desk, match, lines, posted_now, desk.account.account_id)
        amount = sum(each.amount_fen for each in posted_now)
        hold_entry(desk, match, match.posted_id, amount)
    _take_lines(session, match, lines)
    entries = {each.id for each in chosen if each.source == BOOK}
    show_payments(session, actor, [line.id for line in lines], entries)
    return match.id


def book_line(
    session: Session,
    actor: Actor,
    fund_id: int,
    line_id: int,
    kind: MatchKind,
    other_account_id: int | None = None,
    reference: str = "",
) -> int:
    """Enter a bank line that nobody announced: interest, a charge, a transfer, or unexplained.

    Money that left without approval goes to the public account 来源不明支出, money that came from
    nobody known to 待查收款; either way the month can close and everybody sees it. Money that comes
    back to such an account needs a reference, and so does a line of a period that is closed.
    Raises: BankLineNotFound, LineTaken, KindUnfit, ReferenceMissing, BankAccountNotFound.
    """
    actor.check(permissions.PREPARE.code)
    load_fund(session, actor, fund_id)
    lines = _open_lines(session, actor, fund_id, (line_id,))
    desk = desk_of(session, actor, fund_id, lines)
    amount = lines[0].amount_fen
    if kind is MatchKind.TRANSFER:
        if other_account_id is None:
            raise KindUnfit
        other = get_bank_account(session, actor, fund_id, other_account_id)
        if other.id == desk.account.id or other.use is not desk.account.use:
            raise KindUnfit
        purpose, path = Purpose.TRANSFER, other.path
    else:
        purpose, path = place_of(kind, amount)
        if comes_back(kind, amount) and not reference.strip():
            raise ReferenceMissing
    _check_late(desk, reference)
    match = _new_match(desk, kind, reference)
    match.posted_id = post(desk, match, purpose, path, amount, "line")
    hold_entry(desk, match, match.posted_id, amount)
    _take_lines(session, match, lines)
    return match.id


def explain_match(
    session: Session,
    actor: Actor,
    fund_id: int,
    match_id: int,
    kind: MatchKind,
    picks: tuple[str, ...],
    reference: str,
) -> int:
    """Explain money that waited on a public account, with a reference; gives the new match's id.

    It is interest, a charge, or what sources offer (an approved payment, a bill); the bank line
    stays with its first match, the account it waited on is cleared today.
    Raises: MatchNotFound, MatchClosed, ReferenceMissing, KindUnfit, SumsDiffer, LineTaken.
    """
    actor.check(permissions.PREPARE.code)
    load_fund(session, actor, fund_id)
    if not reference.strip():
        raise ReferenceMissing
    waiting = get_waiting(session, actor, fund_id, match_id)
    desk = desk_of(session, actor, fund_id, list(waiting.lines), is_late=True)
    match = _new_match(desk, kind, reference)
    match.resolves_id = match_id
    session.flush()
    path = rules.UNEXPLAINED if waiting.kind is MatchKind.UNEXPLAINED else rules.UNIDENTIFIED
    if kind is MatchKind.SETTLED:
        chosen = _chosen(desk, list(waiting.lines), picks)
        total = sum(each.amount_fen for each in chosen)
        if any(each.source == BOOK for each in chosen):
            raise KindUnfit
        if total != waiting.amount_fen:
            raise SumsDiffer(lines=yuan(waiting.amount_fen), entries=yuan(total))
        place = account_of(desk, path)
        match.posted_id = post_source(desk, match, waiting.lines, chosen, place)
    else:
        purpose, target = place_of(kind, waiting.amount_fen)
        if target == path:
            raise KindUnfit
        match.posted_id = move_waiting(desk, match, purpose, (path, target), waiting.amount_fen)
    session.flush()
    return match.id


def undo_match(session: Session, actor: Actor, fund_id: int, match_id: int) -> None:
    """Take a match back: its lines are open again, what it entered is reversed.

    Raises: MatchNotFound, MatchClosed in a closed period, for one undone or explained before.
    """
    actor.check(permissions.PREPARE.code)
    load_fund(session, actor, fund_id)
    match = session.get(BankMatch, match_id)
    if match is None or (match.community_id, match.fund_id) != (actor.community_id, fund_id):
        raise MatchNotFound
    lines = session.scalars(
        select(BankLine).where(
            BankLine.community_id == actor.community_id, BankLine.match_id == match.id
        )
    ).all()
    account = get_bank_account(session, actor, fund_id, match.bank_account_id)
    closed = ledger.closed_periods(session, actor.community_id, book_of(session, actor, account))[1]
    explained = session.scalar(
        select(BankMatch.id).where(
            BankMatch.community_id == actor.community_id,
            BankMatch.resolves_id == match.id,
            BankMatch.undone_at.is_(None),
        )
    )
    in_closed = closed is not None and any(line.day <= closed for line in lines)
    if match.undone_at is not None or explained is not None or in_closed:
        raise MatchClosed
    match.undone_by, match.undone_at = actor.person_id, clock.now()
    for line in lines:
        line.match_id = None
    session.execute(
        update(BankMatchEntry)
        .where(
            BankMatchEntry.community_id == actor.community_id, BankMatchEntry.match_id == match.id
        )
        .values(is_undone=True)
    )
    session.flush()
    hide_payments(session, actor, [line.id for line in lines])
    take_back(session, actor, account, match)


def _open_lines(
    session: Session, actor: Actor, fund_id: int, line_ids: tuple[int, ...]
) -> list[LineView]:
    if not line_ids:
        raise NothingPicked
    lines = [get_line(session, actor, fund_id, line_id) for line_id in dict.fromkeys(line_ids)]
    if len({line.bank_account_id for line in lines}) > 1:
        raise BankLineNotFound
    if any(line.match_id is not None for line in lines):
        raise LineTaken
    return lines


def _chosen(desk: Desk, lines: list[LineView], picks: tuple[str, ...]) -> list[Candidate]:
    """Look the picks up among what is still open, so that nothing is taken twice."""
    wanted: dict[str, list[int]] = defaultdict(list)
    for pick in picks:
        source, _, number = pick.partition(":")
        wanted[source].append(int(number) if number.isdecimal() else 0)
    total = sum(line.amount_fen for line in lines)
    known: dict[str, Candidate] = {}
    for source, numbers in wanted.items():
        for each in _of_source(desk, lines, source, tuple(numbers), total):
            known[f"{each.source}:{each.id}"] = each
    chosen = [known[pick] for pick in dict.fromkeys(picks) if pick in known]
    if not chosen:
        raise NothingPicked
    if len(chosen) != len(set(picks)):
        raise LineTaken
    return chosen


def _check_late(desk: Desk, reference: str) -> None:
    """Refuse to enter today what a closed period lacked without saying why.

    Raises: LateReferenceMissing.
    """
    if desk.is_late and not reference.strip():
        raise LateReferenceMissing


def _check_fee(desk: Desk, lines: list[LineView], fee: int, gross: int) -> None:
    """Refuse to book as a fee what the fund's rules do not allow one to be."""
    day = max(line.day for line in lines)
    most = fee_caps(desk.session, desk.actor.community_id, desk.account.fund_id)(day)
    if not may_be_fee(fee, gross, most):
        raise FeeTooHigh(fee=yuan(fee), gross=yuan(gross), most=percent_text(most))


def _of_source(
    desk: Desk, lines: list[LineView], name: str, numbers: tuple[int, ...], total: int
) -> Iterable[Candidate]:
    if name != BOOK:
        source = find_match_source(name)
        if source is None:
            return ()
        fund_id = desk.account.fund_id
        return source.find(desk.session, desk.actor, fund_id, numbers, total)
    first = min(line.day for line in lines) - _FAR
    last = max(line.day for line in lines) + _FAR
    near = open_entries(desk.session, desk.actor, desk.account, first, last)
    if {each.id for each in near}.issuperset(numbers):
        return near
    return unmatched_entries(desk.session, desk.actor, desk.account, clock.today())


def _new_match(desk: Desk, kind: MatchKind, reference: str) -> BankMatch:
    match = BankMatch(
        community_id=desk.actor.community_id,
        fund_id=desk.account.fund_id,
        bank_account_id=desk.account.id,
        kind=kind,
        reference=reference.strip(),
        made_by=desk.actor.person_id,
        made_at=clock.now(),
    )
    desk.session.add(match)
    desk.session.flush()
    return match


def _take_lines(session: Session, match: BankMatch, lines: list[LineView]) -> None:
    """Claim the lines from the state that was read, so that two clicks match them once."""
    for line in lines:
        row = session.get_one(BankLine, line.id)
        session.refresh(row)
        if row.match_id is not None:
            raise LineTaken
        row.match_id = match.id
    session.flush()
