"""Reading spending requests, their versions and papers, and payments."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from community import ledger
from community.kernel import clock
from community.kernel.actor import Actor
from community.trust_property.errors.spending import RequestNotFound
from community.trust_property.models import (
    Opening,
    OpeningEntry,
    Payee,
    Payment,
    RequestPaper,
    RequestVersion,
    SpendingRequest,
)
from community.trust_property.queries.budgets import find_budget
from community.trust_property.queries.fund import find_path, get_fund
from community.trust_property.rules.budget import TAKEN_OVER
from community.trust_property.rules.fund import taken_over_path
from community.trust_property.rules.opening import OpeningState
from community.trust_property.rules.spending import PaperKind, Ratification, RequestState

MOST = 200
DEBT_TITLE = "开账时接管的欠款"


@dataclass(frozen=True, slots=True)
class RequestPaperView:
    """A quote or voucher of a request's present version."""

    id: int
    kind: PaperKind
    title: str
    file_id: int
    sha256: str


@dataclass(frozen=True, slots=True)
class VersionView:
    """What a request asked in an earlier or the present version."""

    version: int
    line_code: str
    payee: str
    amount_fen: int
    words: str
    matter_id: int | None
    made_at: datetime


@dataclass(frozen=True, slots=True)
class PaymentView:
    """A payment of a request or a remuneration."""

    id: int
    bank_account_id: int
    amount_fen: int
    paid_on: date
    bank_number: str
    transaction_id: int
    bank_line_id: int | None
    returned_on: date | None


@dataclass(frozen=True, slots=True)
class DebtView:
    """A debt taken over on opening day; `left_fen` is what no request asks for."""

    payee_id: int
    payee: str
    taken_over_fen: int
    left_fen: int


@dataclass(frozen=True, slots=True)
class RequestView:
    """A spending request as it stands; expired by the clock, whatever the row says."""

    id: int
    number: int
    version: int
    state: RequestState
    year: int
    line_code: str
    line_name: str
    payee_id: int
    payee: str
    amount_fen: int
    words: str
    vote_reference: str
    is_emergency: bool
    ratification: Ratification
    ratify_by: date | None
    matter_id: int | None
    transaction_id: int | None
    expires_at: datetime
    asked_by_id: int | None
    asked_at: datetime
    reason: str
    paid_fen: int

    @property
    def is_ratify_overdue(self) -> bool:
        """Tell whether an emergency waits beyond its day."""
        is_waiting = self.ratification is Ratification.WAITING
        return is_waiting and self.ratify_by is not None and self.ratify_by < clock.today()


def requests(
    session: Session, actor: Actor, fund_id: int, state: RequestState | None = None
) -> tuple[RequestView, ...]:
    """List a fund's spending requests, the newest first.

    Raises: FundNotFound.
    """
    get_fund(session, actor, fund_id)
    rows = session.scalars(
        select(SpendingRequest)
        .where(
            SpendingRequest.community_id == actor.community_id, SpendingRequest.fund_id == fund_id
        )
        .order_by(SpendingRequest.number.desc())
        .limit(MOST)
    ).all()
    shown = _views(session, actor, fund_id, list(rows))
    return tuple(each for each in shown if state is None or each.state is state)


def get_request(session: Session, actor: Actor, fund_id: int, request_id: int) -> RequestView:
    """Get a spending request of a fund.

    Raises: FundNotFound, RequestNotFound.
    """
    get_fund(session, actor, fund_id)
    row = session.get(SpendingRequest, request_id)
    if row is None or (row.community_id, row.fund_id) != (actor.community_id, fund_id):
        raise RequestNotFound
    return _views(session, actor, fund_id, [row])[0]


def request_versions(
    session: Session, actor: Actor, fund_id: int, request_id: int
) -> tuple[VersionView, ...]:
    """List every version of a request, the newest first.

    Raises: FundNotFound, RequestNotFound.
    """
    get_request(session, actor, fund_id, request_id)
    rows = session.execute(
        select(RequestVersion, Payee.name)
        .join(Payee, Payee.id == RequestVersion.payee_id)
        .where(
            RequestVersion.community_id == actor.community_id,
            RequestVersion.request_id == request_id,
        )
        .order_by(RequestVersion.version.desc())
    )
    return tuple(
        VersionView(
            row.version, row.line_code, name, row.amount_fen, row.words, row.matter_id, row.made_at
        )
        for row, name in rows
    )


