"""Spending requests: asked by the trustee, held on a line, approved by the committee."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from community import ledger
from community.kernel import clock
from community.kernel.actor import Actor
from community.trust_property import permissions
from community.trust_property.errors.matters import ReasonMissing
from community.trust_property.errors.spending import (
    BudgetExceeded,
    DebtExceeded,
    NothingTakenOver,
    QuotesMissing,
    RequestNotFound,
    StepRefused,
    VoteMissing,
    VoucherMissing,
)
from community.trust_property.models import (
    Fund,
    Matter,
    SpendingRequest,
)
from community.trust_property.queries.budgets import get_line
from community.trust_property.queries.payees import get_payable
from community.trust_property.queries.policies import get_terms
from community.trust_property.rules.budget import TAKEN_OVER, BudgetLine
from community.trust_property.rules.fund import Purpose, expense_path, taken_over_path
from community.trust_property.rules.keys import KeySide
from community.trust_property.rules.matters import MatterKind, MatterState
from community.trust_property.rules.policies import Terms
from community.trust_property.rules.spending import (
    EDITABLE,
    TITLES,
    PaperKind,
    Ratification,
    RequestState,
    may_step,
)
from community.trust_property.service import books, matters, request_versions
from community.trust_property.service.fund import load_fund
from community.trust_property.service.keys import check_key
from community.trust_property.service.publishing import publish
from community.trust_property.service.vouchers import Paper

DEBT = BudgetLine(TAKEN_OVER, "开账时接管的欠款", 0)


@dataclass(frozen=True, slots=True)
class RequestDraft:
    """What the trustee asks: how much of which line for whom and why, with its papers.

    An edit without papers of a kind keeps the ones of the version before.
    """

    line_code: str
    payee_id: int
    amount_fen: int
    words: str
    vote_reference: str = ""
    quotes: tuple[Paper, ...] = ()
    vouchers: tuple[Paper, ...] = ()


def ask_spending(session: Session, actor: Actor, fund_id: int, draft: RequestDraft) -> int:
    """Ask for money of this year's budget; gives the request's id.

    Small amounts are approved by the rules themselves, larger ones wait for the committee. A debt
    taken over on opening day goes the same way: it needs no budget line, and its paper for quotes.
    Raises: FundNotFound, FundClosed, NoKey, RulesMissing, BudgetMissing, LineNotFound,
    PayeeNotFound, PayeeChanging, PayeeCooling, QuotesMissing, VoteMissing, BudgetExceeded,
    NothingTakenOver, DebtExceeded, VoucherMissing.
    """
    actor.check(permissions.PREPARE.code)
    fund = load_fund(session, actor, fund_id)
    check_key(session, actor, fund_id, KeySide.TRUSTEE)
    row = SpendingRequest(
        community_id=actor.community_id,
        fund_id=fund_id,
        number=next_number(session, actor, fund_id),
        version=0,
        state=RequestState.ASKED,
        year=clock.today().year,
        line_code=draft.line_code,
        payee_id=draft.payee_id,
        amount_fen=draft.amount_fen,
        words=draft.words,
        ratification=Ratification.NONE,
        expires_at=clock.now(),
        asked_by=actor.person_id,
        asked_at=clock.now(),
    )
    _put(session, actor, fund, row, draft)
    return row.id


def edit_spending(
    session: Session, actor: Actor, fund_id: int, request_id: int, draft: RequestDraft
) -> None:
    """Ask for something else instead, before it is paid: every approval so far falls away.

    Raises: as `ask_spending`; RequestNotFound, StepRefused, RequestExpired.
    """
    actor.check(permissions.PREPARE.code)
    fund = load_fund(session, actor, fund_id)
    check_key(session, actor, fund_id, KeySide.TRUSTEE)
    row = load_request(session, actor, fund_id, request_id)
    if row.is_emergency or row.state not in EDITABLE:
        raise StepRefused(state=TITLES[row.state])
    _take_back(session, actor, fund, row, "内容有改动，须重新批准")
    _put(session, actor, fund, row, draft)


def withdraw_spending(
    session: Session, actor: Actor, fund_id: int, request_id: int, reason: str
) -> None:
    """Withdraw a request that is not paid; what was set aside is free again.

    Raises: FundNotFound, FundClosed, NoKey, RequestNotFound, StepRefused, ReasonMissing.
    """
    actor.check(permissions.PREPARE.code)
    fund = load_fund(session, actor, fund_id)
    check_key(session, actor, fund_id, KeySide.TRUSTEE)
    row = load_request(session, actor, fund_id, request_id)
    if row.is_emergency or row.state not in EDITABLE:
        raise StepRefused(state=TITLES[row.state])
    if not reason.strip():
        raise ReasonMissing
    _take_back(session, actor, fund, row, reason)
    step(session, actor, row, RequestState.WITHDRAWN, reason)


def load_request(session: Session, actor: Actor, fund_id: int, request_id: int) -> SpendingRequest:
    """Load a request of a fund for a command.

    Raises: RequestNotFound.
    """
    row = session.get(SpendingRequest, request_id)
    if row is None or (row.community_id, row.fund_id) != (actor.community_id, fund_id):
        raise RequestNotFound
    return row


def next_number(session: Session, actor: Actor, fund_id: int) -> int:
    """Give the number after a fund's last request."""
    last = session.scalar(
        select(func.max(SpendingRequest.number)).where(
            SpendingRequest.community_id == actor.community_id, SpendingRequest.fund_id == fund_id
        )
    )
    return int(last or 0) + 1


