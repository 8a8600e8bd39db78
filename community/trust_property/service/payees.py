"""Entering payees and changing where their money goes: the committee sees and approves each."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from community.kernel import clock
from community.kernel.actor import Actor
from community.kernel.errors import N_
from community.trust_property import permissions
from community.trust_property.errors.matters import NothingChanged
from community.trust_property.errors.payees import AccountNumberWrong, PayeeKnown
from community.trust_property.models import Fund, Matter, Payee, PayeeAccount
from community.trust_property.queries.payees import PayeeView, get_payee
from community.trust_property.queries.policies import find_terms
from community.trust_property.rules.keys import KeySide
from community.trust_property.rules.matters import Fact, MatterKind
from community.trust_property.service import matters
from community.trust_property.service.fund import load_fund
from community.trust_property.service.keys import check_key
from community.trust_property.service.publishing import hidden_words, publish
from community.trust_property.service.vouchers import Paper, keep_papers

_DIGITS = re.compile(r"[0-9]{8,30}\Z")
_BLANKS = re.compile(r"[\s-]+")


@dataclass(frozen=True, slots=True)
class PayeeDraft:
    """A payee with its bank details as typed; blanks in the number do not matter."""

    name: str
    credit_code: str
    account_name: str
    bank_name: str
    account_number: str


def propose_payee(
    session: Session,
    actor: Actor,
    fund_id: int,
    draft: PayeeDraft,
    reference: str,
    papers: tuple[Paper, ...] = (),
) -> int:
    """Put a new payee to the committee; gives the matter's id.

    Raises: FundNotFound, FundClosed, NoKey, PayeeKnown, AccountNumberWrong.
    """
    fund = _ready(session, actor, fund_id)
    known = select(Payee.id).where(
        Payee.community_id == actor.community_id,
        Payee.fund_id == fund_id,
        Payee.name == draft.name,
    )
    if session.scalar(known) is not None:
        raise PayeeKnown(name=draft.name)
    return _raise(session, actor, fund, draft, (None, reference, papers))


def propose_payee_change(
    session: Session,
    actor: Actor,
    fund_id: int,
    payee_id: int,
    draft: PayeeDraft,
    reference: str,
    papers: tuple[Paper, ...] = (),
) -> int:
    """Put other bank details of a payee to the committee, old beside new; gives the matter's id.

    Until it is decided nothing is asked for or paid to the payee.
    Raises: FundNotFound, FundClosed, NoKey, PayeeNotFound, NothingChanged, MatterOpen,
    AccountNumberWrong.
    """
    fund = _ready(session, actor, fund_id)
    old = get_payee(session, actor, fund_id, payee_id)
    return _raise(session, actor, fund, draft, (old, reference, papers))


def _ready(session: Session, actor: Actor, fund_id: int) -> Fund:
    actor.check(permissions.PREPARE.code)
    fund = load_fund(session, actor, fund_id)
    check_key(session, actor, fund_id, KeySide.TRUSTEE)
    return fund


def _raise(
    session: Session,
    actor: Actor,
    fund: Fund,
    draft: PayeeDraft,
    about: tuple[PayeeView | None, str, tuple[Paper, ...]],
) -> int:
    old, reference, papers = about
    number = _BLANKS.sub("", draft.account_number)
    if not _DIGITS.match(number):
        raise AccountNumberWrong
    new = {
        "name": draft.name if old is None else old.name,
        "credit_code": draft.credit_code.strip().upper(),
        "account_name": draft.account_name,
        "bank_name": draft.bank_name,
        "account_number": number,
    }
    before = {name: "" if old is None else str(getattr(old, name)) for name in new}
    if new == before:
        raise NothingChanged
    titles = {
        "name": N_("收款方"),
        "credit_code": N_("统一社会信用代码"),
        "account_name": N_("户名"),
        "bank_name": N_("开户银行"),
        "account_number": N_("账号"),
    }
    facts = tuple(Fact(title, new[name], before[name]) for name, title in titles.items())
    asked = matters.Draft(
        MatterKind.PAYEE.value,
        f"新收款方：{draft.name}" if old is None else f"更换收款账户：{old.name}",
        (*facts, Fact(N_("依据"), reference)),
        {**new, "payee": None if old is None else old.id, "reference": reference},
        subject_id=None if old is None else old.id,
        papers=keep_papers(session, actor, papers),
    )
    return matters.raise_matter(session, actor, fund, asked).id


def _made(session: Session, actor: Actor, matter: Matter, transaction_id: int | None) -> None:
    content: dict[str, Any] = matter.content
    payee_id, usable_from = content["payee"], clock.today()
    if payee_id is None:
        payee_id = _enter(session, actor, matter, content)
    else:
        row = session.get_one(Payee, payee_id)
        row.credit_code = content["credit_code"]
        terms = find_terms(session, actor.community_id, matter.fund_id)
        usable_from += timedelta(days=0 if terms is None else terms.cooling_days)
    account = PayeeAccount(
        community_id=actor.community_id,
        payee_id=payee_id,
        account_name=content["account_name"],
        bank_name=content["bank_name"],
        account_number=content["account_number"],
        usable_from=usable_from,
        matter_id=matter.id,
        made_at=clock.now(),
    )
    session.add(account)
    session.flush()
    details = f"{content['bank_name']} {content['account_number']}"
    fields = {
        "fund": matter.fund_id,
        "payee": payee_id,
        "name": content["name"],
        "credit_code": content["credit_code"],
        "account": hidden_words(session, actor, details),
        "usable_from": usable_from.isoformat(),
        "proposal": matter.proposal_id,
    }
    publish(session, actor, "payee", fields)


def _enter(session: Session, actor: Actor, matter: Matter, content: dict[str, Any]) -> int:
    """Write a new payee; two proposals of one name may have waited side by side."""
    known = select(Payee.id).where(
        Payee.community_id == actor.community_id,
        Payee.fund_id == matter.fund_id,
        Payee.name == content["name"],
    )
    if session.scalar(known) is not None:
        raise PayeeKnown(name=content["name"])
    row = Payee(
        community_id=actor.community_id,
        fund_id=matter.fund_id,
        name=content["name"],
        credit_code=content["credit_code"],
        made_at=clock.now(),
    )
    session.add(row)
    session.flush()
    return row.id


matters.on(MatterKind.PAYEE.value, _made)
