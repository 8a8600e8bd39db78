"""Calls of the venture fund as pages show them, and who may read a draft."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from community.kernel import clock
from community.kernel.actor import Actor
from community.micro_projects import permissions
from community.micro_projects.errors.venture import CallNotFound
from community.micro_projects.models import (
    Project,
    VentureApplication,
    VentureCall,
    VentureCriterion,
    VentureMatch,
)
from community.micro_projects.queries.venture_matches import CallSums, call_sums
from community.micro_projects.rules.states import ProjectState
from community.micro_projects.rules.venture_applications import (
    HANDED_IN,
    ApplicationState,
    MatchState,
)
from community.micro_projects.rules.venture_calls import TOLD, CallPhase, CallState, phase_of


@dataclass(frozen=True, slots=True)
class CriterionView:
    """What a call is judged by, and its weight in basis points."""

    id: int
    number: int
    title: str
    text: str
    weight_bp: int


@dataclass(frozen=True, slots=True)
class CallView:
    """A call as everybody reads it; `applied` is told once nobody can apply any more."""

    id: int
    number: int | None
    title: str
    text: str
    themes: tuple[str, ...]
    basis: str
    purse_fen: int
    most_fen: int
    most_sponsored: int
    pass_hundredths: int
    experts: int
    residents: int
    officials: int
    opens_at: datetime
    closes_at: datetime
    pitch_at: datetime
    pitch_place: str
    notice_days: int
    state: CallState
    phase: CallPhase
    reserved_fen: int
    ended_words: str
    is_own: bool
    criteria: tuple[CriterionView, ...]
    applied: int | None
    sums: CallSums

    @property
    def is_told(self) -> bool:
        """Tell whether everybody reads the applications."""
        return self.state in TOLD

    @property
    def is_chosen(self) -> bool:
        """Tell whether there are projects to show."""
        return self.state in {CallState.CHOSEN, CallState.CLOSED}


def calls(session: Session, actor: Actor) -> tuple[CallView, ...]:
    """List the calls, the newest first; drafts for the desk alone."""
    chosen = select(VentureCall).where(VentureCall.community_id == actor.community_id)
    if not actor.may(permissions.READ.code):
        chosen = chosen.where(VentureCall.state != CallState.DRAFT)
    rows = session.scalars(chosen.order_by(VentureCall.closes_at.desc(), VentureCall.id.desc()))
    return tuple(_view(session, actor, row) for row in rows)


def find_call(session: Session, actor: Actor, call_id: int) -> CallView:
    """Give a call; a draft to the desk alone.

    Raises: CallNotFound.
    """
    row = session.get(VentureCall, call_id)
    if row is None or row.community_id != actor.community_id:
        raise CallNotFound
    if row.state is CallState.DRAFT and not actor.may(permissions.READ.code):
        raise CallNotFound
    return _view(session, actor, row)


def open_calls(session: Session, community_id: int) -> int:
    """Count the calls that take applications now."""
    now = clock.now()
    return (
        session.scalar(
            select(func.count()).where(
                VentureCall.community_id == community_id,
                VentureCall.state == CallState.OPEN,
                VentureCall.opens_at <= now,
                VentureCall.closes_at > now,
            )
        )
        or 0
    )


def due_calls(session: Session, community_id: int) -> int:
    """Count what waits for the officer: calls to be judged, awards to be made, matched money."""
    here = VentureCall.community_id == community_id
    ended = session.scalar(
        select(func.count()).where(
            here, VentureCall.state == CallState.OPEN, VentureCall.closes_at <= clock.now()
        )
    )
    judging = session.scalar(
        select(func.count()).where(
            here, VentureCall.state.in_((CallState.JUDGING, CallState.NOTICE))
        )
    )
    approved = session.scalar(
        select(func.count())
        .select_from(VentureApplication)
        .join(Project, Project.id == VentureApplication.project_id)
        .where(
            VentureApplication.community_id == community_id,
            Project.state == ProjectState.APPROVED,
        )
    )
    reported = session.scalar(
        select(func.count()).where(
            VentureMatch.community_id == community_id, VentureMatch.state == MatchState.REPORTED
        )
    )
    return sum(int(each or 0) for each in (ended, judging, approved, reported))


def drafted_calls(session: Session, community_id: int) -> int:
    """Count the drafts that wait for the street."""
    return (
        session.scalar(
            select(func.count()).where(
                VentureCall.community_id == community_id, VentureCall.state == CallState.DRAFT
            )
        )
        or 0
    )


def _view(session: Session, actor: Actor, row: VentureCall) -> CallView:
    criteria = session.scalars(
        select(VentureCriterion)
        .where(
            VentureCriterion.community_id == row.community_id, VentureCriterion.call_id == row.id
        )
        .order_by(VentureCriterion.number)
    )
    return CallView(
        row.id,
        row.number,
        row.title,
        row.text,
        tuple(str(each) for each in row.themes),
        row.basis,
        row.purse_fen,
        row.most_fen,
        row.most_sponsored,
        row.pass_hundredths,
        row.experts,
        row.residents,
        row.officials,
        row.opens_at,
        row.closes_at,
        row.pitch_at,
        row.pitch_place,
        row.notice_days,
        row.state,
        phase_of(row.state, row.opens_at, row.closes_at, clock.now()),
        row.reserved_fen,
        row.ended_words,
        row.drafted_by is not None and row.drafted_by == actor.person_id,
        tuple(
            CriterionView(each.id, each.number, each.title, each.text, each.weight_bp)
            for each in criteria
        ),
        _applied(session, row) if row.state in TOLD else None,
        call_sums(session, row.community_id, row.id),
    )


def _applied(session: Session, row: VentureCall) -> int:
    return (
        session.scalar(
            select(func.count()).where(
                VentureApplication.community_id == row.community_id,
                VentureApplication.call_id == row.id,
                VentureApplication.state.in_(HANDED_IN | {ApplicationState.WITHDRAWN}),
            )
        )
        or 0
    )
