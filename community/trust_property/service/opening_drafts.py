"""Drafting the opening of a fund: its day, its items by hand, and each bank's own balance."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from community.kernel import clock, files
from community.kernel.actor import Actor
from community.trust_property import permissions
from community.trust_property.errors.bills import UnitNotInFund
from community.trust_property.errors.opening import (
    FundOpened,
    ItemThere,
    ItemUnclear,
    MonthNotBefore,
    OpeningAsked,
    OpeningInFuture,
    OpeningItemNotFound,
    OpeningNotFound,
    OpeningStarted,
    ProofNeeded,
    ProofOfOther,
    ProofSilent,
)
from community.trust_property.importing.balances import (
    BankFacts,
    balance_at_end_of,
    is_of_account,
)
from community.trust_property.models import FundUnit, Matter, Opening, OpeningEntry
from community.trust_property.queries.fund import get_bank_account
from community.trust_property.queries.opening import kind_of_account, live_row
from community.trust_property.queries.payees import get_payee
from community.trust_property.rules.bills import month_number, month_shown
from community.trust_property.rules.fund import FundState
from community.trust_property.rules.keys import KeySide
from community.trust_property.rules.matters import MatterState
from community.trust_property.rules.opening import OpeningItem, OpeningKind, OpeningState
from community.trust_property.service.fund import load_fund
from community.trust_property.service.keys import check_key

_WITH_UNIT = {OpeningKind.ARREARS, OpeningKind.PREPAID, OpeningKind.DEPOSIT}
_WITH_LABEL = {OpeningKind.DEPOSIT, OpeningKind.AGENCY}


@dataclass(frozen=True, slots=True)
class BankProof:
    """The bank's own paper: what was read out of it, or the balance typed from a sealed letter."""

    ready: files.Ready
    facts: BankFacts | None
    typed_fen: int | None = None


def start_opening(session: Session, actor: Actor, fund_id: int, opening_on: date) -> int:
    """Begin the draft of a fund's opening; its balances count at the end of the day given.

    Raises: FundNotFound, FundClosed, NoKey, FundOpened, OpeningStarted, OpeningInFuture.
    """
    actor.check(permissions.PREPARE.code)
    fund = load_fund(session, actor, fund_id)
    check_key(session, actor, fund_id, KeySide.TRUSTEE)
    if fund.state is not FundState.PREPARING:
        raise FundOpened
    if live_row(session, actor, fund_id) is not None:
        raise OpeningStarted
    if opening_on > clock.today():
        raise OpeningInFuture
    row = Opening(
        community_id=actor.community_id,
        fund_id=fund_id,
        opening_on=opening_on,
        state=OpeningState.DRAFT,
        ledger_choices={},
        made_by=actor.person_id,
        made_at=clock.now(),
    )
    session.add(row)
    session.flush()
    return row.id


def drop_opening(session: Session, actor: Actor, fund_id: int) -> None:
    """Give a draft up; another one, of another day, can then be begun.

    Raises: FundNotFound, NoKey, OpeningNotFound, OpeningAsked, FundOpened.
    """
    row = load_draft(session, actor, fund_id)
    row.state = OpeningState.DROPPED
    session.flush()


def add_opening_item(session: Session, actor: Actor, fund_id: int, item: OpeningItem) -> int:
    """Add an item by hand; bank balances are stated with their proof instead.

    Raises: as `load_draft`; ItemUnclear, UnitNotInFund, PayeeNotFound, MonthNotBefore, ItemThere.
    """
    row = load_draft(session, actor, fund_id)
    _check_item(session, actor, row, item)
    if item.kind is OpeningKind.CASH or item.kind in {OpeningKind.ARREARS, OpeningKind.PREPAID}:
        _check_new(session, actor, row.id, item)
    entry = OpeningEntry(
        community_id=actor.community_id,
        opening_id=row.id,
        kind=item.kind,
        unit_id=item.unit_id,
        month=item.month,
        label=item.label,
        payee_id=item.payee_id,
        amount_fen=item.amount_fen,
    )
    session.add(entry)
    session.flush()
    return entry.id


def remove_opening_item(session: Session, actor: Actor, fund_id: int, item_id: int) -> None:
    """Take an item out of the draft.

    Raises: as `load_draft`; OpeningItemNotFound.
    """
    row = load_draft(session, actor, fund_id)
    entry = session.get(OpeningEntry, item_id)
    if entry is None or (entry.community_id, entry.opening_id) != (actor.community_id, row.id):
        raise OpeningItemNotFound
    session.delete(entry)
    session.flush()


