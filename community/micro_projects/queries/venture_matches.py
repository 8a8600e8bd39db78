"""What others gave beside the grants, and how far a yuan granted went."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from community.kernel import files
from community.kernel.actor import Actor
from community.micro_projects import permissions
from community.micro_projects.errors.venture import MatchNotFound
from community.micro_projects.models import VentureApplication, VentureMatch
from community.micro_projects.rules.venture_applications import ApplicationState, MatchState
from community.micro_projects.rules.venture_calls import leverage_bp


@dataclass(frozen=True, slots=True)
class MatchView:
    """Money that somebody gave to a chosen project, and whether it counts."""

    id: int
    application_id: int
    giver: str
    amount_fen: int
    received_on: date
    state: MatchState
    reported_at: datetime
    decided_words: str


@dataclass(frozen=True, slots=True)
class CallSums:
    """What a call granted, what others gave and promised, in fen."""

    projects: int
    granted_fen: int
    matched_fen: int
    promised_fen: int

    @property
    def leverage_bp(self) -> int | None:
        """Tell the leverage: matched for granted, in basis points."""
        return leverage_bp(self.matched_fen, self.granted_fen)


def matches_of(session: Session, community_id: int, application_id: int) -> tuple[MatchView, ...]:
    """List what was reported for an application, the oldest first."""
    rows = session.scalars(
        select(VentureMatch)
        .where(
            VentureMatch.community_id == community_id,
            VentureMatch.application_id == application_id,
        )
        .order_by(VentureMatch.id)
    )
    return tuple(
        MatchView(
            row.id,
            row.application_id,
            row.giver,
            row.amount_fen,
            row.received_on,
            row.state,
            row.reported_at,
            row.decided_words,
        )
        for row in rows
    )


def matched_fen(session: Session, community_id: int, application_id: int) -> int:
    """Add up what others gave to an application's project, as far as it was confirmed."""
    found = session.scalar(
        select(func.sum(VentureMatch.amount_fen)).where(
            VentureMatch.community_id == community_id,
            VentureMatch.application_id == application_id,
            VentureMatch.state == MatchState.CONFIRMED,
        )
    )
    return int(found or 0)


def call_sums(session: Session, community_id: int, call_id: int) -> CallSums:
    """Add up a call: what it granted, and what others gave for it."""
    here = (
        VentureApplication.community_id == community_id,
        VentureApplication.call_id == call_id,
        VentureApplication.state == ApplicationState.CHOSEN,
    )
    projects, granted, promised = session.execute(
        select(
            func.count(),
            func.sum(VentureApplication.granted_fen - VentureApplication.freed_fen),
            func.sum(VentureApplication.matched_fen),
        ).where(*here)
    ).one()
    matched = session.scalar(
        select(func.sum(VentureMatch.amount_fen))
        .join(VentureApplication, VentureApplication.id == VentureMatch.application_id)
        .where(*here, VentureMatch.state == MatchState.CONFIRMED)
    )
    return CallSums(projects, int(granted or 0), int(matched or 0), int(promised or 0))


def match_paper(session: Session, actor: Actor, match_id: int) -> files.FileView:
    """Get the paper of matched money, for the desk.

    Raises: MatchNotFound.
    """
    actor.check(permissions.READ.code)
    row = session.get(VentureMatch, match_id)
    if row is None or row.community_id != actor.community_id:
        raise MatchNotFound
    return files.get_file(session, actor.community_id, row.file_id)
