"""Reading what a correction names, and where it may go."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from community import ledger
from community.kernel.actor import Actor
from community.trust_property.errors.corrections import EntryUnnamed, NothingToCorrect
from community.trust_property.models import BankMatch, BankMatchEntry, Matter
from community.trust_property.queries.bank import get_line
from community.trust_property.queries.entry_words import account_names
from community.trust_property.queries.fund import get_fund
from community.trust_property.queries.matters import MatterView, matters
from community.trust_property.rules import corrections as rules
from community.trust_property.rules.matters import MatterKind, MatterState
from community.trust_property.rules.titles import Words, words_of


@dataclass(frozen=True, slots=True)
class AccountChoice:
    """An account of income or expense."""

    account_id: int
    path: str
    words: Words


@dataclass(frozen=True, slots=True)
class Corrected:
    """An entry of the operating book and the one account of it that may be corrected.

    `amount_fen` is what it moved there, debits positive; `left_fen` what no correction took yet.
    """

    transaction_id: int
    line_id: int | None
    day: date
    purpose: str
    account: AccountChoice
    amount_fen: int
    left_fen: int
    is_closed: bool


def correction_accounts(session: Session, actor: Actor, fund_id: int) -> tuple[AccountChoice, ...]:
    """List the accounts that a correction may move an amount between.

    Raises: FundNotFound.
    """
    fund = get_fund(session, actor, fund_id)
    names = account_names(session, actor, fund_id)
    return tuple(
        AccountChoice(each.account_id, each.path, words_of(each.path, names))
        for each in ledger.book_accounts(session, actor.community_id, fund.book_id)
        if rules.may_correct(each.path)
    )


def get_corrected(session: Session, actor: Actor, fund_id: int, named: str) -> Corrected:
    """Get what a correction names: `entry:17`, or `line:3` of the bank.

    Raises: FundNotFound, EntryUnnamed, BankLineNotFound, NothingToCorrect.
    """
    fund = get_fund(session, actor, fund_id)
    read = rules.read_named(named)
    if read is None:
        raise EntryUnnamed
    kind, number = read
    line_id = number if kind == "line" else None
    entry = number if line_id is None else _entry_of(session, actor, fund_id, line_id)
    try:
        move = ledger.get_move(session, actor.community_id, entry)
    except ledger.UnknownTransaction as refusal:
        raise EntryUnnamed from refusal
    own = {each.account_id: each for each in correction_accounts(session, actor, fund_id)}
    touched = [
        (own[line.account_id], line.amount)
        for line in ledger.lines_of(session, actor.community_id, entry)
        if line.account_id in own
    ]
    if len(touched) != 1 or move.reverses is not None:
        raise NothingToCorrect
    account, amount = touched[0]
    closed = ledger.closed_periods(session, actor.community_id, fund.book_id)[1]
    return Corrected(
        entry,
        line_id,
        move.effective_on,
        move.purpose,
        account,
        amount,
        abs(amount) - _taken(session, actor, fund_id, entry),
        closed is not None and move.effective_on <= closed,
    )


def corrections(session: Session, actor: Actor, fund_id: int) -> tuple[MatterView, ...]:
    """List corrections, the newest first.

    Raises: FundNotFound.
    """
    found = matters(session, actor, fund_id)
    return tuple(each for each in found if each.kind == MatterKind.CORRECTION.value)


def _entry_of(session: Session, actor: Actor, fund_id: int, line_id: int) -> int:
    """Find the one entry that a bank line was matched with."""
    line = get_line(session, actor, fund_id, line_id)
    found = session.scalars(
        select(BankMatchEntry.transaction_id)
        .join(BankMatch, BankMatch.id == BankMatchEntry.match_id)
        .where(
            BankMatchEntry.community_id == actor.community_id,
            BankMatchEntry.match_id == line.match_id,
            BankMatchEntry.is_undone.is_(False),
            BankMatch.fee_posted_id.is_distinct_from(BankMatchEntry.transaction_id),
        )
    ).all()
    if len(found) != 1:
        raise NothingToCorrect
    return found[0]


def _taken(session: Session, actor: Actor, fund_id: int, entry: int) -> int:
    total = session.scalar(
        select(func.coalesce(func.sum(Matter.amount_fen), 0)).where(
            Matter.community_id == actor.community_id,
            Matter.fund_id == fund_id,
            Matter.kind == MatterKind.CORRECTION.value,
            Matter.subject_id == entry,
            Matter.state.in_([MatterState.OPEN, MatterState.MADE]),
        )
    )
    return int(total or 0)
