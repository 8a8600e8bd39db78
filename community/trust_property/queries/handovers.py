"""Reading handovers, and what is open in a fund at this moment."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from community import identity, ledger
from community.kernel.actor import Actor
from community.kernel.errors import N_
from community.trust_property.errors.handovers import HandoverNotFound
from community.trust_property.models import Handover, KeyHolder
from community.trust_property.queries.estate import contracts
from community.trust_property.queries.fund import bank_accounts, find_path, get_fund
from community.trust_property.queries.matters import matters
from community.trust_property.queries.payments import unmatched_payments
from community.trust_property.queries.spending import requests
from community.trust_property.rules.fund import UNIDENTIFIED
from community.trust_property.rules.keys import KeySide
from community.trust_property.rules.matters import MatterState
from community.trust_property.rules.spending import OPEN, TITLES


@dataclass(frozen=True, slots=True)
class OpenItem:
    """Something unfinished that the next ones take over."""

    kind: str
    title: str
    amount_fen: int | None = None


@dataclass(frozen=True, slots=True)
class HandoverView:
    """A handover with the list both sides sign."""

    id: int
    fund_id: int
    side: KeySide
    reference: str
    handed_at: datetime
    ended: tuple[str, ...]
    begun: tuple[str, ...]
    open_items: tuple[OpenItem, ...]
    confirmed_at: datetime | None
    signed_at: datetime | None
    signed_sha256: str
    signed_file_id: int | None


Source = Callable[[Session, Actor, int], tuple[OpenItem, ...]]
_sources: list[Source] = []


def add_open_source(source: Source) -> None:
    """Let another part of this room name what is open in it."""
    if source not in _sources:
        _sources.append(source)


def open_items(session: Session, actor: Actor, fund_id: int) -> tuple[OpenItem, ...]:
    """List everything open in a fund: matters, requests, payments, contracts, money.

    Raises: FundNotFound.
    """
    fund = get_fund(session, actor, fund_id)
    found = [
        OpenItem(N_("待批事项"), each.title, each.amount_fen)
        for each in matters(session, actor, fund_id, MatterState.OPEN)
    ]
    found += [
        OpenItem(
            N_("用款申请"),
            f"{each.number} 号 {each.words}（{TITLES[each.state]}）",
            each.amount_fen,
        )
        for each in requests(session, actor, fund_id)
        if each.state in OPEN
    ]
    found += [
        OpenItem(N_("未对上银行的付款"), f"{each.bank_number} {each.payee}", each.amount_fen)
        for each in unmatched_payments(session, actor.community_id, fund_id)
    ]
    for contract in contracts(session, actor, fund_id):
        left = sum(each.amount_fen for each in contract.instalments if each.transaction_id is None)
        if left:
            found.append(OpenItem(N_("合同未到期款"), f"{contract.payer} {contract.title}", left))
    for account in bank_accounts(session, actor, fund_id):
        shown = ledger.get_account(session, actor.community_id, account.account_id)
        title = f"{account.bank_name} 尾号 {account.last_digits}"
        found.append(OpenItem(N_("银行账户余额"), title, shown.balance.total))
    for path, kind in ((UNIDENTIFIED, N_("待查收款")), (f"cash/{fund_id}", N_("现金"))):
        account_id = find_path(session, actor, fund, path)
        if account_id is not None:
            total = ledger.get_account(session, actor.community_id, account_id).balance.total
            found += [OpenItem(kind, kind, total)] if total else []
    for source in _sources:
        found += source(session, actor, fund_id)
    return tuple(found)


def handovers(session: Session, actor: Actor, fund_id: int) -> tuple[HandoverView, ...]:
    """List a fund's handovers, the newest first.

    Raises: FundNotFound.
    """
    get_fund(session, actor, fund_id)
    rows = session.scalars(
        select(Handover)
        .where(Handover.community_id == actor.community_id, Handover.fund_id == fund_id)
        .order_by(Handover.id.desc())
    ).all()
    held = session.execute(
        select(KeyHolder.id, KeyHolder.person_id).where(
            KeyHolder.community_id == actor.community_id, KeyHolder.fund_id == fund_id
        )
    )
    people = {row[0]: row[1] for row in held}
    cards = identity.people(session, actor.community_id, set(people.values()))
    names = {
        holding: cards[person_id].name if person_id in cards else ""
        for holding, person_id in people.items()
    }
    return tuple(_view(row, names) for row in rows)


def get_handover(session: Session, actor: Actor, fund_id: int, handover_id: int) -> HandoverView:
    """Get a handover of a fund.

    Raises: FundNotFound, HandoverNotFound.
    """
    for each in handovers(session, actor, fund_id):
        if each.id == handover_id:
            return each
    raise HandoverNotFound


def _view(row: Handover, names: dict[int, str]) -> HandoverView:
    return HandoverView(
        row.id,
        row.fund_id,
        row.side,
        row.reference,
        row.handed_at,
        tuple(names.get(each, "") for each in row.ended),
        tuple(names.get(each, "") for each in row.begun),
        tuple(OpenItem(*each) for each in row.open_items),
        row.confirmed_at,
        row.signed_at,
        row.signed_sha256,
        row.signed_file_id,
    )
