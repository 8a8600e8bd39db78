"""Putting a fund's opening to the committee, and what its key brings about: the fund opens."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from community import identity, ledger
from community.kernel import clock
from community.kernel.actor import Actor
from community.trust_property import permissions
from community.trust_property.errors.opening import (
    BankDisagrees,
    BankMissing,
    FundOpened,
    MonthBilledBefore,
)
from community.trust_property.models import (
    BankAccount,
    Bill,
    Fund,
    FundUnit,
    Matter,
    Opening,
    OpeningEntry,
)
from community.trust_property.queries.opening import find_opening, items_of
from community.trust_property.rules import fund as fund_rules
from community.trust_property.rules import opening as rules
from community.trust_property.rules.bills import BillKind, last_day, month_shown
from community.trust_property.rules.fund import FundState, Purpose
from community.trust_property.rules.matters import Fact, MatterKind, yuan_text
from community.trust_property.service import agencies, books, deposits, matters
from community.trust_property.service.fund import load_fund
from community.trust_property.service.opening_drafts import load_draft
from community.trust_property.service.publishing import publish
from community.trust_property.service.vouchers import KeptPaper

Kind = rules.OpeningKind
Items = Sequence[rules.OpeningItem]


def propose_opening(session: Session, actor: Actor, fund_id: int) -> int:
    """Put the opening to the committee, once every bank's figure is the office's; gives the matter.

    Raises: FundNotFound, FundClosed, NoKey, OpeningNotFound, OpeningAsked, FundOpened,
    BankMissing, BankDisagrees, MonthBilledBefore.
    """
    actor.check(permissions.PREPARE.code)
    fund = load_fund(session, actor, fund_id)
    row = load_draft(session, actor, fund_id)
    banks = _agreed_banks(session, actor, fund_id)
    items = items_of(session, actor, row.id)
    _check_months(session, actor, fund_id, items)
    totals = rules.sums(items)
    units = len({each.unit_id for each in items if each.kind is Kind.ARREARS})
    content: dict[str, Any] = {
        "opening": row.id,
        "opening_on": row.opening_on.isoformat(),
        "items": rules.items_hash(items),
        "totals": {kind.value: amount for kind, amount in totals.items()},
        "equity": rules.equity(totals),
        "ledger": row.ledger_sha256,
    }
    facts = rules.opening_facts(row.opening_on, totals, banks, units)
    papers = _papers(session, actor, row)
    content["reserve"] = _propose_reserve(session, actor, fund, row, (items, facts, papers))
    draft = matters.Draft(
        MatterKind.OPENING.value,
        f"{fund.name}开账（{row.opening_on.isoformat()}）",
        facts,
        content,
        subject_id=row.id,
        amount_fen=totals[Kind.BANK] + totals[Kind.CASH],
        papers=papers,
    )
    posting = _posting(session, actor, fund, row, items)
    row.matter_id = matters.raise_matter(session, actor, fund, draft, posting).id
    row.state = rules.OpeningState.ASKED
    session.flush()
    return row.matter_id


def _agreed_banks(session: Session, actor: Actor, fund_id: int) -> tuple[Fact, ...]:
    """Show each bank account's balance, refused unless the bank says the same."""
    found = find_opening(session, actor, fund_id)
    assert found is not None
    if not found.banks:
        raise BankMissing(bank="", digits="")
    facts = []
    for each in found.banks:
        name = {"bank": each.account.bank_name, "digits": each.account.last_digits}
        if each.book_fen is None or each.bank_fen is None:
            raise BankMissing(**name)
        if each.book_fen != each.bank_fen:
            raise BankDisagrees(
                **name,
                book=_yuan(each.book_fen),
                statement=_yuan(each.bank_fen),
                difference=_yuan(abs(each.book_fen - each.bank_fen)),
            )
        source = "余额证明" if each.is_typed else "银行对账单"
        value = f"{yuan_text(each.book_fen)}，与{source}一致"
        facts.append(Fact(f"{name['bank']} {name['digits']}", value))
    return tuple(facts)


def _yuan(fen: int) -> str:
    return yuan_text(fen).removesuffix(" 元")


def _check_months(session: Session, actor: Actor, fund_id: int, items: Items) -> None:
    """Refuse a month that a bill of this fund asks for already."""
    wanted = {(each.unit_id, each.month) for each in items if each.kind is Kind.ARREARS}
    billed = session.execute(
        select(Bill.unit_id, Bill.month).where(
            Bill.community_id == actor.community_id, Bill.fund_id == fund_id
        )
    )
    for unit_id, month in billed:
        if (unit_id, month) in wanted:
            name = identity.unit_names(session, actor.community_id, (unit_id,)).get(unit_id, "")
            raise MonthBilledBefore(unit=name, month=month_shown(month))


