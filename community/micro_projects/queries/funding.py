"""Whose money a project has: slips, pledges and donations, as pages and commands read them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from community import identity
from community.kernel import clock
from community.kernel.actor import Actor
from community.kernel.masks import mask_name
from community.micro_projects.models import Donation, FiscalSlip, Pledge, Project
from community.micro_projects.rules.funding import (
    PledgeState,
    has_drive_failed,
    is_drive_over,
    match_due,
)


@dataclass(frozen=True, slots=True)
class SlipView:
    """A slip by which fiscal money came."""

    id: int
    number: str
    amount_fen: int
    granted_on: date
    file_id: int


@dataclass(frozen=True, slots=True)
class PledgeView:
    """A resident's pledge; `name` is whole at the desk and masked elsewhere."""

    id: int
    person_id: int
    name: str
    amount_fen: int
    state: PledgeState
    paid_at: datetime | None
    given_back_fen: int


@dataclass(frozen=True, slots=True)
class DonationView:
    """A matched donation: what was promised, what is owed by now, what came."""

    id: int
    donor: str
    match_bp: int
    most_fen: int
    due_fen: int
    received_fen: int
    given_back_fen: int


@dataclass(frozen=True, slots=True)
class Pledging:
    """How residents' co-funding stands."""

    target_fen: int
    pledged_fen: int
    paid_fen: int
    people: int
    last_day: date | None
    is_over: bool
    has_failed: bool


_COUNTS = (PledgeState.PLEDGED, PledgeState.PAID)


def pledged_fen(session: Session, community_id: int, project_id: int) -> int:
    """Add up what residents promise or have paid."""
    return _sum(session, community_id, project_id, _COUNTS)


def paid_fen(session: Session, community_id: int, project_id: int) -> int:
    """Add up what residents have paid in and not got back whole."""
    return _sum(session, community_id, project_id, (PledgeState.PAID,))


def pledging(session: Session, community_id: int, project_id: int, target_fen: int) -> Pledging:
    """Tell how co-funding stands by the clock, whether or not a tidy-up has run."""
    project = session.get_one(Project, project_id)
    pledged = pledged_fen(session, community_id, project_id)
    last_day, today = project.pledge_until, clock.today()
    people = session.scalar(
        select(func.count()).where(
            Pledge.community_id == community_id,
            Pledge.project_id == project_id,
            Pledge.state.in_(_COUNTS),
        )
    )
    return Pledging(
        target_fen,
        pledged,
        paid_fen(session, community_id, project_id),
        people or 0,
        last_day,
        is_drive_over(last_day, today),
        has_drive_failed(project.state, last_day, today, pledged, target_fen),
    )


def pledges_of(
    session: Session, actor: Actor, project_id: int, *, is_desk: bool
) -> list[PledgeView]:
    """List a project's pledges, with whole names at the desk alone."""
    rows = session.scalars(
        select(Pledge)
        .where(Pledge.community_id == actor.community_id, Pledge.project_id == project_id)
        .order_by(Pledge.id)
    ).all()
    cards = identity.people(session, actor.community_id, {row.person_id for row in rows})
    return [
        PledgeView(
            row.id,
            row.person_id,
            _name(cards, row.person_id, is_desk=is_desk),
            row.amount_fen,
            row.state,
            row.paid_at,
            row.given_back_fen,
        )
        for row in rows
    ]


def find_pledge(session: Session, actor: Actor, project_id: int) -> PledgeView | None:
    """Find one's own pledge."""
    found = pledges_of(session, actor, project_id, is_desk=False)
    return next((each for each in found if each.person_id == actor.subject_id), None)


def slips_of(session: Session, community_id: int, project_id: int) -> tuple[SlipView, ...]:
    """List a project's slips."""
    rows = session.scalars(
        select(FiscalSlip)
        .where(FiscalSlip.community_id == community_id, FiscalSlip.project_id == project_id)
        .order_by(FiscalSlip.id)
    )
    return tuple(
        SlipView(row.id, row.number, row.amount_fen, row.granted_on, row.file_id) for row in rows
    )


def granted_fen(session: Session, community_id: int, project_id: int) -> int:
    """Add up a project's slips."""
    return int(
        session.scalar(
            select(func.coalesce(func.sum(FiscalSlip.amount_fen), 0)).where(
                FiscalSlip.community_id == community_id, FiscalSlip.project_id == project_id
            )
        )
        or 0
    )


def returned_fen(session: Session, community_id: int, project_id: int) -> int:
    """Tell how much fiscal money went back to the street unspent."""
    found = session.scalar(
        select(Project.returned_fen).where(
            Project.community_id == community_id, Project.id == project_id
        )
    )
    return int(found or 0)


def donations_of(session: Session, community_id: int, project_id: int) -> tuple[DonationView, ...]:
    """List a project's matched donations."""
    paid = paid_fen(session, community_id, project_id)
    rows = session.scalars(
        select(Donation)
        .where(Donation.community_id == community_id, Donation.project_id == project_id)
        .order_by(Donation.id)
    )
    return tuple(
        DonationView(
            row.id,
            row.donor,
            row.match_bp,
            row.most_fen,
            match_due(paid, row.match_bp, row.most_fen),
            row.received_fen,
            row.given_back_fen,
        )
        for row in rows
    )


def _sum(
    session: Session, community_id: int, project_id: int, states: tuple[PledgeState, ...]
) -> int:
    return int(
        session.scalar(
            select(func.coalesce(func.sum(Pledge.amount_fen), 0)).where(
                Pledge.community_id == community_id,
                Pledge.project_id == project_id,
                Pledge.state.in_(states),
            )
        )
        or 0
    )


def _name(cards: dict[int, identity.PersonCard], person_id: int, *, is_desk: bool) -> str:
    card = cards.get(person_id)
    if card is None:
        return "**"
    return card.name if is_desk else mask_name(card.name)
