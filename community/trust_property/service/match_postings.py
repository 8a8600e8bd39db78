"""What matching enters into the books: charges, interest, transfers, waiting money, and mirrors."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from community import ledger
from community.kernel import clock
from community.kernel.actor import Actor
from community.trust_property.errors.bank import KindUnfit, NothingPicked
from community.trust_property.models import BankMatch, BankMatchEntry
from community.trust_property.queries.bank import LineView
from community.trust_property.queries.fund import BankAccountView, get_bank_account, get_fund
from community.trust_property.queries.matching import source_of
from community.trust_property.rules import fund as rules
from community.trust_property.rules.bank import Candidate, MatchKind
from community.trust_property.rules.fund import BankUse, Purpose
from community.trust_property.rules.match_sources import Settling, find_match_source
from community.trust_property.service import books

_INCOME = ledger.AccountType.INCOME
_LIABILITY = ledger.AccountType.LIABILITY
_EXPENSE = ledger.AccountType.EXPENSE


@dataclass(frozen=True, slots=True)
class Desk:
    """What every act on lines of one bank account needs."""

    session: Session
    actor: Actor
    account: BankAccountView
    book_id: int
    day: date
    is_adjusting: bool
    # The lines' own period is closed for good, so what is entered counts today.
    is_late: bool = False


def book_of(session: Session, actor: Actor, account: BankAccountView) -> int:
    """Tell in which book a bank account stands."""
    fund = get_fund(session, actor, account.fund_id)
    return fund.book_id if account.use is BankUse.OPERATING else fund.reserve_book_id


def desk_of(
    session: Session,
    actor: Actor,
    fund_id: int,
    lines: list[LineView],
    *,
    is_late: bool = False,
) -> Desk:
    """Settle on the day that counts: the bank's, or today when its period is closed or past."""
    account = get_bank_account(session, actor, fund_id, lines[0].bank_account_id)
    book_id = book_of(session, actor, account)
    soft, closed = ledger.closed_periods(session, actor.community_id, book_id)
    day = clock.today() if is_late else max(line.day for line in lines)
    in_closed = closed is not None and day <= closed
    if in_closed:
        day = clock.today()
    is_adjusting = soft is not None and day <= soft
    return Desk(session, actor, account, book_id, day, is_adjusting, in_closed)


def place_of(kind: MatchKind, amount: int) -> tuple[Purpose, str]:
    """Tell where a line goes that is no transfer; the account's floor guards what comes back.

    Raises: KindUnfit.
    """
    if kind is MatchKind.INTEREST and amount > 0:
        return Purpose.INTEREST, rules.INTEREST
    if kind is MatchKind.CHARGE and amount < 0:
        return Purpose.CHARGE, rules.BANK_CHARGES
    if kind is MatchKind.UNEXPLAINED:
        return Purpose.UNEXPLAINED, rules.UNEXPLAINED
    if kind is MatchKind.UNIDENTIFIED:
        return Purpose.UNEXPLAINED, rules.UNIDENTIFIED
    raise KindUnfit


def comes_back(kind: MatchKind, amount: int) -> bool:
    """Tell whether money comes back to, or leaves, the account it waits on."""
    return (kind is MatchKind.UNEXPLAINED and amount > 0) or (
        kind is MatchKind.UNIDENTIFIED and amount < 0
    )


def account_of(desk: Desk, path: str) -> int:
    """Give an account of the book by its path, opened when first needed."""
    if path.startswith("bank/"):
        return books.bank_account(desk.session, desk.actor, desk.book_id, int(path[5:]))
    kinds = {rules.UNIDENTIFIED: _LIABILITY, rules.INTEREST: _INCOME}
    kind = kinds.get(path, _EXPENSE)
    floor = None if path == rules.INTEREST else 0
    return books.open_account(desk.session, desk.actor, desk.book_id, path, kind, floor=floor)


def post(desk: Desk, match: BankMatch, purpose: Purpose, path: str, amount: int, word: str) -> int:
    """Enter what came to, or left, the bank account against another account."""
    other = account_of(desk, path)
    bank = desk.account.account_id
    came, went = (bank, other) if amount > 0 else (other, bank)
    posted = _enter(desk, match, purpose, (came, went), abs(amount), word)
    if word == "fee":
        hold_entry(desk, match, posted, amount)
    return posted


