"""The waiting list: freed places are offered in order, and lapse by the clock.

Every command that touches a shift's places tidies first, so no decision depends on the job.
"""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from community.kernel import clock
from community.kernel.actor import Actor
from community.kernel.errors import N_
from community.kernel.sentences import say
from community.volunteering.models import Activity, Shift, SignUp
from community.volunteering.queries.leading import load_shift
from community.volunteering.rules.states import ShiftState, SignUpState
from community.volunteering.service.rule_sets import rule_set_for
from community.volunteering.service.telling import tell, when_and_where

SHIFTS_AT_ONCE = 20


def offer_places(session: Session, actor: Actor, shift: Shift, activity: Activity) -> int:
    """Lapse offers whose time is over and offer every free place to who waits longest.

    For other commands; tells how many places were offered.
    """
    session.flush()
    _lapse(session, actor, shift, activity)
    now = clock.now()
    if shift.state is not ShiftState.OPEN or shift.starts_at <= now:
        return 0
    offered = 0
    while shift.taken < shift.capacity and (waiting := _longest(session, shift)) is not None:
        rule = rule_set_for(session, actor, clock.day_of(shift.starts_at)).rules.hours
        ends = min(now + timedelta(hours=rule.offer_stands_hours), shift.starts_at)
        waiting.state, waiting.offer_lapses_at = SignUpState.OFFERED, ends
        shift.taken += 1
        session.flush()
        until = f"{ends.astimezone(clock.SHANGHAI):%m-%d %H:%M}"
        tell(
            session,
            actor,
            waiting.person_id,
            say(N_("{title}：有名额了"), title=activity.title),
            say(
                N_("{when}。请在 {until} 前确认，过时转给下一位。"),
                when=when_and_where(shift),
                until=until,
            ),
            f"/shifts/{shift.id}",
        )
        offered += 1
    return offered


def tidy_waiting_lists(session: Session, actor: Actor) -> int:
    """Lapse offers that ended and pass the places on; for a job. Tells how many shifts."""
    ended = session.scalars(
        select(SignUp.shift_id)
        .where(
            SignUp.community_id == actor.community_id,
            SignUp.state == SignUpState.OFFERED,
            SignUp.offer_lapses_at <= clock.now(),
        )
        .distinct()
        .limit(SHIFTS_AT_ONCE)
    ).all()
    for shift_id in ended:
        shift, activity = load_shift(session, actor.community_id, shift_id)
        offer_places(session, actor, shift, activity)
    return len(ended)


def _lapse(session: Session, actor: Actor, shift: Shift, activity: Activity) -> None:
    ended = session.scalars(
        select(SignUp).where(
            SignUp.community_id == shift.community_id,
            SignUp.shift_id == shift.id,
            SignUp.state == SignUpState.OFFERED,
            SignUp.offer_lapses_at <= clock.now(),
        )
    ).all()
    for each in ended:
        each.state, each.offer_lapses_at, each.waiting_since = SignUpState.LAPSED, None, None
        shift.taken -= 1
        tell(
            session,
            actor,
            each.person_id,
            say(N_("{title}：候补名额已过期"), title=activity.title),
            say(N_("确认时间已过，名额转给了下一位。还想参加可以重新候补。")),
            f"/shifts/{shift.id}",
        )
    session.flush()


def _longest(session: Session, shift: Shift) -> SignUp | None:
    return session.scalar(
        select(SignUp)
        .where(
            SignUp.community_id == shift.community_id,
            SignUp.shift_id == shift.id,
            SignUp.state == SignUpState.WAITING,
        )
        .order_by(SignUp.waiting_since, SignUp.id)
        .limit(1)
    )


def take_place(session: Session, shift: Shift) -> bool:
    """Take one place if there is one: the update of the guard row decides between two at once."""
    session.flush()
    taken = session.execute(
        update(Shift)
        .where(
            Shift.community_id == shift.community_id,
            Shift.id == shift.id,
            Shift.state == ShiftState.OPEN,
            Shift.taken < Shift.capacity,
        )
        .values(taken=Shift.taken + 1)
        .execution_options(synchronize_session=False)
    )
    session.refresh(shift)
    return bool(taken.rowcount)  # type: ignore[attr-defined]  # an UPDATE's result has one
