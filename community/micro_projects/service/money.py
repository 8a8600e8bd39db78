"""A project's money: received by source, set aside for an award, paid in parts, freed."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from community import ledger, transparency
from community.kernel import clock
from community.kernel.actor import Actor
from community.micro_projects.errors.money import (
    AwardHeldAlready,
    AwardHoldClosed,
    AwardHoldNotFound,
    InstalmentDiffers,
    InstalmentTooLarge,
    PayeeRefused,
    ProjectMoneyShort,
)
from community.micro_projects.models import AwardHold, Payout
from community.micro_projects.queries.money import free_by_source, paid_by_source
from community.micro_projects.rules.money import (
    AWARD,
    BACK,
    GIVE_BACK,
    GRANT,
    PURPOSES,
    MoneySource,
    book_name,
    given_path,
    money_path,
    parts_of,
    spent_path,
    yuan,
)
from community.micro_projects.service.moving import load_project

transparency.name_kinds(PURPOSES)

# An award's money is freed by an act, never by the clock.
_FOR_GOOD = clock.at(date(2999, 1, 1))
_ASSET, _EQUITY = ledger.AccountType.ASSET, ledger.AccountType.EQUITY
_EXPENSE = ledger.AccountType.EXPENSE


def receive_money(
    session: Session,
    actor: Actor,
    project_id: int,
    source: MoneySource,
    amount_fen: int,
    ref: str,
    key: str,
) -> int:
    """Enter money that a source gave to a project; gives the transaction. The same key once.

    Raises: ProjectNotFound.
    """
    load_project(session, actor, project_id)
    book_id = ledger.ensure_book(session, actor, ledger.BookKind.PROJECT, book_name(project_id))
    money = _account(session, actor, book_id, money_path(source), _ASSET)
    given = _account(session, actor, book_id, given_path(source), _EQUITY)
    lines = (ledger.debit(money, amount_fen), ledger.credit(given, amount_fen))
    posting = ledger.Posting(book_id, lines, GRANT, ref, key)
    return ledger.post(session, actor, posting).transaction_id


def give_back_money(
    session: Session,
    actor: Actor,
    project_id: int,
    source: MoneySource,
    amount_fen: int,
    ref: str,
    key: str,
) -> int:
    """Give money back to the source it came from; gives the transaction. The same key once.

    Raises: ProjectMoneyShort where it is spent or set aside.
    """
    book_id = ledger.ensure_book(session, actor, ledger.BookKind.PROJECT, book_name(project_id))
    money = _account(session, actor, book_id, money_path(source), _ASSET)
    given = _account(session, actor, book_id, given_path(source), _EQUITY)
    lines = (ledger.debit(given, amount_fen), ledger.credit(money, amount_fen))
    posting = ledger.Posting(book_id, lines, GIVE_BACK, ref, key)
    try:
        return ledger.post(session, actor, posting).transaction_id
    except ledger.InsufficientBalance as refusal:
        free = free_by_source(session, actor.community_id, project_id).get(source, 0)
        raise ProjectMoneyShort(free=yuan(free), needed=yuan(amount_fen)) from refusal


def hold_award(
    session: Session, actor: Actor, project_id: int, award_id: int, amount_fen: int
) -> int:
    """Set an award's whole amount aside; gives the number under which it is paid and freed.

    The sources pay in the order of the rules. The same award again answers the same number.
    Raises: ProjectNotFound, ProjectMoneyShort, AwardHeldAlready.
    """
    load_project(session, actor, project_id)
    found = session.scalar(
        select(AwardHold).where(
            AwardHold.community_id == actor.community_id, AwardHold.award_id == award_id
        )
    )
    if found is not None:
        same = (found.project_id, found.amount_fen) == (project_id, amount_fen)
        if not same or found.freed_at is not None:
            raise AwardHeldAlready
        return found.id
    free = free_by_source(session, actor.community_id, project_id)
    parts = parts_of(amount_fen, free)
    if parts is None or amount_fen <= 0:
        raise ProjectMoneyShort(free=yuan(sum(free.values())), needed=yuan(amount_fen))
    row = AwardHold(
        community_id=actor.community_id,
        project_id=project_id,
        award_id=award_id,
        amount_fen=amount_fen,
        paid_fen=0,
        ledger_hold_id=_hold(session, actor, project_id, award_id, parts, f"award:{award_id}"),
        held_at=clock.now(),
    )
    session.add(row)
    session.flush()
    return row.id


def pay_instalment(
    session: Session, actor: Actor, hold_id: int, amount_fen: int, payee: str, key: str
) -> int:
    """Pay a part of what an award set aside to `organization:<id>`; gives the transaction.

    The books free the rest of a hold that is settled in part, so the rest is set aside anew in
    the same command. The same key with the same amount and payee answers the first transaction.
    Raises: AwardHoldNotFound, PayeeRefused, InstalmentDiffers, AwardHoldClosed,
    InstalmentTooLarge.
    """
    row = _load_hold(session, actor, hold_id)
    if not payee.startswith("organization:"):
        raise PayeeRefused
    paid = session.scalar(
        select(Payout).where(
            Payout.community_id == actor.community_id, Payout.hold_id == hold_id, Payout.key == key
        )
    )
    if paid is not None:
        if (paid.amount_fen, paid.payee) != (amount_fen, payee):
            raise InstalmentDiffers
        return paid.transaction_id
    if row.freed_at is not None:
        raise AwardHoldClosed
    left = row.amount_fen - row.paid_fen - row.released_fen
    if not 0 < amount_fen <= left:
        raise InstalmentTooLarge(left=yuan(left), needed=yuan(amount_fen))
    transaction_id = _settle(session, actor, row, amount_fen)
    payout = Payout(
        community_id=actor.community_id,
        hold_id=hold_id,
        key=key,
        amount_fen=amount_fen,
        payee=payee,
        transaction_id=transaction_id,
        paid_at=clock.now(),
        paid_by=actor.person_id,
    )
    session.add(payout)
    session.flush()
    return transaction_id


def free_hold(session: Session, actor: Actor, hold_id: int) -> None:
    """Free what is left of an award's money; freeing it again changes nothing.

    Raises: AwardHoldNotFound.
    """
    row = _load_hold(session, actor, hold_id)
    if row.freed_at is not None:
        return
    if row.ledger_hold_id is not None:
        ledger.release(session, actor, row.ledger_hold_id, f"award:{row.award_id}:free")
    row.ledger_hold_id, row.freed_at = None, clock.now()
    session.flush()


def trim_hold(session: Session, actor: Actor, hold_id: int, keep_fen: int) -> int:
    """Free what of an award's money goes beyond `keep_fen`; gives how many fen.

    The sources give back in the opposite order of paying, so the residents' own comes free first.
    Raises: AwardHoldNotFound, AwardHoldClosed.
    """
    row = _load_hold(session, actor, hold_id)
    if row.freed_at is not None:
        raise AwardHoldClosed
    left = row.amount_fen - row.paid_fen - row.released_fen
    if keep_fen >= left:
        return 0
    assert row.ledger_hold_id is not None, "something is left, so something is held"
    held = _left_after(session, actor, row.ledger_hold_id, 0)
    name = f"award:{row.award_id}:{row.paid_fen}:{row.released_fen}"
    ledger.release(session, actor, row.ledger_hold_id, f"{name}:trim")
    parts = parts_of(keep_fen, held) if keep_fen else None
    kept = None
    if parts:
        kept = _hold(session, actor, row.project_id, row.award_id, parts, f"{name}:kept")
    row.ledger_hold_id, row.released_fen = kept, row.released_fen + left - keep_fen
    session.flush()
    return left - keep_fen


def take_back_money(session: Session, actor: Actor, hold_id: int, amount_fen: int, key: str) -> int:
    """Enter money that came back from a payee, to the sources that had paid it; the same key once.

    Gives the transaction. Raises: AwardHoldNotFound, InstalmentTooLarge.
    """
    row = _load_hold(session, actor, hold_id)
    if amount_fen > row.paid_fen:
        raise InstalmentTooLarge(left=yuan(row.paid_fen), needed=yuan(amount_fen))
    spent = paid_by_source(session, actor.community_id, hold_id)
    shares = ledger.allocate(amount_fen, list(spent.values()))
    book_id = ledger.ensure_book(session, actor, ledger.BookKind.PROJECT, book_name(row.project_id))
    lines: list[ledger.Line] = []
    for source, part in zip(spent, shares, strict=True):
        if part:
            money = _account(session, actor, book_id, money_path(source), _ASSET)
            expense = _account(session, actor, book_id, spent_path(source), _EXPENSE)
            lines += [ledger.debit(money, part), ledger.credit(expense, part)]
    posting = ledger.Posting(book_id, tuple(lines), BACK, f"award:{row.award_id}", key)
    return ledger.post(session, actor, posting).transaction_id


def _settle(session: Session, actor: Actor, row: AwardHold, amount_fen: int) -> int:
    """Pay out of the open hold and set the rest aside again."""
    assert row.ledger_hold_id is not None, "something is left, so something is held"
    # What was paid before makes each settling's name its own, whatever key the caller chose.
    name = f"award:{row.award_id}:{row.paid_fen}:{row.released_fen}"
    left = _left_after(session, actor, row.ledger_hold_id, amount_fen)
    settled = ledger.settle(session, actor, row.ledger_hold_id, f"{name}:pay", amount_fen)
    rest = None
    if left:
        rest = _hold(session, actor, row.project_id, row.award_id, left, f"{name}:rest")
    row.ledger_hold_id, row.paid_fen = rest, row.paid_fen + amount_fen
    session.flush()
    return settled.transaction_id


def _left_after(
    session: Session, actor: Actor, ledger_hold_id: int, amount_fen: int
) -> dict[MoneySource, int]:
    """Tell each source's part that stays set aside when the books settle an amount of a hold."""
    left: dict[MoneySource, int] = {}
    for line in ledger.held_lines(session, actor.community_id, ledger_hold_id):
        if line.amount < 0:
            continue
        path = ledger.get_account(session, actor.community_id, line.account_id).path
        part = min(line.amount, amount_fen)
        amount_fen -= part
        if line.amount > part:
            left[MoneySource(path.partition("/")[0])] = line.amount - part
    return left


def _hold(
    session: Session,
    actor: Actor,
    project_id: int,
    award_id: int,
    parts: dict[MoneySource, int],
    key: str,
) -> int:
    book_id = ledger.ensure_book(session, actor, ledger.BookKind.PROJECT, book_name(project_id))
    lines: list[ledger.Line] = []
    for source, part in parts.items():
        spent = _account(session, actor, book_id, spent_path(source), _EXPENSE)
        money = _account(session, actor, book_id, money_path(source), _ASSET)
        lines += [ledger.debit(spent, part), ledger.credit(money, part)]
    posting = ledger.Posting(book_id, tuple(lines), AWARD, f"award:{award_id}", key)
    return ledger.hold(session, actor, posting, _FOR_GOOD).transaction_id


def _account(
    session: Session, actor: Actor, book_id: int, path: str, kind: ledger.AccountType
) -> int:
    return ledger.ensure_account(session, actor, book_id, "CNY", path, kind)


def _load_hold(session: Session, actor: Actor, hold_id: int) -> AwardHold:
    row = session.get(AwardHold, hold_id)
    if row is None or row.community_id != actor.community_id:
        raise AwardHoldNotFound
    return row
