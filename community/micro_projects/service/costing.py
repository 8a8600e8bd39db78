"""What a project costs: quotes with their papers, and a costing that becomes its budget."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from community.kernel import clock, files
from community.kernel.actor import Actor
from community.kernel.sentences import say
from community.micro_projects import permissions
from community.micro_projects.errors.deciding import (
    CapExceeded,
    LinesMissing,
    MatchWithoutCofunding,
    PartsExceedBudget,
    QuotesMissing,
    VoteStands,
)
from community.micro_projects.errors.projects import NotAtStation
from community.micro_projects.errors.venture import BeyondTheGrant
from community.micro_projects.models import Project, ProjectCosting, ProjectQuote, ProjectVote
from community.micro_projects.queries.deciding import granted_by_call
from community.micro_projects.queries.terms import terms_of
from community.micro_projects.rules.deciding import MOST_LINES, sum_of
from community.micro_projects.rules.money import yuan
from community.micro_projects.rules.projects import KIND_TITLES, Funding
from community.micro_projects.rules.states import STATE_TITLES, ProjectState
from community.micro_projects.service.moving import check_words, claim_move, load_public


def add_quote(
    session: Session,
    actor: Actor,
    project_id: int,
    firm: str,
    amount_fen: int,
    paper: files.Ready | None = None,
) -> int:
    """Keep a firm's price for a project being costed, with its paper; gives its id.

    Raises: ProjectNotFound, NotAtStation.
    """
    actor.check(permissions.RUN.code)
    row = _load_costing(session, actor, project_id)
    quote = ProjectQuote(
        community_id=actor.community_id,
        project_id=row.id,
        firm=firm,
        amount_fen=amount_fen,
        file_id=None if paper is None else files.keep_file(session, actor, paper),
        added_by=actor.person_id,
        added_at=clock.now(),
    )
    session.add(quote)
    session.flush()
    return quote.id


def cost_project(
    session: Session,
    actor: Actor,
    project_id: int,
    lines: tuple[tuple[str, int], ...],
    cofunding_fen: int = 0,
    matched_fen: int = 0,
    words: str = "",
) -> int:
    """Write a costing anew: its lines add up to the budget; gives its version.

    What residents and donors are to give is a part of it, the rest is fiscal money.
    Raises: ProjectNotFound, NotAtStation, VoteStands, LinesMissing, PartsExceedBudget,
    MatchWithoutCofunding, CapExceeded, QuotesMissing, BeyondTheGrant, WordsPersonal.
    """
    actor.check(permissions.RUN.code)
    row = _load_costing(session, actor, project_id)
    _check_no_vote(session, row)
    _check_lines(lines)
    budget = sum_of(lines)
    if cofunding_fen + matched_fen > budget:
        raise PartsExceedBudget
    if matched_fen and not cofunding_fen:
        raise MatchWithoutCofunding
    _check_funding(session, row, budget, cofunding_fen)
    check_words(session, actor, "\n".join((words, *(name for name, _ in lines))))
    if row.state is ProjectState.RETURNED:
        claim_move(session, actor, row, ProjectState.COSTING)
    last = session.scalar(
        select(func.max(ProjectCosting.version)).where(
            ProjectCosting.community_id == actor.community_id,
            ProjectCosting.project_id == row.id,
        )
    )
    costing = ProjectCosting(
        community_id=actor.community_id,
        project_id=row.id,
        version=(last or 0) + 1,
        lines=[list(each) for each in lines],
        budget_fen=budget,
        cofunding_fen=cofunding_fen,
        matched_fen=matched_fen,
        words=words,
        costed_by=actor.person_id,
        costed_at=clock.now(),
    )
    session.add(costing)
    row.budget_fen, row.cofunding_fen, row.matched_fen = budget, cofunding_fen, matched_fen
    session.flush()
    return costing.version


def _load_costing(session: Session, actor: Actor, project_id: int) -> Project:
    """Load a project being costed, or one that came back after it had been costed."""
    row = load_public(session, actor, project_id)
    is_back = row.state is ProjectState.RETURNED and row.budget_fen is not None
    if row.state is not ProjectState.COSTING and not is_back:
        raise NotAtStation(state=say(STATE_TITLES[row.state]))
    return row


def _check_no_vote(session: Session, row: Project) -> None:
    waiting = select(ProjectVote.id).where(
        ProjectVote.community_id == row.community_id,
        ProjectVote.project_id == row.id,
        ProjectVote.decided_on.is_(None),
    )
    if session.scalar(waiting) is not None:
        raise VoteStands


def _check_lines(lines: tuple[tuple[str, int], ...]) -> None:
    is_whole = all(name.strip() and amount > 0 for name, amount in lines)
    if not 0 < len(lines) <= MOST_LINES or not is_whole:
        raise LinesMissing(most=MOST_LINES)


def _check_funding(session: Session, row: Project, budget: int, cofunding_fen: int) -> None:
    """Hold a project to its district's figures, a venture project to what its call granted."""
    if row.funding is not Funding.VENTURE:
        _check_terms(session, row, budget)
        return
    granted = granted_by_call(session, row.community_id, row.id) or 0
    if budget > granted or cofunding_fen:
        raise BeyondTheGrant(budget=yuan(budget), granted=yuan(granted))


def _check_terms(session: Session, row: Project, budget: int) -> None:
    terms = terms_of(session, row.community_id, row.rule_set_id)
    cap = terms.cap_fen(row.kind)
    if budget > cap:
        raise CapExceeded(budget=yuan(budget), kind=say(KIND_TITLES[row.kind]), cap=yuan(cap))
    if budget <= terms.quotes_above_fen:
        return
    firms = session.scalar(
        select(func.count(func.distinct(ProjectQuote.firm))).where(
            ProjectQuote.community_id == row.community_id, ProjectQuote.project_id == row.id
        )
    )
    if (firms or 0) < terms.quotes_needed:
        raise QuotesMissing(
            limit=yuan(terms.quotes_above_fen), needed=terms.quotes_needed, given=firms or 0
        )
