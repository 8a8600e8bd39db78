"""Emergencies (紧急支出): spent at once within a yearly cap, ratified by a date, or paid back."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy.orm import Session

from community import ledger
from community.kernel import clock
from community.kernel.actor import Actor
from community.kernel.errors import N_
from community.trust_property import permissions
from community.trust_property.errors.spending import EmergencyCapReached, EmergencyOverdue
from community.trust_property.models import Fund, Matter, SpendingRequest
from community.trust_property.queries.payees import PayeeView, get_payable
from community.trust_property.queries.policies import get_terms
from community.trust_property.queries.spending import overdue_emergencies
from community.trust_property.rules.budget import EMERGENCY, BudgetLine
from community.trust_property.rules.fund import TRUSTEE_OWES, Purpose, emergency_path
from community.trust_property.rules.keys import KeySide
from community.trust_property.rules.matters import Fact, MatterKind
from community.trust_property.rules.spending import Ratification, RequestState
from community.trust_property.service import books, matters, request_versions
from community.trust_property.service.fund import load_fund
from community.trust_property.service.keys import check_key
from community.trust_property.service.publishing import publish
from community.trust_property.service.spending import RequestDraft, next_number, step
from community.trust_property.service.vouchers import KeptPaper

LINE = BudgetLine(EMERGENCY, "紧急支出", 0)


def spend_emergency(session: Session, actor: Actor, fund_id: int, draft: RequestDraft) -> int:
    """Spend in an emergency with the trustee's key alone; gives the request's id.

    The committee must ratify it by a date; the draft's line is left aside.
    Raises: FundNotFound, FundClosed, NoKey, RulesMissing, PayeeNotFound, PayeeChanging,
    PayeeCooling, EmergencyOverdue, EmergencyCapReached.
    """
    actor.check(permissions.PREPARE.code)
    fund = load_fund(session, actor, fund_id)
    check_key(session, actor, fund_id, KeySide.TRUSTEE)
    terms = get_terms(session, actor.community_id, fund_id)
    payee = get_payable(session, actor, fund_id, draft.payee_id)
    for late in overdue_emergencies(session, actor, fund_id):
        raise EmergencyOverdue(number=late.number)
    row = SpendingRequest(
        community_id=actor.community_id,
        fund_id=fund_id,
        number=next_number(session, actor, fund_id),
        version=1,
        state=RequestState.ASKED,
        year=clock.today().year,
        line_code=EMERGENCY,
        payee_id=draft.payee_id,
        amount_fen=draft.amount_fen,
        words=draft.words,
        is_emergency=True,
        ratification=Ratification.WAITING,
        ratify_by=clock.today() + timedelta(days=terms.ratify_days),
        expires_at=clock.now(),
        asked_by=actor.person_id,
        asked_at=clock.now(),
    )
    session.add(row)
    session.flush()
    papers = request_versions.gather(session, actor, row, draft.quotes, draft.vouchers)
    kept = tuple(paper for _, paper in papers)
    row.matter_id = matters.raise_matter(session, actor, fund, _asked(row, payee, kept)).id
    request_versions.keep(session, actor, row, papers)
    spent = _post(session, actor, fund, row, terms.emergency_cap_fen)
    row.transaction_id = spent
    step(session, actor, row, RequestState.APPROVED)
    _publish(session, actor, row)
    return row.id


def _asked(row: SpendingRequest, payee: PayeeView, papers: tuple[KeptPaper, ...]) -> matters.Draft:
    shown = request_versions.matter_draft(row, LINE, payee, papers, None)
    assert row.ratify_by is not None
    return matters.Draft(
        MatterKind.RATIFY.value,
        f"追认紧急支出 {row.number} 号：{row.words[:40]}",
        (*shown.facts, Fact(N_("最迟追认日期"), row.ratify_by.isoformat())),
        shown.content,
        subject_id=row.id,
        amount_fen=row.amount_fen,
        papers=papers,
    )


def _post(session: Session, actor: Actor, fund: Fund, row: SpendingRequest, cap: int) -> int:
    assert fund.book_id is not None
    path = emergency_path(row.year)
    expense = books.capped_account(session, actor, fund.book_id, path, cap)
    owed = books.payable_account(session, actor, fund.book_id, row.payee_id)
    posting = ledger.Posting(
        fund.book_id,
        (ledger.debit(expense, row.amount_fen), ledger.credit(owed, row.amount_fen)),
        Purpose.EMERGENCY.value,
        f"request:{row.id}",
        f"request:{row.id}:emergency",
    )
    try:
        return ledger.post(session, actor, posting).transaction_id
    except ledger.CeilingReached as refusal:
        found = ledger.get_account(session, actor.community_id, expense)
        free = (found.ceiling or 0) - found.balance.total - found.incoming
        raise EmergencyCapReached(free=f"{free // 100}.{free % 100:02d}") from refusal


def _ratified(session: Session, actor: Actor, matter: Matter, transaction_id: int | None) -> None:
    row = session.get_one(SpendingRequest, matter.subject_id)
    row.ratification = Ratification.RATIFIED
    session.flush()
    _publish(session, actor, row)


def _refused(session: Session, actor: Actor, matter: Matter) -> None:
    """Let the trustee owe the fund what it spent and nobody ratified."""
    row = session.get_one(SpendingRequest, matter.subject_id)
    fund = session.get_one(Fund, row.fund_id)
    assert fund.book_id is not None
    expense = books.find_account(session, actor, fund, emergency_path(row.year))
    assert expense is not None
    asset = ledger.AccountType.ASSET
    owes = books.open_account(session, actor, fund.book_id, TRUSTEE_OWES, asset)
    posting = ledger.Posting(
        fund.book_id,
        (ledger.debit(owes, row.amount_fen), ledger.credit(expense, row.amount_fen)),
        Purpose.VOID.value,
        f"request:{row.id}",
        f"request:{row.id}:refused",
    )
    ledger.post(session, actor, posting)
    row.ratification, row.reason = Ratification.REFUSED, matter.reason
    session.flush()
    _publish(session, actor, row)


def _publish(session: Session, actor: Actor, row: SpendingRequest) -> None:
    assert row.ratify_by is not None
    fields = {
        "fund": row.fund_id,
        "emergency": row.id,
        "number": row.number,
        "amount_fen": row.amount_fen,
        "words": row.words,
        "ratification": row.ratification.value,
        "ratify_by": row.ratify_by.isoformat(),
        "transaction": row.transaction_id,
    }
    publish(session, actor, "emergency", fields)


matters.on(MatterKind.RATIFY.value, _ratified, _refused)