def _papers(session: Session, actor: Actor, row: Opening) -> tuple[KeptPaper, ...]:
    """Give the fee ledger and the banks' statements as vouchers."""
    kept = []
    if row.ledger_file_id is not None and row.ledger_written_at is not None:
        kept.append(KeptPaper("收费台账", row.ledger_file_id, row.ledger_sha256))
    rows = session.execute(
        select(OpeningEntry.paper_file_id, OpeningEntry.paper_sha256, BankAccount)
        .join(BankAccount, BankAccount.id == OpeningEntry.bank_account_id)
        .where(OpeningEntry.community_id == actor.community_id, OpeningEntry.opening_id == row.id)
        .order_by(OpeningEntry.bank_account_id)
    )
    for file_id, sha256, account in rows:
        assert file_id is not None, "a bank's balance has its paper"
        kept.append(KeptPaper(f"{account.bank_name} {account.last_digits}", file_id, sha256))
    return tuple(kept)


def _posting(
    session: Session, actor: Actor, fund: Fund, row: Opening, items: Items
) -> ledger.Posting | None:
    """Write the opening of the operating book as one transaction; None when all is nothing."""
    assert fund.book_id is not None
    book = fund.book_id
    moved: dict[int, int] = {}
    by_unit: dict[int, int] = {}
    for item in items:
        if item.kind is Kind.ARREARS and item.unit_id is not None:
            by_unit[item.unit_id] = by_unit.get(item.unit_id, 0) + item.amount_fen
    owed = books.receivable_accounts(session, actor, book, tuple(by_unit))
    moved.update(zip(owed, by_unit.values(), strict=True))
    paid = [each for each in items if each.kind is Kind.PREPAID and each.unit_id is not None]
    accounts = books.prepaid_accounts(session, actor, book, [each.unit_id or 0 for each in paid])
    for account, item in zip(accounts, paid, strict=True):
        moved[account] = moved.get(account, 0) - item.amount_fen
    for item in items:
        account_and_side = _plain_account(session, actor, fund, item)
        if account_and_side is not None:
            single, sign = account_and_side
            moved[single] = moved.get(single, 0) + sign * item.amount_fen
    difference = sum(moved.values())
    if difference:
        opening = books.find_account(session, actor, fund, fund_rules.OPENING)
        assert opening is not None
        moved[opening] = -difference
    lines = tuple(
        ledger.debit(account, amount) if amount > 0 else ledger.credit(account, -amount)
        for account, amount in moved.items()
        if amount
    )
    if not lines:
        return None
    source = key = f"opening:{row.id}"
    return ledger.Posting(book, lines, Purpose.OPENING.value, source, key, row.opening_on)


def _plain_account(
    session: Session, actor: Actor, fund: Fund, item: rules.OpeningItem
) -> tuple[int, int] | None:
    """Give the account of what is not kept by unit and the side it stands on."""
    assert fund.book_id is not None
    if item.kind is Kind.BANK:
        account_id = session.get_one(BankAccount, item.bank_account_id).account_id
        assert account_id is not None
        return account_id, 1
    if item.kind is Kind.CASH:
        return books.cash_account(session, actor, fund.book_id, fund.id), 1
    if item.kind is Kind.PAYABLE and item.payee_id is not None:
        return books.taken_over_account(session, actor, fund.book_id, item.payee_id), -1
    if item.kind is Kind.DEPOSIT and item.unit_id is not None:
        return deposits.deposit_account(session, actor, fund, item.unit_id), -1
    if item.kind is Kind.AGENCY:
        return agencies.agency_account(session, actor, fund, item.label), -1
    return None


def _approved(session: Session, actor: Actor, matter: Matter, transaction_id: int | None) -> None:
    """Open the fund: arrears become bills, deposits and balances begin, and all is published."""
    row = session.get_one(Opening, matter.subject_id)
    fund = session.get_one(Fund, row.fund_id)
    if fund.state is not FundState.PREPARING:
        raise FundOpened
    items = items_of(session, actor, row.id)
    if rules.items_hash(items) != matter.content["items"]:
        raise ledger.ProposalChanged
    _agreed_banks(session, actor, fund.id)
    _check_months(session, actor, fund.id, items)
    row.transaction_id = transaction_id
    row.reserve_transaction_id = _open_reserve(session, actor, row, matter)
    row.state = rules.OpeningState.OPENED
    row.opened_at = clock.now()
    fund.state = FundState.OPEN
    fund.opened_on = row.opening_on
    for item in items:
        if item.bank_account_id is not None:
            account = session.get_one(BankAccount, item.bank_account_id)
            account.opening_on, account.opening_fen = row.opening_on, item.amount_fen
    if transaction_id is not None:
        _write_bills(session, actor, fund.id, items, transaction_id)
        deposits.write_opening_deposits(session, actor, fund, row.opening_on, transaction_id, items)
    session.flush()
    _publish(session, actor, row, matter, items)


