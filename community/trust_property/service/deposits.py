"""Deposits (押金): taken for a unit, given back once, kept only by the committee's key."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from community import identity, ledger
from community.kernel import clock, db
from community.kernel.actor import Actor
from community.trust_property.errors.bills import UnitNotInFund
from community.trust_property.errors.held_money import (
    DepositEnded,
    DepositNotFound,
    DepositWaiting,
)
from community.trust_property.errors.matters import ReasonMissing
from community.trust_property.models import Deposit, Fund, Matter
from community.trust_property.rules import fund as fund_rules
from community.trust_property.rules import held_money as rules
from community.trust_property.rules.bills import unit_owner
from community.trust_property.rules.fund import Purpose
from community.trust_property.rules.matters import Fact, MatterKind, MatterState, yuan_text
from community.trust_property.rules.opening import OpeningItem, OpeningKind
from community.trust_property.service import books, matters
from community.trust_property.service.money_ways import (
    Way,
    check_cash,
    load_for_trustee,
    money_account,
    post_move,
)
from community.trust_property.service.opening_drafts import is_in_fund
from community.trust_property.service.publishing import hidden_words, publish
from community.trust_property.service.vouchers import Paper, keep_papers

_LIABILITY = ledger.AccountType.LIABILITY


def take_deposit(
    session: Session,
    actor: Actor,
    fund_id: int,
    unit_id: int,
    label: str,
    amount_fen: int,
    payer: str,
    way: Way,
) -> int:
    """Take a deposit for a unit, under the next number of its receipts; gives its id.

    Raises: FundNotFound, FundClosed, NoKey, UnitNotInFund, BankAccountNeeded,
    BankAccountNotFound, MovedInFuture, PeriodClosed.
    """
    fund = load_for_trustee(session, actor, fund_id)
    if not is_in_fund(session, actor, fund_id, unit_id):
        raise UnitNotInFund
    into = money_account(session, actor, fund, way)
    held = deposit_account(session, actor, fund, unit_id)
    moved = (into, held, amount_fen)
    done = post_move(session, actor, fund, moved, Purpose.DEPOSIT, "deposit", way.on)
    number = _next_number(session, actor, fund_id)
    row = Deposit(
        community_id=actor.community_id,
        fund_id=fund_id,
        unit_id=unit_id,
        label=label,
        payer=payer,
        amount_fen=amount_fen,
        channel=way.channel,
        bank_account_id=way.bank_account_id,
        receipt_number=number,
        record_id=_publish_receipt(session, actor, fund_id, number, unit_id, amount_fen, done),
        taken_on=way.on,
        transaction_id=done,
        taken_by=actor.person_id,
        state=rules.DepositState.HELD,
    )
    session.add(row)
    session.flush()
    return row.id


def return_deposit(session: Session, actor: Actor, fund_id: int, deposit_id: int, way: Way) -> None:
    """Give a deposit back to who paid it, whole and once.

    Raises: FundNotFound, FundClosed, NoKey, DepositNotFound, DepositEnded, DepositWaiting,
    BankAccountNeeded, BankAccountNotFound, MovedInFuture, CashShort, PeriodClosed.
    """
    fund = load_for_trustee(session, actor, fund_id)
    row = _held(session, actor, fund_id, deposit_id)
    out_of = money_account(session, actor, fund, way)
    held = deposit_account(session, actor, fund, row.unit_id)
    check_cash(session, actor, out_of, way, row.amount_fen)
    moved = (held, out_of, row.amount_fen)
    source = f"deposit:{row.id}"
    done = post_move(session, actor, fund, moved, Purpose.DEPOSIT, source, way.on)
    _end(session, actor, row, rules.DepositState.RETURNED, way.on, done)


def propose_forfeit(
    session: Session,
    actor: Actor,
    fund_id: int,
    deposit_id: int,
    reason: str,
    papers: tuple[Paper, ...] = (),
) -> int:
    """Ask the committee that a deposit is kept for a damage; gives the matter's id.

    Raises: FundNotFound, FundClosed, NoKey, DepositNotFound, DepositEnded, DepositWaiting,
    ReasonMissing.
    """
    fund = load_for_trustee(session, actor, fund_id)
    assert fund.book_id is not None
    row = _held(session, actor, fund_id, deposit_id)
    if not reason.strip():
        raise ReasonMissing
    held = deposit_account(session, actor, fund, row.unit_id)
    income = books.open_account(
        session, actor, fund.book_id, fund_rules.OTHER, ledger.AccountType.INCOME, floor=None
    )
    posting = ledger.Posting(
        fund.book_id,
        (ledger.debit(held, row.amount_fen), ledger.credit(income, row.amount_fen)),
        Purpose.FORFEIT.value,
        f"deposit:{row.id}",
        f"deposit:{row.id}:kept",
    )
    unit = identity.unit_names(session, actor.community_id, (row.unit_id,)).get(row.unit_id, "")
    draft = matters.Draft(
        MatterKind.FORFEIT.value,
        f"{row.label}不予退还",
        (
            Fact("房屋", unit),
            Fact("押金", row.label),
            Fact("金额", yuan_text(row.amount_fen)),
            Fact("理由", reason),
        ),
        {"deposit": row.id, "amount_fen": row.amount_fen, "reason": reason},
        subject_id=row.id,
        amount_fen=row.amount_fen,
        papers=keep_papers(session, actor, papers),
    )
    row.matter_id = matters.raise_matter(session, actor, fund, draft, posting).id
    session.flush()
    return row.matter_id


def _next_number(session: Session, actor: Actor, fund_id: int) -> int:
    last = session.scalar(
        select(func.max(Deposit.receipt_number)).where(
            Deposit.community_id == actor.community_id, Deposit.fund_id == fund_id
        )
    )
    return 1 + (last or 0)


def _publish_receipt(
    session: Session,
    actor: Actor,
    fund_id: int,
    number: int,
    unit_id: int,
    amount_fen: int,
    transaction_id: int,
) -> int:
    """Tell the log a receipt of the deposits' own series, which the verifier finds whole too."""
    shown = rules.receipt_number_shown(number)
    payer = hidden_words(session, actor, f"receipt:{fund_id}/{shown}|{unit_owner(unit_id)}")
    fields = {
        "fund": fund_id,
        "number": shown,
        "amount": amount_fen,
        "payer": payer,
        "transaction": transaction_id,
    }
    return publish(session, actor, "receipt", fields)


