"""Doubts about hours: asked by the volunteer, answered by a day, both versions kept."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from community.kernel import calendar, clock
from community.kernel.actor import Actor
from community.kernel.errors import N_, NotFound
from community.kernel.sentences import say
from community.volunteering import permissions
from community.volunteering.errors import hours as refusals
from community.volunteering.models import HoursDispute
from community.volunteering.queries.hours_records import load_record
from community.volunteering.queries.leading import may_credit
from community.volunteering.rules.rule_sets import MINUTES_A_DAY
from community.volunteering.rules.states import DisputeState
from community.volunteering.service.hours import correct_record
from community.volunteering.service.rule_sets import rule_set_for
from community.volunteering.service.telling import tell


def dispute_hours(
    session: Session,
    actor: Actor,
    record_id: int,
    question: str,
    claimed_minutes: int | None = None,
) -> int:
    """Doubt the own hours; the answer is due within working days.

    Source: 民政部令第67号 Arts. 12, 13. Raises: NotFound, DisputeIsOpen, ImpossibleMinutes.
    """
    actor.check(permissions.SEE_OWN.code)
    record = load_record(session, actor.community_id, record_id)
    if record.person_id != actor.subject_id:
        raise NotFound
    if claimed_minutes is not None and not 0 <= claimed_minutes <= MINUTES_A_DAY:
        raise refusals.ImpossibleMinutes(most=MINUTES_A_DAY)
    is_open = session.scalar(
        select(HoursDispute.id).where(
            HoursDispute.community_id == actor.community_id,
            HoursDispute.record_id == record_id,
            HoursDispute.state == DisputeState.OPEN,
        )
    )
    if is_open is not None:
        raise refusals.DisputeIsOpen
    today = clock.today()
    within = rule_set_for(session, actor, today).rules.hours.answer_within_working_days
    row = HoursDispute(
        community_id=actor.community_id,
        record_id=record_id,
        person_id=record.person_id,
        question=question,
        claimed_minutes=claimed_minutes,
        asked_at=clock.now(),
        answer_by=calendar.add_working_days(session, actor.community_id, today, within),
        state=DisputeState.OPEN,
    )
    session.add(row)
    session.flush()
    return row.id


def answer_dispute(
    session: Session, actor: Actor, dispute_id: int, answer: str, minutes: int | None = None
) -> DisputeState:
    """Answer a doubt: with corrected minutes, or without them the record stands.

    Raises: NotAllowed, NotFound, DisputeIsClosed, OwnHousehold, ImpossibleMinutes.
    """
    actor.check(permissions.REVIEW.code)
    row = session.get(HoursDispute, dispute_id)
    if row is None or row.community_id != actor.community_id:
        raise NotFound
    if row.state is not DisputeState.OPEN:
        raise refusals.DisputeIsClosed
    if not may_credit(session, actor, row.person_id):
        raise refusals.OwnHousehold
    record = load_record(session, actor.community_id, row.record_id)
    row.state = DisputeState.UPHELD
    if minutes is not None and minutes != record.minutes:
        correct_record(session, actor, record, minutes, answer[:200])
        row.state = DisputeState.CORRECTED
    row.answer, row.answered_by, row.answered_at = answer, actor.person_id, clock.now()
    session.flush()
    tell(
        session,
        actor,
        row.person_id,
        say(N_("异议已答复：{title}"), title=record.title),
        answer,
        "/my/hours",
    )
    return row.state
