"""Giving a year's surplus back to owners: decided by their vote, shared by area, by both keys."""

from __future__ import annotations

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from community import ledger
from community.kernel import clock
from community.kernel.actor import Actor
from community.trust_property.errors.surplus import (
    FreeMoneyShort,
    NoAreas,
    VoteReferenceMissing,
    YearNotOver,
    YearShared,
)
from community.trust_property.models import Fund, Matter, Surplus, SurplusShare
from community.trust_property.queries.surplus import areas_of, free_money
from community.trust_property.rules import surplus as rules
from community.trust_property.rules.fund import Purpose
from community.trust_property.rules.matters import MatterKind, MatterState
from community.trust_property.service import books, matters
from community.trust_property.service.money_ways import load_for_trustee, yuan
from community.trust_property.service.publishing import publish
from community.trust_property.service.vouchers import KeptPaper, Paper, keep_papers

_COUNTS = (MatterState.OPEN, MatterState.MADE)


def propose_surplus(
    session: Session,
    actor: Actor,
    fund_id: int,
    year: int,
    amount_fen: int,
    vote_reference: str,
    papers: tuple[Paper, ...] = (),
) -> int:
    """Put to the committee that a year's surplus is shared as owners voted; gives the surplus's id.

    Each unit gets its share by area as a prepayment; what is shared is free money today.
    Raises: FundNotFound, FundClosed, NoKey, VoteReferenceMissing, YearNotOver, YearShared,
    NoAreas, FreeMoneyShort.
    """
    fund = load_for_trustee(session, actor, fund_id)
    _check_year(session, actor, fund_id, year, vote_reference)
    shares = rules.share_surplus(amount_fen, areas_of(session, actor, fund_id))
    if not shares:
        raise NoAreas
    free = _check_free(session, actor, fund_id, amount_fen)
    row = Surplus(
        community_id=actor.community_id,
        fund_id=fund_id,
        year=year,
        amount_fen=amount_fen,
        area_centiares=sum(each.area_centiares for each in shares),
        unit_count=len(shares),
        vote_reference=vote_reference.strip(),
        state=MatterState.OPEN,
        asked_by=actor.person_id,
        asked_at=clock.now(),
    )
    session.add(row)
    session.flush()
    _write_shares(session, row, shares)
    kept = keep_papers(session, actor, papers)
    posting = _posting(session, actor, fund, row, shares)
    draft = _draft(row, shares, free, kept)
    row.matter_id = matters.raise_matter(session, actor, fund, draft, posting).id
    session.flush()
    return row.id


def _check_year(
    session: Session, actor: Actor, fund_id: int, year: int, vote_reference: str
) -> None:
    if not vote_reference.strip():
        raise VoteReferenceMissing
    if year >= clock.today().year:
        raise YearNotOver(year=year)
    known = select(Surplus.id).where(
        Surplus.community_id == actor.community_id,
        Surplus.fund_id == fund_id,
        Surplus.year == year,
        Surplus.state.in_(_COUNTS),
    )
    if session.scalar(known) is not None:
        raise YearShared(year=year)


def _draft(
    row: Surplus,
    shares: tuple[rules.Share, ...],
    free: rules.FreeMoney,
    papers: tuple[KeptPaper, ...],
) -> matters.Draft:
    """Show the committee how much, by which vote, and what is free."""
    return matters.Draft(
        MatterKind.SURPLUS.value,
        f"{row.year} 年结余分配",
        rules.surplus_facts(row.year, row.amount_fen, shares, free, row.vote_reference),
        {"surplus": row.id, "year": row.year, "amount_fen": row.amount_fen},
        subject_id=row.id,
        amount_fen=row.amount_fen,
        papers=papers,
    )


def _check_free(session: Session, actor: Actor, fund_id: int, amount_fen: int) -> rules.FreeMoney:
    free = free_money(session, actor, fund_id)
    if amount_fen > free.free_fen:
        raise FreeMoneyShort(amount=yuan(amount_fen), free=yuan(free.free_fen))
    return free


def _write_shares(session: Session, row: Surplus, shares: tuple[rules.Share, ...]) -> None:
    values = [
        {
            "community_id": row.community_id,
            "surplus_id": row.id,
            "unit_id": each.unit_id,
            "area_centiares": each.area_centiares,
            "amount_fen": each.amount_fen,
        }
        for each in shares
    ]
    session.execute(insert(SurplusShare), values)


def _posting(
    session: Session, actor: Actor, fund: Fund, row: Surplus, shares: tuple[rules.Share, ...]
) -> ledger.Posting:
    assert fund.book_id is not None
    path, kind = rules.surplus_path(row.year), ledger.AccountType.EQUITY
    shared = books.open_account(session, actor, fund.book_id, path, kind, floor=None)
    units = [each.unit_id for each in shares]
    accounts = books.prepaid_accounts(session, actor, fund.book_id, units)
    lines = (
        ledger.debit(shared, row.amount_fen),
        *(
            ledger.credit(account, each.amount_fen)
            for account, each in zip(accounts, shares, strict=True)
            if each.amount_fen
        ),
    )
    source = f"surplus:{row.id}"
    return ledger.Posting(fund.book_id, lines, Purpose.SURPLUS.value, source, source)


def _made(session: Session, actor: Actor, matter: Matter, transaction_id: int | None) -> None:
    """Share it: refused when money was spent or areas were corrected since it was asked for."""
    row = session.get_one(Surplus, matter.subject_id)
    shares = rules.share_surplus(row.amount_fen, areas_of(session, actor, row.fund_id))
    kept = session.execute(
        select(SurplusShare.unit_id, SurplusShare.area_centiares, SurplusShare.amount_fen)
        .where(SurplusShare.community_id == actor.community_id, SurplusShare.surplus_id == row.id)
        .order_by(SurplusShare.unit_id)
    )
    if [tuple(each) for each in kept] != [
        (each.unit_id, each.area_centiares, each.amount_fen) for each in shares
    ]:
        raise ledger.ProposalChanged
    # The shares are prepayments by now; what is left may not be less than nothing.
    free = free_money(session, actor, row.fund_id)
    left = free.money_fen - free.owed_fen - free.held_fen
    if left < 0:
        able = max(row.amount_fen + left, 0)
        raise FreeMoneyShort(amount=yuan(row.amount_fen), free=yuan(able))
    row.state, row.transaction_id = MatterState.MADE, transaction_id
    session.flush()
    fields = {
        "fund": row.fund_id,
        "surplus": row.id,
        "year": row.year,
        "amount_fen": row.amount_fen,
        "units": row.unit_count,
        "area_centiares": row.area_centiares,
        "reference": row.vote_reference,
        "proposal": matter.proposal_id,
        "transaction": transaction_id,
    }
    publish(session, actor, "surplus", fields)


def _given_up(session: Session, actor: Actor, matter: Matter) -> None:
    row = session.get_one(Surplus, matter.subject_id)
    row.state, row.note = matter.state, matter.reason
    session.flush()


matters.on(MatterKind.SURPLUS.value, _made, _given_up)