def state_bank_balance(
    session: Session,
    actor: Actor,
    fund_id: int,
    bank_account_id: int,
    book_fen: int,
    proof: BankProof | None = None,
) -> None:
    """State what the office's books say of a bank account, beside the bank's own paper.

    Without a new paper the one given before counts. Both figures are kept as they are: only
    putting the opening to the committee asks that they agree.
    Raises: as `load_draft`; BankAccountNotFound, ProofNeeded, ProofSilent, ProofOfOther.
    """
    row = load_draft(session, actor, fund_id)
    account = get_bank_account(session, actor, fund_id, bank_account_id)
    entry = session.scalar(
        select(OpeningEntry).where(
            OpeningEntry.community_id == actor.community_id,
            OpeningEntry.opening_id == row.id,
            OpeningEntry.bank_account_id == bank_account_id,
        )
    )
    if entry is None:
        if proof is None:
            raise ProofNeeded
        entry = OpeningEntry(
            community_id=actor.community_id,
            opening_id=row.id,
            kind=kind_of_account(account),
            bank_account_id=bank_account_id,
        )
    entry.amount_fen = book_fen
    if proof is not None:
        entry.bank_fen = _proved(proof, row.opening_on, account.last_digits)
        entry.is_typed = proof.facts is None
        entry.paper_file_id = files.keep_file(session, actor, proof.ready)
        entry.paper_sha256 = proof.ready.sha256
    session.add(entry)
    session.flush()


def load_draft(session: Session, actor: Actor, fund_id: int) -> Opening:
    """Load the draft for a command of the trustee's key.

    Raises: FundNotFound, FundClosed, NoKey, OpeningNotFound, OpeningAsked, FundOpened.
    """
    actor.check(permissions.PREPARE.code)
    load_fund(session, actor, fund_id)
    check_key(session, actor, fund_id, KeySide.TRUSTEE)
    row = live_row(session, actor, fund_id)
    if row is None:
        raise OpeningNotFound
    if row.state is OpeningState.OPENED:
        raise FundOpened
    if row.state is OpeningState.ASKED:
        matter = session.get_one(Matter, row.matter_id)
        if matter.state is MatterState.OPEN:
            raise OpeningAsked
        # A handover withdrew the matter without this draft.
        row.state = OpeningState.DRAFT
        session.flush()
    return row


def clear_imported(session: Session, actor: Actor, opening_id: int) -> None:
    """Take out what the last fee ledger brought; what was entered by hand stays."""
    session.execute(
        delete(OpeningEntry)
        .where(
            OpeningEntry.community_id == actor.community_id,
            OpeningEntry.opening_id == opening_id,
            OpeningEntry.is_imported,
        )
        .execution_options(synchronize_session=False)
    )


def _proved(proof: BankProof, day: date, last_digits: str) -> int:
    if proof.facts is None:
        if proof.typed_fen is None:
            raise ProofNeeded
        return proof.typed_fen
    if not is_of_account(proof.facts, last_digits):
        raise ProofOfOther(account=proof.facts.account, digits=last_digits)
    found = balance_at_end_of(day, proof.facts)
    if found is None:
        raise ProofSilent(day=day.isoformat())
    return found


def _check_item(session: Session, actor: Actor, opening: Opening, item: OpeningItem) -> None:
    kind = item.kind
    told = (
        (item.unit_id is not None) == (kind in _WITH_UNIT)
        and (item.month is not None) == (kind is OpeningKind.ARREARS)
        and (item.payee_id is not None) == (kind is OpeningKind.PAYABLE)
        and bool(item.label) == (kind in _WITH_LABEL)
        and item.bank_account_id is None
        and item.amount_fen > 0
    )
    if not told or kind in {OpeningKind.BANK, OpeningKind.RESERVE}:
        raise ItemUnclear
    if item.month is not None and item.month > month_number(opening.opening_on):
        raise MonthNotBefore(month=month_shown(item.month))
    if item.payee_id is not None:
        get_payee(session, actor, opening.fund_id, item.payee_id)
    if item.unit_id is not None and not is_in_fund(session, actor, opening.fund_id, item.unit_id):
        raise UnitNotInFund


def is_in_fund(session: Session, actor: Actor, fund_id: int, unit_id: int) -> bool:
    """Tell whether a unit pays into a fund."""
    found = select(FundUnit.id).where(
        FundUnit.community_id == actor.community_id,
        FundUnit.fund_id == fund_id,
        FundUnit.unit_id == unit_id,
    )
    return session.scalar(found) is not None


def _check_new(session: Session, actor: Actor, opening_id: int, item: OpeningItem) -> None:
    there = select(OpeningEntry.id).where(
        OpeningEntry.community_id == actor.community_id,
        OpeningEntry.opening_id == opening_id,
        OpeningEntry.kind == item.kind,
        OpeningEntry.unit_id == item.unit_id,
        OpeningEntry.month == item.month,
    )
    if session.scalar(there) is not None:
        raise ItemThere
