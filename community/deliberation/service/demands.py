"""Commands of a demand for a meeting (要求召开): raise, sign, answer by a planned meeting."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from community import identity, notices
from community.deliberation.errors.demands import (
    AlreadySigned,
    DemandNotFound,
    DemandNotReached,
    DemandReached,
)
from community.deliberation.errors.meetings import NotAMemberHere
from community.deliberation.models import DemandSignature, MeetingDemand
from community.deliberation.permissions import ATTEND, CONVENE
from community.deliberation.queries.bodies import load_body, members_of_body, rule_on
from community.deliberation.queries.demands import heads_of
from community.deliberation.rules.bodies import needed_heads
from community.deliberation.service.meeting_log import publish
from community.deliberation.service.meetings import plan_meeting
from community.kernel import clock
from community.kernel.actor import Actor
from community.kernel.errors import N_
from community.kernel.permissions import Role
from community.kernel.sentences import say


def raise_demand(session: Session, actor: Actor, body_id: int, title: str, reason: str) -> int:
    """Demand that a body meet, and sign as the first; gives the demand's id.

    Raises: NotAllowed, BodyNotFound, NotAMemberHere.
    """
    person_id = _member(session, actor, body_id)
    row = MeetingDemand(
        community_id=actor.community_id,
        body_id=body_id,
        title=title,
        reason=reason,
        raised_by=person_id,
        raised_at=clock.now(),
    )
    session.add(row)
    session.flush()
    _sign(session, actor, row, person_id)
    return row.id


def sign_demand(session: Session, actor: Actor, demand_id: int) -> int:
    """Sign a demand once; gives how many have signed.

    Raises: NotAllowed, DemandNotFound, NotAMemberHere, AlreadySigned, DemandReached.
    """
    row = _load(session, actor, demand_id)
    person_id = _member(session, actor, row.body_id)
    signed = select(DemandSignature.id).where(
        DemandSignature.community_id == actor.community_id,
        DemandSignature.demand_id == demand_id,
        DemandSignature.person_id == person_id,
    )
    if session.scalar(signed) is not None:
        raise AlreadySigned
    if row.meeting_id is not None:
        raise DemandReached
    return _sign(session, actor, row, person_id)


def answer_demand(
    session: Session, actor: Actor, demand_id: int, title: str, place: str, starts_at: datetime
) -> int:
    """Plan the meeting that enough have demanded; gives the meeting's id.

    Raises: NotAllowed, DemandNotFound, DemandNotReached, DemandReached, MeetingPast.
    """
    actor.check(CONVENE.code)
    row = _load(session, actor, demand_id)
    if row.reached_at is None:
        raise DemandNotReached
    if row.meeting_id is not None:
        raise DemandReached
    row.meeting_id = plan_meeting(session, actor, row.body_id, title, place, starts_at)
    session.flush()
    return row.meeting_id


def _sign(session: Session, actor: Actor, row: MeetingDemand, person_id: int) -> int:
    session.add(
        DemandSignature(
            community_id=actor.community_id,
            demand_id=row.id,
            person_id=person_id,
            signed_at=clock.now(),
        )
    )
    session.flush()
    signed = int(
        session.scalar(
            select(func.count()).where(
                DemandSignature.community_id == actor.community_id,
                DemandSignature.demand_id == row.id,
            )
        )
        or 0
    )
    figures = rule_on(session, actor.community_id, row.body_id, clock.today()).figures
    heads = heads_of(session, actor.community_id, row.body_id)
    if row.reached_at is None and signed >= needed_heads(
        heads, figures.demand_num, figures.demand_den
    ):
        row.reached_at, row.reached_of = clock.now(), heads
        session.flush()
        told = {"demand": row.id, "body": row.body_id, "signed": signed, "of": heads}
        publish(session, actor, "meeting.demand", row.id, told)
        _tell_conveners(session, actor, row)
    return signed


def _tell_conveners(session: Session, actor: Actor, row: MeetingDemand) -> None:
    body = load_body(session, actor.community_id, row.body_id)
    title = say(N_("要求召开{body}的签名够数了"), body=body.name)
    people = {
        person
        for role in (Role.COMMITTEE, Role.STAFF)
        for person in identity.people_with_role(session, actor.community_id, role)
    }
    for person in sorted(people):
        link = f"bodies/{row.body_id}"
        notices.send(session, actor, person, title, row.title, link, kind="todo")


def _member(session: Session, actor: Actor, body_id: int) -> int:
    actor.check(ATTEND.code)
    body = load_body(session, actor.community_id, body_id)
    people = members_of_body(session, actor.community_id, body_id, clock.today())
    if actor.subject_id is None or actor.subject_id not in people:
        raise NotAMemberHere(body=body.name)
    return actor.subject_id


def _load(session: Session, actor: Actor, demand_id: int) -> MeetingDemand:
    row = session.get(MeetingDemand, demand_id)
    if row is None or row.community_id != actor.community_id:
        raise DemandNotFound
    return row
