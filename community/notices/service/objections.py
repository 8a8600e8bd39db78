"""Commands about objections: raise one, answer one."""

from __future__ import annotations

from sqlalchemy import CursorResult, update
from sqlalchemy.orm import Session

from community.kernel import calendar, clock, events
from community.kernel.actor import Actor
from community.kernel.errors import N_, NotAllowed, NotFound
from community.kernel.sentences import say
from community.notices.errors import AlreadyAnswered, AlreadyObjected, OwnObjection
from community.notices.events import ObjectionAnswered, ObjectionRaised
from community.notices.models import Notice, NoticeObjection
from community.notices.permissions import ANSWER, OBJECT
from community.notices.queries import is_objecting
from community.notices.rules import (
    ANSWER_WORKING_DAYS,
    MessageKind,
    Outcome,
    check_may_object,
    phase_of,
)
from community.notices.service.messages import send
from community.notices.service.notices import own_notice


def raise_objection(session: Session, actor: Actor, notice_id: int, reason: str) -> int:
    """Object to an open notice with a reason; the answer is due in five working days.

    Raises: NotAllowed, NotFound, NoticeWithdrawn, NoticeNotOpen, NoticeOver, AlreadyObjected.
    """
    actor.check(OBJECT.code)
    if actor.person_id is None or actor.subject_id is None:
        raise NotAllowed
    notice = own_notice(session, actor, notice_id)
    now = clock.now()
    phase = phase_of(notice.opens_at, notice.closes_at, notice.withdrawn_at, now)
    check_may_object(phase, notice.opens_at)
    if is_objecting(session, actor.community_id, notice_id, actor.subject_id):
        raise AlreadyObjected
    row = NoticeObjection(
        community_id=actor.community_id,
        notice_id=notice_id,
        person_id=actor.subject_id,
        entered_by=actor.person_id,
        reason=reason,
        raised_at=now,
        answer_due_on=calendar.add_working_days(
            session, actor.community_id, clock.today(), ANSWER_WORKING_DAYS
        ),
    )
    session.add(row)
    session.flush()
    events.tell(session, ObjectionRaised(actor.community_id, notice_id, row.id, notice.subject))
    return row.id


def answer_objection(
    session: Session, actor: Actor, objection_id: int, outcome: Outcome, answer: str
) -> None:
    """Answer an objection once, publicly; its author gets the answer as a message.

    Raises: NotAllowed, NotFound, OwnObjection, AlreadyAnswered.
    """
    actor.check(ANSWER.code)
    row = session.get(NoticeObjection, objection_id)
    if row is None or row.community_id != actor.community_id:
        raise NotFound
    if actor.person_id in {row.person_id, row.entered_by} or actor.subject_id == row.person_id:
        raise OwnObjection
    done = session.execute(
        update(NoticeObjection)
        .where(NoticeObjection.id == objection_id, NoticeObjection.answered_at.is_(None))
        .values(
            answer=answer, outcome=outcome, answered_by=actor.person_id, answered_at=clock.now()
        )
        .execution_options(synchronize_session=False)
    )
    assert isinstance(done, CursorResult)
    if done.rowcount != 1:
        raise AlreadyAnswered
    notice = session.get_one(Notice, row.notice_id)
    send(
        session,
        actor,
        row.person_id,
        say(N_("您的异议有了答复：{title}"), title=notice.title),
        answer,
        link=f"notices/{notice.id}",
        kind=MessageKind.CHANGE,
    )
    events.tell(
        session,
        ObjectionAnswered(
            actor.community_id, notice.id, row.id, notice.subject, outcome is Outcome.UPHELD
        ),
    )