def _propose_reserve(
    session: Session,
    actor: Actor,
    fund: Fund,
    row: Opening,
    signed: tuple[Items, tuple[Fact, ...], tuple[KeptPaper, ...]],
) -> str:
    """Propose the reserve's opening in its own book; gives what the matter's key binds to.

    The hash stands in the matter, so one key is turned on both and neither opens alone.
    """
    items, facts, papers = signed
    posting = _reserve_posting(session, actor, fund, row, items)
    if posting is None:
        row.reserve_proposal_id = None
        return ""
    assert fund.reserve_book_id is not None
    shown = tuple((each.name, each.value) for each in facts)
    vouchers = tuple(ledger.BoundVoucher(each.title, each.sha256) for each in papers)
    bound = ledger.Bound(posting, (*shown, ("items", rules.items_hash(items))), vouchers)
    asked = select(func.count()).where(
        Matter.community_id == actor.community_id,
        Matter.kind == MatterKind.OPENING.value,
        Matter.subject_id == row.id,
    )
    key = f"opening:{row.id}:reserve:{session.scalar(asked)}"
    row.reserve_proposal_id = ledger.propose(session, actor, fund.reserve_book_id, bound, key)
    found = ledger.get_proposal(session, actor.community_id, row.reserve_proposal_id)
    return found.content_hash.hex()


def _reserve_posting(
    session: Session, actor: Actor, fund: Fund, row: Opening, items: Items
) -> ledger.Posting | None:
    """Write the opening of the reserve's book; None when nothing lies in it."""
    assert fund.reserve_book_id is not None
    book = fund.reserve_book_id
    lines = [
        ledger.debit(
            session.get_one(BankAccount, each.bank_account_id).account_id or 0, each.amount_fen
        )
        for each in items
        if each.kind is Kind.RESERVE and each.amount_fen
    ]
    if not lines:
        return None
    equity = books.open_account(
        session, actor, book, fund_rules.OPENING, ledger.AccountType.EQUITY, floor=None
    )
    lines.append(ledger.credit(equity, sum(line.amount for line in lines)))
    source = key = f"opening:{row.id}"
    return ledger.Posting(book, tuple(lines), Purpose.OPENING.value, source, key, row.opening_on)


def _open_reserve(session: Session, actor: Actor, row: Opening, matter: Matter) -> int | None:
    """Turn the key that was just turned on the operating book on the reserve's book too."""
    if row.reserve_proposal_id is None:
        return None
    found = ledger.get_proposal(session, actor.community_id, row.reserve_proposal_id)
    if found.content_hash.hex() != matter.content["reserve"]:
        raise ledger.ProposalChanged
    done = ledger.approve(session, actor, row.reserve_proposal_id, found.content_hash)
    assert done.state is ledger.ProposalState.POSTED, "both books ask for the same keys"
    return done.transaction_id


def _write_bills(
    session: Session, actor: Actor, fund_id: int, items: Items, transaction_id: int
) -> None:
    found = session.execute(
        select(FundUnit.unit_id, FundUnit.use).where(
            FundUnit.community_id == actor.community_id, FundUnit.fund_id == fund_id
        )
    )
    uses = {unit_id: use.value for unit_id, use in found}
    rows = [
        {
            "community_id": actor.community_id,
            "fund_id": fund_id,
            "run_id": None,
            "unit_id": each.unit_id,
            "kind": BillKind.ARREARS,
            "month": each.month,
            "amount_fen": each.amount_fen,
            "paid_fen": 0,
            "due_on": last_day(each.month or 0),
            "use": uses.get(each.unit_id or 0, ""),
            "transaction_id": transaction_id,
        }
        for each in items
        if each.kind is Kind.ARREARS
    ]
    if rows:
        session.execute(insert(Bill), rows)


def _publish(session: Session, actor: Actor, row: Opening, matter: Matter, items: Items) -> None:
    """Publish the totals of the opening: no unit and nobody's name."""
    totals = rules.sums(items)
    proofs = session.execute(
        select(OpeningEntry.bank_account_id, OpeningEntry.amount_fen, OpeningEntry.paper_sha256)
        .where(
            OpeningEntry.community_id == actor.community_id,
            OpeningEntry.opening_id == row.id,
            OpeningEntry.bank_account_id.is_not(None),
        )
        .order_by(OpeningEntry.bank_account_id)
    )
    fields: dict[str, object] = {f"{kind.value}_fen": amount for kind, amount in totals.items()}
    fields |= {
        "fund": row.fund_id,
        "opening": row.id,
        "opened_on": row.opening_on.isoformat(),
        "proposal": matter.proposal_id,
        "transaction": row.transaction_id,
        "reserve_transaction": row.reserve_transaction_id,
        "equity_fen": rules.equity(totals),
        "statements": [list(each) for each in proofs],
        "ledger_sha256": row.ledger_sha256,
        "items_sha256": matter.content["items"],
    }
    publish(session, actor, "opening", fields)


def _given_up(session: Session, actor: Actor, matter: Matter) -> None:
    """Let the draft be worked on again; what was proposed for the reserve goes with the rest."""
    row = session.get_one(Opening, matter.subject_id)
    if row.reserve_proposal_id is not None:
        ledger.withdraw(session, Actor.system(actor.community_id), row.reserve_proposal_id)
        row.reserve_proposal_id = None
    row.state = rules.OpeningState.DRAFT
    session.flush()


matters.on(MatterKind.OPENING.value, _approved, _given_up)