def move_waiting(
    desk: Desk, match: BankMatch, purpose: Purpose, paths: tuple[str, str], amount: int
) -> int:
    """Clear the account on which money waited: as the bank's own would have moved."""
    waited, target = (account_of(desk, path) for path in paths)
    came, went = (waited, target) if amount > 0 else (target, waited)
    return _enter(desk, match, purpose, (came, went), abs(amount), "explain")


def _enter(
    desk: Desk,
    match: BankMatch,
    purpose: Purpose,
    accounts: tuple[int, int],
    amount: int,
    word: str,
) -> int:
    posting = ledger.Posting(
        book_id=desk.book_id,
        lines=(ledger.debit(accounts[0], amount), ledger.credit(accounts[1], amount)),
        purpose=purpose.value,
        source=source_of(match.id),
        key=f"match:{match.id}:{word}",
        effective_on=desk.day,
        is_adjusting=desk.is_adjusting,
    )
    return ledger.post(desk.session, desk.actor, posting).transaction_id


def post_source(
    desk: Desk,
    match: BankMatch,
    lines: Sequence[LineView],
    chosen: Sequence[Candidate],
    account_id: int,
) -> int:
    """Let the one source of what was chosen enter it; gives the transaction.

    Raises: KindUnfit when they are of two sources, or the account is not the operating one.
    """
    names = {each.source for each in chosen}
    source = find_match_source(next(iter(names)))
    if len(names) != 1 or desk.account.use is not BankUse.OPERATING:
        raise KindUnfit
    if source is None:
        raise NothingPicked
    match.source = source.name
    settling = Settling(
        desk.account.fund_id,
        desk.book_id,
        desk.account.id,
        account_id,
        desk.day,
        sum(each.amount_fen for each in chosen),
        tuple((each.id, each.amount_fen) for each in chosen),
        f"match:{match.id}:{source.name}",
        next((line.counterparty for line in lines if line.counterparty), ""),
        next((line.number for line in lines if line.number), ""),
        desk.is_adjusting,
    )
    return source.post(desk.session, desk.actor, settling)


def hold_entry(desk: Desk, match: BankMatch, transaction_id: int, amount: int) -> None:
    """Hold an entry of the books against the lines."""
    entry = BankMatchEntry(
        community_id=desk.actor.community_id,
        match_id=match.id,
        bank_account_id=desk.account.id,
        transaction_id=transaction_id,
        amount_fen=amount,
    )
    desk.session.add(entry)
    desk.session.flush()


def take_back(session: Session, actor: Actor, account: BankAccountView, match: BankMatch) -> None:
    """Enter the mirror of what a match entered, on the same day: bank and book agree again."""
    book_id = book_of(session, actor, account)
    for posted_id in (match.posted_id, match.fee_posted_id):
        if posted_id is None:
            continue
        mirror = _mirror_of(session, actor, book_id, match, posted_id)
        move = ledger.get_move(session, actor.community_id, posted_id)
        if move.source != source_of(match.id):
            source = find_match_source(match.source)
            assert source is not None, f"nothing offers {match.source} any more"
            source.undo(session, actor, posted_id, mirror)
            continue
        mirror()


def _mirror_of(
    session: Session, actor: Actor, book_id: int, match: BankMatch, posted_id: int
) -> Callable[[], int]:
    """Give what enters the opposite of an entry on the entry's own day."""

    def enter() -> int:
        move = ledger.get_move(session, actor.community_id, posted_id)
        soft, _ = ledger.closed_periods(session, actor.community_id, book_id)
        lines = ledger.lines_of(session, actor.community_id, posted_id)
        posting = ledger.Posting(
            book_id,
            tuple(ledger.Line(line.account_id, -line.amount) for line in lines),
            move.purpose,
            source_of(match.id),
            f"unmatch:{match.id}:{posted_id}",
            effective_on=move.effective_on,
            is_adjusting=soft is not None and move.effective_on <= soft,
        )
        return ledger.post(session, actor, posting).transaction_id

    return enter


def yuan(fen: int) -> str:
    """Write an amount for a refusal."""
    return f"{'-' if fen < 0 else ''}{abs(fen) // 100:,}.{abs(fen) % 100:02d}"
