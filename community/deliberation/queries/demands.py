"""Reading demands for a meeting: how many have signed, of how many that are needed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from community import identity
from community.deliberation.models import Body, DemandSignature, MeetingDemand
from community.deliberation.queries.bodies import load_body, members_of_body, rule_on
from community.deliberation.rules.bodies import BodyKind, needed_heads
from community.kernel import clock
from community.kernel.actor import Actor


@dataclass(frozen=True, slots=True)
class DemandView:
    """A demand with its signatures counted."""

    id: int
    body_id: int
    title: str
    reason: str
    raised_at: datetime
    signed: int
    heads: int
    needed: int
    reached_at: datetime | None
    meeting_id: int | None
    is_signed_by_me: bool


def demands(session: Session, actor: Actor, body_id: int) -> tuple[DemandView, ...]:
    """List the demands that a body meet, the latest first.

    Raises: BodyNotFound.
    """
    load_body(session, actor.community_id, body_id)
    rows = session.scalars(
        select(MeetingDemand)
        .where(MeetingDemand.community_id == actor.community_id, MeetingDemand.body_id == body_id)
        .order_by(MeetingDemand.id.desc())
    ).all()
    if not rows:
        return ()
    heads = heads_of(session, actor.community_id, body_id)
    figures = rule_on(session, actor.community_id, body_id, clock.today()).figures
    needed = needed_heads(heads, figures.demand_num, figures.demand_den)
    return tuple(_view(session, actor, row, heads, needed) for row in rows)


def heads_of(session: Session, community_id: int, body_id: int) -> int:
    """Count a body's heads today; in the owners' meeting an organization is one head too."""
    body = session.get_one(Body, body_id)
    if body.kind is not BodyKind.OWNERS_MEETING:
        return len(members_of_body(session, community_id, body_id, clock.today()))
    owners = identity.owners(session, community_id, clock.today())
    return len({(each.person_id, each.organization_id) for each in owners})


def _view(
    session: Session, actor: Actor, row: MeetingDemand, heads: int, needed: int
) -> DemandView:
    signers = set(
        session.scalars(
            select(DemandSignature.person_id).where(
                DemandSignature.community_id == row.community_id,
                DemandSignature.demand_id == row.id,
            )
        )
    )
    return DemandView(
        row.id,
        row.body_id,
        row.title,
        row.reason,
        row.raised_at,
        len(signers),
        row.reached_of or heads,
        needed,
        row.reached_at,
        row.meeting_id,
        actor.subject_id in signers,
    )
