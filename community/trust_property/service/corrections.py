"""Correcting what a closed period booked in the wrong place: in the open one, by both keys."""

from __future__ import annotations

from sqlalchemy.orm import Session

from community import ledger
from community.kernel.actor import Actor
from community.kernel.errors import N_
from community.trust_property.errors.corrections import (
    CorrectedAlready,
    NotClosedYet,
    SameAccount,
)
from community.trust_property.errors.matters import ReasonMissing
from community.trust_property.models import Matter
from community.trust_property.queries.corrections import (
    AccountChoice,
    Corrected,
    correction_accounts,
    get_corrected,
)
from community.trust_property.rules.corrections import corrects_source
from community.trust_property.rules.fund import Purpose
from community.trust_property.rules.matters import Fact, MatterKind, yuan_text
from community.trust_property.rules.titles import PURPOSES
from community.trust_property.service import matters
from community.trust_property.service.money_ways import load_for_trustee, yuan
from community.trust_property.service.publishing import publish


def propose_correction(
    session: Session,
    actor: Actor,
    fund_id: int,
    named: str,
    to_account_id: int,
    amount_fen: int,
    reason: str,
) -> int:
    """Ask the committee to move an amount that a closed period booked on the wrong account.

    `named` is the entry (`entry:17`) or the bank's line (`line:3`) it corrects. The correction
    counts on the day of the last key and tells in the public log what it corrects; the closed
    period stays as it is. Gives the matter's id.
    Raises: FundNotFound, FundClosed, NoKey, EntryUnnamed, BankLineNotFound, NothingToCorrect,
    NotClosedYet, SameAccount, CorrectedAlready, ReasonMissing, MatterOpen.
    """
    fund = load_for_trustee(session, actor, fund_id)
    assert fund.book_id is not None
    found = get_corrected(session, actor, fund_id, named)
    if not reason.strip():
        raise ReasonMissing
    if not found.is_closed:
        raise NotClosedYet
    choices = {each.account_id: each for each in correction_accounts(session, actor, fund_id)}
    target = choices.get(to_account_id)
    if target is None or target.account_id == found.account.account_id:
        raise SameAccount
    if amount_fen > found.left_fen:
        raise CorrectedAlready(left=yuan(found.left_fen))
    draft = _draft(found, target, amount_fen, reason.strip())
    posting = _posting(fund.book_id, found, target, amount_fen)
    return matters.raise_matter(session, actor, fund, draft, posting).id


def _posting(
    book_id: int, found: Corrected, target: AccountChoice, amount_fen: int
) -> ledger.Posting:
    wrong, right = found.account.account_id, target.account_id
    if found.amount_fen > 0:
        lines = (ledger.debit(right, amount_fen), ledger.credit(wrong, amount_fen))
    else:
        lines = (ledger.debit(wrong, amount_fen), ledger.credit(right, amount_fen))
    source = corrects_source(found.transaction_id)
    # The left amount tells a second correction of the same entry from the first.
    key = f"{source}:{found.left_fen}:{right}"
    return ledger.Posting(book_id, lines, Purpose.CORRECTION.value, source, key)


def _draft(found: Corrected, target: AccountChoice, amount_fen: int, reason: str) -> matters.Draft:
    """Show the committee which entry it was, where the amount stands and where it goes."""
    line = [] if found.line_id is None else [Fact(N_("银行流水编号"), str(found.line_id))]
    return matters.Draft(
        MatterKind.CORRECTION.value,
        f"更正 {found.day.isoformat()} 的第 {found.transaction_id} 笔账",
        (
            Fact(N_("更正的账"), f"第 {found.transaction_id} 笔，{PURPOSES[found.purpose]}"),
            *line,
            Fact(N_("金额"), yuan_text(amount_fen)),
            Fact(N_("科目"), _told(target), _told(found.account)),
            Fact(N_("理由"), reason),
        ),
        {
            "corrects": found.transaction_id,
            "line": found.line_id,
            "from": found.account.path,
            "to": target.path,
            "amount_fen": amount_fen,
        },
        subject_id=found.transaction_id,
        amount_fen=amount_fen,
    )


def _told(account: AccountChoice) -> str:
    return f"{account.words.title} {account.words.name}".strip()


def _made(session: Session, actor: Actor, matter: Matter, transaction_id: int | None) -> None:
    fields = {**matter.content, "fund": matter.fund_id, "matter": matter.id}
    fields |= {"proposal": matter.proposal_id, "transaction": transaction_id}
    publish(session, actor, "correction", fields)


matters.on(MatterKind.CORRECTION.value, _made)
