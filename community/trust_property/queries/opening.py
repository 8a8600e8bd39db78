"""Reading the opening of a fund: its items, its sums, and what the bank's papers say."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from community import identity
from community.kernel.actor import Actor
from community.trust_property.errors.opening import OpeningNotFound
from community.trust_property.models import Opening, OpeningEntry
from community.trust_property.queries.fund import BankAccountView, bank_accounts, get_fund
from community.trust_property.queries.payees import payees
from community.trust_property.rules import opening as rules
from community.trust_property.rules.fund import BankUse

MOST_SHOWN = 200


@dataclass(frozen=True, slots=True)
class ItemView:
    """An item of an opening, with the names of what it is about."""

    id: int
    kind: rules.OpeningKind
    unit: str
    month: int | None
    label: str
    payee: str
    amount_fen: int
    is_imported: bool


@dataclass(frozen=True, slots=True)
class BankProofView:
    """What the office and the bank say of an account at the end of the opening day."""

    account: BankAccountView
    book_fen: int | None
    bank_fen: int | None
    is_typed: bool
    paper_file_id: int | None

    @property
    def agrees(self) -> bool:
        """Tell whether both say the same."""
        return self.book_fen is not None and self.book_fen == self.bank_fen


@dataclass(frozen=True, slots=True)
class OpeningView:
    """An opening with its sums; `equity_fen` is what remains for all owners."""

    id: int
    fund_id: int
    opening_on: date
    state: rules.OpeningState
    ledger_name: str
    ledger_sha256: str
    is_ledger_written: bool
    matter_id: int | None
    transaction_id: int | None
    totals: tuple[tuple[rules.OpeningKind, int], ...]
    equity_fen: int
    owing_units: int
    banks: tuple[BankProofView, ...]

    @property
    def is_ready(self) -> bool:
        """Tell whether every bank account agrees, so that it can be put to the committee."""
        return bool(self.banks) and all(each.agrees for each in self.banks)


def live_row(session: Session, actor: Actor, fund_id: int) -> Opening | None:
    """Find the row of the opening that is drafted, asked or done."""
    return session.scalar(
        select(Opening).where(
            Opening.community_id == actor.community_id,
            Opening.fund_id == fund_id,
            Opening.state != rules.OpeningState.DROPPED,
        )
    )


def items_of(session: Session, actor: Actor, opening_id: int) -> tuple[rules.OpeningItem, ...]:
    """List the items of an opening as plain values."""
    row = OpeningEntry
    found = session.execute(
        select(
            row.kind,
            row.amount_fen,
            row.unit_id,
            row.month,
            row.label,
            row.payee_id,
            row.bank_account_id,
        )
        .where(row.community_id == actor.community_id, row.opening_id == opening_id)
        .order_by(row.kind, row.unit_id, row.month, row.id)
    )
    return tuple(rules.OpeningItem(*each) for each in found)


def find_opening(session: Session, actor: Actor, fund_id: int) -> OpeningView | None:
    """Find the opening of a fund with its sums; dropped ones are left out.

    Raises: FundNotFound.
    """
    get_fund(session, actor, fund_id)
    row = live_row(session, actor, fund_id)
    if row is None:
        return None
    items = items_of(session, actor, row.id)
    totals = rules.sums(items)
    owing = {each.unit_id for each in items if each.kind is rules.OpeningKind.ARREARS}
    return OpeningView(
        row.id,
        row.fund_id,
        row.opening_on,
        row.state,
        row.ledger_name,
        row.ledger_sha256,
        row.ledger_written_at is not None,
        row.matter_id,
        row.transaction_id,
        tuple(totals.items()),
        rules.equity(totals),
        len(owing),
        _proofs(session, actor, row),
    )


def get_opening(session: Session, actor: Actor, fund_id: int) -> OpeningView:
    """Get the opening of a fund.

    Raises: FundNotFound, OpeningNotFound.
    """
    found = find_opening(session, actor, fund_id)
    if found is None:
        raise OpeningNotFound
    return found


def opening_items(
    session: Session, actor: Actor, fund_id: int, kind: rules.OpeningKind, after: int = 0
) -> tuple[ItemView, ...]:
    """List items of a kind by their number, some at a time.

    Raises: FundNotFound, OpeningNotFound.
    """
    opening = get_opening(session, actor, fund_id)
    rows = session.scalars(
        select(OpeningEntry)
        .where(
            OpeningEntry.community_id == actor.community_id,
            OpeningEntry.opening_id == opening.id,
            OpeningEntry.kind == kind,
            OpeningEntry.id > after,
        )
        .order_by(OpeningEntry.id)
        .limit(MOST_SHOWN)
    ).all()
    names = identity.unit_names(
        session, actor.community_id, {row.unit_id for row in rows if row.unit_id}
    )
    paid = {each.id: each.name for each in payees(session, actor, fund_id)}
    return tuple(
        ItemView(
            row.id,
            row.kind,
            names.get(row.unit_id or 0, ""),
            row.month,
            row.label,
            paid.get(row.payee_id or 0, ""),
            row.amount_fen,
            row.is_imported,
        )
        for row in rows
    )


def _proofs(session: Session, actor: Actor, opening: Opening) -> tuple[BankProofView, ...]:
    rows = session.scalars(
        select(OpeningEntry).where(
            OpeningEntry.community_id == actor.community_id,
            OpeningEntry.opening_id == opening.id,
            OpeningEntry.bank_account_id.is_not(None),
        )
    )
    said = {row.bank_account_id: row for row in rows}
    found = []
    for account in bank_accounts(session, actor, opening.fund_id):
        row = said.get(account.id)
        if account.is_closed and row is None:
            continue
        if row is None:
            found.append(BankProofView(account, None, None, False, None))
            continue
        proof = (row.amount_fen, row.bank_fen, row.is_typed, row.paper_file_id)
        found.append(BankProofView(account, *proof))
    return tuple(found)


def kind_of_account(account: BankAccountView) -> rules.OpeningKind:
    """Tell which kind of item a bank account's balance is: money of the two is never mixed."""
    is_reserve = account.use is BankUse.RESERVE
    return rules.OpeningKind.RESERVE if is_reserve else rules.OpeningKind.BANK
