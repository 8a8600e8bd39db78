"""What is known of one person for a sign-up: other shifts, skills, blocks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from community.kernel import clock
from community.volunteering.models import Activity, Shift, SignUp, VolunteerBlock, VolunteerSkill
from community.volunteering.rules.states import TAKES_A_PLACE, ShiftState

MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Commitment:
    """A shift a person has a place of."""

    shift_id: int
    title: str
    starts_at: datetime
    ends_at: datetime

    @property
    def minutes(self) -> int:
        """Tell the planned minutes."""
        return (self.ends_at - self.starts_at) // MINUTE


def find_sign_up(
    session: Session, community_id: int, shift_id: int, person_id: int
) -> SignUp | None:
    """Find the row of a person and a shift, whatever its state."""
    return session.scalar(
        select(SignUp).where(
            SignUp.community_id == community_id,
            SignUp.shift_id == shift_id,
            SignUp.person_id == person_id,
        )
    )


def commitments_on(
    session: Session, community_id: int, person_id: int, days: tuple[date, ...]
) -> tuple[Commitment, ...]:
    """List the shifts a person has a place of that begin or end on any of the days."""
    since = clock.at(min(days)) - timedelta(days=1)
    until = clock.at(max(days)) + timedelta(days=2)
    rows = session.execute(
        select(Shift.id, Activity.title, Shift.starts_at, Shift.ends_at)
        .join(SignUp, (SignUp.shift_id == Shift.id) & (SignUp.community_id == Shift.community_id))
        .join(Activity, Activity.id == Shift.activity_id)
        .where(
            SignUp.community_id == community_id,
            SignUp.person_id == person_id,
            SignUp.state.in_(TAKES_A_PLACE),
            Shift.state == ShiftState.OPEN,
            Shift.starts_at.between(since, until),
        )
        .order_by(Shift.starts_at)
    )
    return tuple(Commitment(*row) for row in rows)


def is_blocked(session: Session, community_id: int, person_id: int) -> bool:
    """Tell whether a person may not take part today."""
    return find_block(session, community_id, person_id) is not None


def find_block(session: Session, community_id: int, person_id: int) -> VolunteerBlock | None:
    """Find the block in force of a person."""
    return session.scalar(
        select(VolunteerBlock)
        .where(
            VolunteerBlock.community_id == community_id,
            VolunteerBlock.person_id == person_id,
            VolunteerBlock.until >= clock.today(),
            VolunteerBlock.lifted_at.is_(None),
        )
        .order_by(VolunteerBlock.id.desc())
        .limit(1)
    )


def skills_of(session: Session, community_id: int, person_id: int) -> tuple[str, ...]:
    """List the skills a person has declared."""
    return tuple(
        session.scalars(
            select(VolunteerSkill.skill)
            .where(
                VolunteerSkill.community_id == community_id,
                VolunteerSkill.person_id == person_id,
            )
            .order_by(VolunteerSkill.skill)
        )
    )


def skills_known(session: Session, community_id: int) -> tuple[str, ...]:
    """List the skills that activities of a community ask for or people have declared."""
    asked = session.scalars(select(Activity.skills).where(Activity.community_id == community_id))
    declared = session.scalars(
        select(VolunteerSkill.skill).where(VolunteerSkill.community_id == community_id).distinct()
    )
    return tuple(sorted({each for skills in asked for each in skills} | set(declared)))


@dataclass(frozen=True, slots=True)
class BlockView:
    """A block in force."""

    person_id: int
    until: date
    reason: str


def blocked_people(session: Session, community_id: int) -> tuple[BlockView, ...]:
    """List who may not take part today."""
    rows = session.scalars(
        select(VolunteerBlock)
        .where(
            VolunteerBlock.community_id == community_id,
            VolunteerBlock.until >= clock.today(),
            VolunteerBlock.lifted_at.is_(None),
        )
        .order_by(VolunteerBlock.until)
    )
    return tuple(BlockView(row.person_id, row.until, row.reason) for row in rows)
