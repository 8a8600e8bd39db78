"""Common-income contracts: put to the committee, then booked instalment by instalment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from community import ledger
from community.kernel import clock
from community.kernel.actor import Actor
from community.kernel.errors import N_
from community.trust_property import permissions
from community.trust_property.errors.estate import ContractUnclear
from community.trust_property.models import Contract, ContractInstalment, Fund, Matter
from community.trust_property.rules.estate import (
    CONTRACT_KINDS,
    ContractKind,
    split_instalments,
)
from community.trust_property.rules.fund import Purpose, common_path, contract_path
from community.trust_property.rules.keys import KeySide
from community.trust_property.rules.matters import Fact, MatterKind, yuan_text
from community.trust_property.service import books, matters
from community.trust_property.service.fund import load_fund
from community.trust_property.service.keys import check_key
from community.trust_property.service.publishing import publish
from community.trust_property.service.vouchers import Paper, keep_papers

MOST_INSTALMENTS = 120


@dataclass(frozen=True, slots=True)
class ContractDraft:
    """A contract as the trustee puts it: who pays what for what, from when, in how many parts."""

    kind: ContractKind
    payer: str
    title: str
    amount_fen: int
    from_on: date
    until_on: date
    instalments: int
    first_due_on: date


def propose_contract(
    session: Session,
    actor: Actor,
    fund_id: int,
    draft: ContractDraft,
    papers: tuple[Paper, ...] = (),
) -> int:
    """Put a contract that brings common income to the committee; gives the matter's id.

    Raises: FundNotFound, FundClosed, NoKey, ContractUnclear.
    """
    actor.check(permissions.PREPARE.code)
    fund = load_fund(session, actor, fund_id)
    check_key(session, actor, fund_id, KeySide.TRUSTEE)
    parts = 0 < draft.instalments <= min(MOST_INSTALMENTS, draft.amount_fen)
    if draft.until_on < draft.from_on or not parts:
        raise ContractUnclear
    content = {
        "kind": draft.kind.value,
        "payer": draft.payer,
        "title": draft.title,
        "amount_fen": draft.amount_fen,
        "from_on": draft.from_on.isoformat(),
        "until_on": draft.until_on.isoformat(),
        "instalments": [
            [each.due_on.isoformat(), each.amount_fen]
            for each in split_instalments(draft.amount_fen, draft.instalments, draft.first_due_on)
        ],
    }
    asked = matters.Draft(
        MatterKind.CONTRACT.value,
        f"{draft.payer}：{draft.title}",
        (
            Fact(N_("类别"), CONTRACT_KINDS[draft.kind]),
            Fact(N_("付款方"), draft.payer),
            Fact(N_("内容"), draft.title),
            Fact(N_("合同金额"), yuan_text(draft.amount_fen)),
            Fact(N_("期限"), f"{draft.from_on.isoformat()} 至 {draft.until_on.isoformat()}"),
            Fact(N_("分期"), f"{draft.instalments} 期，首期 {draft.first_due_on.isoformat()}"),
        ),
        content,
        papers=keep_papers(session, actor, papers),
    )
    return matters.raise_matter(session, actor, fund, asked).id


def book_instalments(session: Session, actor: Actor, fund_id: int) -> int:
    """Book every instalment that is due: owed by the payer, common income; tells how many.

    Running it twice books nothing twice. Raises: FundNotFound, FundClosed.
    """
    actor.check(permissions.PREPARE.code)
    fund = load_fund(session, actor, fund_id)
    rows = session.execute(
        select(ContractInstalment, Contract)
        .join(
            Contract,
            (Contract.community_id == ContractInstalment.community_id)
            & (Contract.id == ContractInstalment.contract_id),
        )
        .where(
            Contract.community_id == actor.community_id,
            Contract.fund_id == fund_id,
            ContractInstalment.transaction_id.is_(None),
            ContractInstalment.due_on <= clock.today(),
        )
        .order_by(ContractInstalment.id)
    ).all()
    for part, contract in rows:
        _book(session, actor, fund, contract, part)
    return len(rows)


def _book(
    session: Session, actor: Actor, fund: Fund, contract: Contract, part: ContractInstalment
) -> None:
    assert fund.book_id is not None
    asset, income = ledger.AccountType.ASSET, ledger.AccountType.INCOME
    owed = books.open_account(session, actor, fund.book_id, contract_path(contract.id), asset)
    path = common_path(contract.kind.value)
    earned = books.open_account(session, actor, fund.book_id, path, income, floor=None)
    posting = ledger.Posting(
        fund.book_id,
        (ledger.debit(owed, part.amount_fen), ledger.credit(earned, part.amount_fen)),
        Purpose.CONTRACT.value,
        f"contract:{contract.id}",
        f"contract:{contract.id}:{part.number}",
    )
    done = ledger.post(session, actor, posting)
    session.execute(
        update(ContractInstalment)
        .where(ContractInstalment.id == part.id, ContractInstalment.transaction_id.is_(None))
        .values(transaction_id=done.transaction_id)
    )


def _made(session: Session, actor: Actor, matter: Matter, transaction_id: int | None) -> None:
    content: dict[str, Any] = matter.content
    row = Contract(
        community_id=actor.community_id,
        fund_id=matter.fund_id,
        kind=ContractKind(content["kind"]),
        payer=content["payer"],
        title=content["title"],
        amount_fen=content["amount_fen"],
        from_on=date.fromisoformat(content["from_on"]),
        until_on=date.fromisoformat(content["until_on"]),
        matter_id=matter.id,
        made_at=clock.now(),
    )
    session.add(row)
    session.flush()
    for number, (due_on, amount_fen) in enumerate(content["instalments"], start=1):
        session.add(
            ContractInstalment(
                community_id=actor.community_id,
                contract_id=row.id,
                number=number,
                due_on=date.fromisoformat(due_on),
                amount_fen=amount_fen,
            )
        )
    session.flush()
    fields = {name: value for name, value in content.items() if name != "kind"}
    fields |= {"contract_kind": content["kind"], "fund": row.fund_id, "contract": row.id}
    publish(session, actor, "contract", {**fields, "proposal": matter.proposal_id})


matters.on(MatterKind.CONTRACT.value, _made)
