"""The trustee's remuneration: reckoned by the rules for a month that is over, owed by two keys."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from community import ledger
from community.kernel import clock
from community.kernel.actor import Actor
from community.kernel.errors import N_
from community.trust_property import permissions
from community.trust_property.errors.spending import (
    MonthNotOver,
    MonthReckoned,
    NothingReceived,
    RemunerationCapReached,
)
from community.trust_property.models import Fund, Matter, Remuneration
from community.trust_property.queries.policies import terms_for_month
from community.trust_property.queries.remunerations import received_fen
from community.trust_property.rules.fund import REMUNERATION_DUE, Purpose, remuneration_path
from community.trust_property.rules.keys import KeySide
from community.trust_property.rules.matters import (
    Fact,
    MatterKind,
    MatterState,
    percent_text,
    yuan_text,
)
from community.trust_property.rules.policies import BASES, WHOLE_BP, Terms
from community.trust_property.service import books, matters
from community.trust_property.service.fund import load_fund
from community.trust_property.service.keys import check_key
from community.trust_property.service.publishing import publish


def reckon_remuneration(session: Session, actor: Actor, fund_id: int, month: date) -> int:
    """Reckon a month's remuneration by the rules in force at its end and put it to the committee.

    Rounded down to the fen: what is left stays with the owners. Gives the remuneration's id.
    Raises: FundNotFound, FundClosed, NoKey, RulesMissing, MonthNotOver, MonthReckoned,
    NothingReceived, RemunerationCapReached.
    """
    actor.check(permissions.PREPARE.code)
    fund = load_fund(session, actor, fund_id)
    check_key(session, actor, fund_id, KeySide.TRUSTEE)
    first = month.replace(day=1)
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    text = f"{first:%Y-%m}"
    if last >= clock.today():
        raise MonthNotOver(month=text)
    number = first.year * 100 + first.month
    known = select(Remuneration.id).where(
        Remuneration.community_id == actor.community_id,
        Remuneration.fund_id == fund_id,
        Remuneration.month == number,
        Remuneration.state.in_([MatterState.OPEN, MatterState.MADE]),
    )
    if session.scalar(known) is not None:
        raise MonthReckoned(month=text)
    terms = terms_for_month(session, actor.community_id, fund_id, last)
    received = received_fen(session, actor, fund_id, first, last, terms.remuneration_basis)
    amount = received * terms.remuneration_bp // WHOLE_BP
    if amount <= 0:
        raise NothingReceived(month=text)
    return _ask(session, actor, fund, terms, (number, text, received, amount))


def _ask(
    session: Session,
    actor: Actor,
    fund: Fund,
    terms: Terms,
    about: tuple[int, str, int, int],
) -> int:
    number, text, received, amount = about
    assert fund.book_id is not None
    path, cap = remuneration_path(number // 100), terms.remuneration_cap_fen
    expense = books.capped_account(session, actor, fund.book_id, path, cap)
    due = books.find_account(session, actor, fund, REMUNERATION_DUE)
    assert due is not None
    _check_cap(session, actor, expense, about)
    row = Remuneration(
        community_id=actor.community_id,
        fund_id=fund.id,
        month=number,
        basis=terms.remuneration_basis,
        basis_fen=received,
        rate_bp=terms.remuneration_bp,
        amount_fen=amount,
        state=MatterState.OPEN,
        asked_by=actor.person_id,
        asked_at=clock.now(),
    )
    session.add(row)
    session.flush()
    posting = ledger.Posting(
        fund.book_id,
        (ledger.debit(expense, amount), ledger.credit(due, amount)),
        Purpose.REMUNERATION.value,
        f"remuneration:{row.id}",
        f"remuneration:{row.id}",
    )
    draft = _draft(row, text, cap)
    row.matter_id = matters.raise_matter(session, actor, fund, draft, posting).id
    session.flush()
    return row.id


def _draft(row: Remuneration, text: str, cap: int) -> matters.Draft:
    """Show the committee how the month was reckoned."""
    return matters.Draft(
        MatterKind.REMUNERATION.value,
        f"{text} 物业酬金",
        (
            Fact(N_("月份"), text),
            Fact(N_("计算基数"), f"{BASES[row.basis]} {yuan_text(row.basis_fen)}"),
            Fact(N_("比例"), percent_text(row.rate_bp)),
            Fact(N_("应提酬金"), yuan_text(row.amount_fen)),
            Fact(N_("年度上限"), yuan_text(cap)),
        ),
        {"remuneration": row.id, "month": row.month, "basis_fen": row.basis_fen},
        subject_id=row.id,
        amount_fen=row.amount_fen,
    )


def _check_cap(
    session: Session, actor: Actor, expense: int, about: tuple[int, str, int, int]
) -> None:
    found = ledger.get_account(session, actor.community_id, expense)
    free = (found.ceiling or 0) - found.balance.total - found.incoming
    if about[3] > free:
        raise RemunerationCapReached(
            free=f"{free // 100}.{free % 100:02d}",
            month=about[1],
            amount=f"{about[3] // 100}.{about[3] % 100:02d}",
        )


def _made(session: Session, actor: Actor, matter: Matter, transaction_id: int | None) -> None:
    row = session.get_one(Remuneration, matter.subject_id)
    row.state, row.transaction_id = MatterState.MADE, transaction_id
    session.flush()
    fields = {
        "fund": row.fund_id,
        "remuneration": row.id,
        "month": row.month,
        "basis": row.basis.value,
        "basis_fen": row.basis_fen,
        "rate_bp": row.rate_bp,
        "amount_fen": row.amount_fen,
        "transaction": transaction_id,
    }
    publish(session, actor, "remuneration", fields)


def _given_up(session: Session, actor: Actor, matter: Matter) -> None:
    row = session.get_one(Remuneration, matter.subject_id)
    row.state, row.note = matter.state, matter.reason
    session.flush()


matters.on(MatterKind.REMUNERATION.value, _made, _given_up)