def step(
    session: Session, actor: Actor, row: SpendingRequest, state: RequestState, reason: str = ""
) -> None:
    """Let a request go a step of the table and publish it.

    Raises: StepRefused.
    """
    if row.state is not state and not may_step(row.state, state):
        raise StepRefused(state=TITLES[row.state])
    row.state = state
    row.reason = reason
    is_over = state in {RequestState.REJECTED, RequestState.WITHDRAWN, RequestState.EXPIRED}
    row.closed_at = clock.now() if is_over else None
    session.flush()
    fields = {
        "fund": row.fund_id,
        "request": row.id,
        "number": row.number,
        "version": row.version,
        "state": state.value,
        "year": row.year,
        "line": row.line_code,
        "payee": row.payee_id,
        "amount_fen": row.amount_fen,
        "words": row.words,
        "emergency": row.is_emergency,
        "ratification": row.ratification.value,
        "transaction": row.transaction_id,
        "reason": reason,
    }
    publish(session, actor, "request", fields)


def _put(
    session: Session, actor: Actor, fund: Fund, row: SpendingRequest, draft: RequestDraft
) -> None:
    """Write a version: set its amount aside, and put it to the committee unless it is small."""
    year = clock.today().year
    terms = get_terms(session, actor.community_id, fund.id)
    is_debt = draft.line_code == TAKEN_OVER
    line = DEBT if is_debt else get_line(session, actor, fund.id, year, draft.line_code)
    payee = get_payable(session, actor, fund.id, draft.payee_id)
    before = row.version
    papers = request_versions.gather(session, actor, row, draft.quotes, draft.vouchers)
    if is_debt and not any(kind is PaperKind.VOUCHER for kind, _ in papers):
        raise VoucherMissing
    _check_size(terms, draft, sum(kind is PaperKind.QUOTE for kind, _ in papers))
    replaced, row.version = row.matter_id, before + 1
    row.year, row.line_code, row.payee_id = year, draft.line_code, draft.payee_id
    row.amount_fen, row.words = draft.amount_fen, draft.words
    row.vote_reference, row.reason = draft.vote_reference, ""
    row.expires_at = clock.now() + timedelta(days=terms.request_days)
    row.matter_id = row.transaction_id = None
    row.state = RequestState.ASKED
    session.add(row)
    session.flush()
    row.hold_id = _hold(session, actor, fund, row, line)
    keys = ledger.keys_needed(
        session, actor.community_id, fund.book_id or 0, Purpose.SPEND.value, row.amount_fen
    )
    if keys:
        kept = tuple(paper for _, paper in papers)
        asked = request_versions.matter_draft(row, line, payee, kept, replaced)
        inner = ledger.Settlement(row.hold_id)
        row.matter_id = matters.raise_matter(session, actor, fund, asked, inner).id
    request_versions.keep(session, actor, row, papers)
    if keys:
        step(session, actor, row, RequestState.ASKED)
        return
    key = f"request:{row.id}:v{row.version}:settle"
    row.transaction_id = ledger.settle(session, actor, row.hold_id, key).transaction_id
    step(session, actor, row, RequestState.APPROVED)


def _check_size(terms: Terms, draft: RequestDraft, quotes: int) -> None:
    is_priced = draft.line_code == TAKEN_OVER
    if not is_priced and draft.amount_fen > terms.small_fen and quotes < terms.quotes_needed:
        limit = f"{terms.small_fen // 100}"
        raise QuotesMissing(limit=limit, needed=terms.quotes_needed, given=quotes)
    if draft.amount_fen > terms.vote_fen and not draft.vote_reference:
        raise VoteMissing(limit=f"{terms.vote_fen // 100}")


