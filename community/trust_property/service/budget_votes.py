"""Asking the owners to vote on a budget; what they decide still goes through both keys."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from community import identity
from community.kernel import clock, events
from community.kernel.actor import Actor
from community.kernel.errors import NotAllowed
from community.trust_property import permissions
from community.trust_property.errors.budget import (
    BudgetVoteNotFound,
    BudgetVoteOpen,
    BudgetVoteOver,
    BudgetVoteSpent,
    OwnersOfOtherBuildings,
)
from community.trust_property.events import BudgetVoteWanted
from community.trust_property.models import BudgetVote, Fund
from community.trust_property.queries.budget_votes import is_adopted
from community.trust_property.queries.budgets import find_budget
from community.trust_property.queries.fund import fund_buildings
from community.trust_property.rules.budget import BudgetLine
from community.trust_property.rules.budget_votes import (
    VoteState,
    holds_text,
    subject_of,
    vote_text,
    vote_title,
)
from community.trust_property.rules.keys import KeySide
from community.trust_property.service import matters
from community.trust_property.service.budgets import budget_draft, check_lines
from community.trust_property.service.fund import load_fund
from community.trust_property.service.keys import check_key


def ask_budget_vote(
    session: Session, actor: Actor, fund_id: int, year: int, lines: tuple[BudgetLine, ...]
) -> int:
    """Ask that the owners vote on a year's budget; gives the vote's id.

    Raises: FundNotFound, FundClosed, NoKey, YearOutOfRange, BudgetUnclear, BudgetVoteOpen,
    OwnersOfOtherBuildings.
    """
    fund = _load(session, actor, fund_id)
    check_lines(year, lines)
    _check_owners(session, actor, fund)
    _check_none_open(session, fund, year)
    row = BudgetVote(
        community_id=actor.community_id,
        fund_id=fund.id,
        year=year,
        lines=[[each.code, each.name, each.amount_fen, each.carried_fen] for each in lines],
        state=VoteState.WANTED,
        asked_at=clock.now(),
    )
    session.add(row)
    session.flush()
    title, text = vote_title(fund.name, year), vote_text(year, lines)
    events.tell(session, BudgetVoteWanted(row.community_id, subject_of(row.id), title, text))
    return row.id


def withdraw_budget_vote(session: Session, actor: Actor, fund_id: int, vote_id: int) -> None:
    """Take a budget back before the owners decided; what they decide then has no effect here.

    Raises: FundNotFound, FundClosed, NoKey, BudgetVoteNotFound, BudgetVoteOver.
    """
    _load(session, actor, fund_id)
    row = _vote(session, actor, fund_id, vote_id)
    if row.state is not VoteState.WANTED:
        raise BudgetVoteOver
    row.state = VoteState.WITHDRAWN
    session.flush()


def take_budget_vote(
    session: Session,
    actor: Actor,
    vote_id: int,
    asked: str,
    reference: str,
    decided_on: date,
    *,
    passed: bool,
) -> None:
    """Note what the owners decided, once; `asked` is the question as it was put to them.

    A vote on other lines is no vote on this budget. No budget changes: the trustee puts a passed
    one to the committee. Only the product itself may.
    """
    if not actor.is_system:
        raise NotAllowed
    row = session.get(BudgetVote, vote_id)
    if row is None or row.community_id != actor.community_id or row.state is not VoteState.WANTED:
        return
    row.state = VoteState.PASSED if passed else VoteState.FAILED
    if not holds_text(asked, vote_text(row.year, _lines(row))):
        row.state = VoteState.DIFFERENT
    row.reference, row.decided_on = reference[:120], decided_on
    session.flush()


def propose_voted_budget(session: Session, actor: Actor, fund_id: int, vote_id: int) -> int:
    """Put a budget that the owners passed to the committee, as they passed it; gives the matter.

    Raises: FundNotFound, FundClosed, NoKey, BudgetVoteNotFound, BudgetVoteOver, BudgetVoteSpent,
    YearOutOfRange, MatterOpen.
    """
    fund = _load(session, actor, fund_id)
    row = _vote(session, actor, fund_id, vote_id)
    if row.state is not VoteState.PASSED or row.decided_on is None:
        raise BudgetVoteOver
    if is_adopted(session, row):
        raise BudgetVoteSpent
    lines = _lines(row)
    check_lines(row.year, lines)
    old = find_budget(session, actor, fund_id, row.year)
    draft = budget_draft(row.year, old, lines, (row.reference, row.decided_on), ())
    return matters.raise_matter(session, actor, fund, draft).id


def _load(session: Session, actor: Actor, fund_id: int) -> Fund:
    actor.check(permissions.PREPARE.code)
    fund = load_fund(session, actor, fund_id)
    check_key(session, actor, fund_id, KeySide.TRUSTEE)
    return fund


def _vote(session: Session, actor: Actor, fund_id: int, vote_id: int) -> BudgetVote:
    row = session.get(BudgetVote, vote_id)
    if row is None or (row.community_id, row.fund_id) != (actor.community_id, fund_id):
        raise BudgetVoteNotFound
    return row


def _lines(row: BudgetVote) -> tuple[BudgetLine, ...]:
    return tuple(BudgetLine(*each) for each in row.lines)


def _check_owners(session: Session, actor: Actor, fund: Fund) -> None:
    """Refuse where the owners' roll would hold people whose buildings pay elsewhere."""
    own = {each.id for each in fund_buildings(session, actor, fund.id)}
    if own != {each.id for each in identity.buildings(session, actor.community_id)}:
        raise OwnersOfOtherBuildings


def _check_none_open(session: Session, fund: Fund, year: int) -> None:
    waiting = select(BudgetVote.id).where(
        BudgetVote.community_id == fund.community_id,
        BudgetVote.fund_id == fund.id,
        BudgetVote.year == year,
        BudgetVote.state == VoteState.WANTED,
    )
    if session.scalar(waiting) is not None:
        raise BudgetVoteOpen(year=year)