def deposit_account(session: Session, actor: Actor, fund: Fund, unit_id: int) -> int:
    """Give the account of a unit's deposits."""
    assert fund.book_id is not None
    path, owner = rules.deposit_path(unit_id), unit_owner(unit_id)
    return books.open_account(session, actor, fund.book_id, path, _LIABILITY, owner)


def write_opening_deposits(
    session: Session,
    actor: Actor,
    fund: Fund,
    on: date,
    transaction_id: int,
    items: Sequence[OpeningItem],
) -> None:
    """Keep the deposits that were held on opening day, so that each can be given back."""
    session.add_all(
        Deposit(
            community_id=actor.community_id,
            fund_id=fund.id,
            unit_id=each.unit_id,
            label=each.label,
            amount_fen=each.amount_fen,
            taken_on=on,
            transaction_id=transaction_id,
            taken_by=actor.person_id,
            state=rules.DepositState.HELD,
        )
        for each in items
        if each.kind is OpeningKind.DEPOSIT
    )


def _held(session: Session, actor: Actor, fund_id: int, deposit_id: int) -> Deposit:
    row = session.get(Deposit, deposit_id)
    if row is None or (row.community_id, row.fund_id) != (actor.community_id, fund_id):
        raise DepositNotFound
    if row.state is not rules.DepositState.HELD:
        raise DepositEnded
    asked = None if row.matter_id is None else session.get_one(Matter, row.matter_id)
    if asked is not None and asked.state is MatterState.OPEN:
        raise DepositWaiting
    return row


def _end(
    session: Session,
    actor: Actor,
    row: Deposit,
    state: rules.DepositState,
    on: date,
    transaction_id: int,
) -> None:
    """Claim the end of a deposit; somebody else may have been first.

    Raises: DepositEnded.
    """
    done = db.change(
        session,
        update(Deposit)
        .where(
            Deposit.community_id == actor.community_id,
            Deposit.id == row.id,
            Deposit.state == rules.DepositState.HELD,
        )
        .values(
            state=state,
            ended_on=on,
            end_transaction_id=transaction_id,
            ended_by=actor.person_id,
        ),
    )
    if done != 1:
        raise DepositEnded
    session.refresh(row)


def _kept(session: Session, actor: Actor, matter: Matter, transaction_id: int | None) -> None:
    row = session.get_one(Deposit, matter.subject_id)
    assert transaction_id is not None
    _end(session, actor, row, rules.DepositState.FORFEITED, clock.today(), transaction_id)


matters.on(MatterKind.FORFEIT.value, _kept)