def _hold(
    session: Session, actor: Actor, fund: Fund, row: SpendingRequest, line: BudgetLine
) -> int:
    assert fund.book_id is not None
    expense = _source(session, actor, fund, row)
    owed = books.payable_account(session, actor, fund.book_id, row.payee_id)
    posting = ledger.Posting(
        fund.book_id,
        (ledger.debit(expense, row.amount_fen), ledger.credit(owed, row.amount_fen)),
        Purpose.SPEND.value,
        f"request:{row.id}",
        f"request:{row.id}:v{row.version}",
    )
    try:
        return ledger.hold(session, actor, posting, row.expires_at).transaction_id
    except ledger.CeilingReached as refusal:
        found = ledger.get_account(session, actor.community_id, expense)
        free = (found.ceiling or 0) - found.balance.total - found.incoming
        raise BudgetExceeded(line=line.name, free=f"{free // 100}.{free % 100:02d}") from refusal
    except ledger.InsufficientBalance as refusal:
        left = ledger.get_account(session, actor.community_id, expense).balance.available
        raise DebtExceeded(left=f"{left // 100}.{left % 100:02d}") from refusal


def _source(session: Session, actor: Actor, fund: Fund, row: SpendingRequest) -> int:
    """Give the account that a request draws on: its budget line's, or the debt taken over.

    Raises: NothingTakenOver.
    """
    if row.line_code == TAKEN_OVER:
        debt = books.find_account(session, actor, fund, taken_over_path(row.payee_id))
        if debt is None:
            raise NothingTakenOver
        return debt
    expense = books.find_account(session, actor, fund, expense_path(row.year, row.line_code))
    assert expense is not None, "a budget line has its account"
    return expense


def _take_back(
    session: Session, actor: Actor, fund: Fund, row: SpendingRequest, reason: str
) -> None:
    """Undo what a version brought about: its approvals, its hold, or its entry in the books."""
    if row.matter_id is not None and row.state is RequestState.ASKED:
        waiting = session.get_one(Matter, row.matter_id)
        if waiting.state is MatterState.OPEN:
            matters.drop_matter(session, actor, waiting, reason)
    if row.transaction_id is not None:
        void(session, actor, fund, row)
    elif row.hold_id is not None:
        free_hold(session, actor, row)


def free_hold(session: Session, actor: Actor, row: SpendingRequest) -> None:
    """Free what a request sets aside; one that is over is free already."""
    assert row.hold_id is not None
    try:
        ledger.release(session, actor, row.hold_id, f"request:{row.id}:v{row.version}:free")
    except (ledger.HoldExpired, ledger.HoldResolved):
        row.hold_id = None


def void(session: Session, actor: Actor, fund: Fund, row: SpendingRequest) -> None:
    """Take an approved and unpaid expense out of the books again."""
    assert fund.book_id is not None
    expense = _source(session, actor, fund, row)
    owed = books.payable_account(session, actor, fund.book_id, row.payee_id)
    posting = ledger.Posting(
        fund.book_id,
        (ledger.debit(owed, row.amount_fen), ledger.credit(expense, row.amount_fen)),
        Purpose.VOID.value,
        f"request:{row.id}",
        f"request:{row.id}:v{row.version}:void",
    )
    ledger.post(session, actor, posting)
    row.transaction_id, row.state = None, RequestState.ASKED
    session.flush()


def _approved(session: Session, actor: Actor, matter: Matter, transaction_id: int | None) -> None:
    row = session.get_one(SpendingRequest, matter.subject_id)
    # Where the money goes may have changed since it was asked for.
    payee = get_payable(session, actor, row.fund_id, row.payee_id)
    if payee.account_id != matter.content["payee_account"]:
        raise ledger.ProposalChanged
    row.transaction_id = transaction_id
    step(session, actor, row, RequestState.APPROVED)


def _given_up(session: Session, actor: Actor, matter: Matter) -> None:
    row = session.get_one(SpendingRequest, matter.subject_id)
    free_hold(session, actor, row)
    is_rejected = matter.state is MatterState.REJECTED
    state = RequestState.REJECTED if is_rejected else RequestState.WITHDRAWN
    step(session, actor, row, state, matter.reason)


def expire_requests(session: Session, actor: Actor) -> int:
    """Tidy up requests whose time is over; tells how many. What they held is free already."""
    rows = session.scalars(
        select(SpendingRequest).where(
            SpendingRequest.community_id == actor.community_id,
            SpendingRequest.state.in_([RequestState.ASKED, RequestState.RETURNED]),
            SpendingRequest.expires_at <= clock.now(),
        )
    ).all()
    for row in rows:
        waiting = None if row.matter_id is None else session.get_one(Matter, row.matter_id)
        if waiting is not None and waiting.state is MatterState.OPEN:
            matters.drop_matter(session, actor, waiting, "过期")
        step(session, actor, row, RequestState.EXPIRED)
    return len(rows)


matters.on(MatterKind.SPEND.value, _approved, _given_up)