def request_papers(
    session: Session, actor: Actor, fund_id: int, request_id: int
) -> tuple[RequestPaperView, ...]:
    """List the quotes and vouchers of a request's present version.

    Raises: FundNotFound, RequestNotFound.
    """
    found = get_request(session, actor, fund_id, request_id)
    rows = session.scalars(
        select(RequestPaper)
        .where(
            RequestPaper.community_id == actor.community_id,
            RequestPaper.request_id == request_id,
            RequestPaper.version == found.version,
        )
        .order_by(RequestPaper.id)
    )
    return tuple(
        RequestPaperView(row.id, row.kind, row.title, row.file_id, row.sha256) for row in rows
    )


def payments_of(
    session: Session, actor: Actor, fund_id: int, request_id: int
) -> tuple[PaymentView, ...]:
    """List what was paid for a request, the oldest first.

    Raises: FundNotFound, RequestNotFound.
    """
    get_request(session, actor, fund_id, request_id)
    rows = session.scalars(
        select(Payment)
        .where(Payment.community_id == actor.community_id, Payment.request_id == request_id)
        .order_by(Payment.id)
    )
    return tuple(payment_view(row) for row in rows)


def payment_view(row: Payment) -> PaymentView:
    """Read a payment's row."""
    return PaymentView(
        row.id,
        row.bank_account_id,
        row.amount_fen,
        row.paid_on,
        row.bank_number,
        row.transaction_id,
        row.bank_line_id,
        row.returned_on,
    )


def taken_over_debts(session: Session, actor: Actor, fund_id: int) -> tuple[DebtView, ...]:
    """List debts taken over on opening day, with what nobody asked to pay yet.

    Raises: FundNotFound.
    """
    fund = get_fund(session, actor, fund_id)
    rows = session.execute(
        select(OpeningEntry.payee_id, Payee.name, func.sum(OpeningEntry.amount_fen))
        .join(Opening, Opening.id == OpeningEntry.opening_id)
        .join(Payee, Payee.id == OpeningEntry.payee_id)
        .where(
            OpeningEntry.community_id == actor.community_id,
            Opening.fund_id == fund_id,
            Opening.state == OpeningState.OPENED,
        )
        .group_by(OpeningEntry.payee_id, Payee.name)
        .order_by(Payee.name)
    ).all()
    found = []
    for payee_id, name, taken_over in rows:
        assert payee_id is not None, "a debt names its payee"
        account = find_path(session, actor, fund, taken_over_path(payee_id))
        assert account is not None, "a debt taken over has its account"
        left = ledger.get_account(session, actor.community_id, account).balance.available
        found.append(DebtView(payee_id, name, int(taken_over), left))
    return tuple(found)


def overdue_emergencies(session: Session, actor: Actor, fund_id: int) -> tuple[RequestView, ...]:
    """List emergencies that nobody ratified by their day."""
    return tuple(each for each in requests(session, actor, fund_id) if each.is_ratify_overdue)


def _views(
    session: Session, actor: Actor, fund_id: int, rows: list[SpendingRequest]
) -> tuple[RequestView, ...]:
    paid = _paid(session, actor, [row.id for row in rows])
    chosen = select(Payee.id, Payee.name).where(
        Payee.community_id == actor.community_id, Payee.fund_id == fund_id
    )
    payees = {row[0]: row[1] for row in session.execute(chosen)}
    names: dict[tuple[int, str], str] = {}
    for year in {row.year for row in rows}:
        budget = find_budget(session, actor, fund_id, year)
        names |= {(year, each.code): each.name for each in (budget.lines if budget else ())}
        names[(year, TAKEN_OVER)] = DEBT_TITLE
    now = clock.now()
    found = []
    for row in rows:
        is_over = row.state is RequestState.ASKED and row.expires_at <= now
        found.append(
            RequestView(
                row.id,
                row.number,
                row.version,
                RequestState.EXPIRED if is_over else row.state,
                row.year,
                row.line_code,
                names.get((row.year, row.line_code), row.line_code),
                row.payee_id,
                payees.get(row.payee_id, ""),
                row.amount_fen,
                row.words,
                row.vote_reference,
                row.is_emergency,
                row.ratification,
                row.ratify_by,
                row.matter_id,
                row.transaction_id,
                row.expires_at,
                row.asked_by,
                row.asked_at,
                row.reason,
                paid[row.id],
            )
        )
    return tuple(found)


def _paid(session: Session, actor: Actor, ids: list[int]) -> dict[int, int]:
    """Add up what was paid for each request and did not come back."""
    paid: dict[int, int] = dict.fromkeys(ids, 0)
    for payment in session.scalars(
        select(Payment).where(
            Payment.community_id == actor.community_id,
            Payment.request_id.in_(ids),
            Payment.returned_on.is_(None),
        )
    ):
        paid[payment.request_id or 0] += payment.amount_fen
    return paid
