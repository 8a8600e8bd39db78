"""What a leader notes about people: absence, a block, skills; and reminders before a shift."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from community import identity
from community.kernel import clock
from community.kernel.actor import Actor
from community.kernel.errors import N_, NotAllowed, NotFound
from community.kernel.sentences import say
from community.volunteering import permissions
from community.volunteering.errors import scanning as refusals
from community.volunteering.errors.activities import StartsInThePast
from community.volunteering.errors.signing_up import NotSignedUp
from community.volunteering.models import (
    Activity,
    Shift,
    SignUp,
    VolunteerBlock,
    VolunteerSkill,
)
from community.volunteering.queries.leading import check_leads, load_shift
from community.volunteering.queries.scans import has_attended
from community.volunteering.queries.standing import find_sign_up, skills_of
from community.volunteering.rules.states import SIGN_UP_STEPS, ShiftState, SignUpState, may_step
from community.volunteering.service.rule_sets import rule_set_for
from community.volunteering.service.telling import tell, when_and_where

REMINDERS_AT_ONCE = 40
MOST_SKILLS = 20


def mark_absent(session: Session, actor: Actor, shift_id: int, person_id: int) -> None:
    """Note that somebody who signed up did not come.

    Raises: NotFound, NotLeader, NotSignedUp, HasAttended, NotDuringShift before the start.
    """
    shift, activity = load_shift(session, actor.community_id, shift_id)
    check_leads(session, actor, activity.id)
    if clock.now() < shift.starts_at:
        raise refusals.NotDuringShift
    if has_attended(session, actor.community_id, shift_id, person_id):
        raise refusals.HasAttended
    _step(session, actor, shift_id, person_id, SignUpState.NO_SHOW)
    shift.taken -= 1


def unmark_absent(session: Session, actor: Actor, shift_id: int, person_id: int) -> None:
    """Take back an absence noted by mistake, if there is still a place.

    Raises: NotFound, NotLeader, NotSignedUp.
    """
    shift, activity = load_shift(session, actor.community_id, shift_id)
    check_leads(session, actor, activity.id)
    row = find_sign_up(session, actor.community_id, shift_id, person_id)
    if row is None or row.state is not SignUpState.NO_SHOW:
        raise NotSignedUp
    row.state = SignUpState.SIGNED_UP
    # The person held this place when it was counted; nobody else was given it after the start.
    shift.capacity = max(shift.capacity, shift.taken + 1)
    shift.taken += 1


def block_volunteer(
    session: Session, actor: Actor, person_id: int, until: date, reason: str
) -> None:
    """Let a person not take part until a day, with the reason; the person is told.

    Raises: NotAllowed, NotFound, StartsInThePast for a day gone by.
    """
    actor.check(permissions.BLOCK.code)
    identity.get_person(session, actor.community_id, person_id)
    if until < clock.today():
        raise StartsInThePast
    session.add(
        VolunteerBlock(
            community_id=actor.community_id,
            person_id=person_id,
            reason=reason,
            until=until,
            blocked_by=actor.person_id,
            blocked_at=clock.now(),
        )
    )
    body = say(
        N_("到 {until} 为止。原因：{reason}。有不同意见请联系社区。"),
        until=f"{until:%Y-%m-%d}",
        reason=reason,
    )
    tell(session, actor, person_id, say(N_("暂停参加志愿活动")), body, "/my/shifts")


def lift_block(session: Session, actor: Actor, person_id: int) -> None:
    """Let a person take part again.

    Raises: NotAllowed, NotFound.
    """
    actor.check(permissions.BLOCK.code)
    rows = session.scalars(
        select(VolunteerBlock).where(
            VolunteerBlock.community_id == actor.community_id,
            VolunteerBlock.person_id == person_id,
            VolunteerBlock.lifted_at.is_(None),
        )
    ).all()
    if not rows:
        raise NotFound
    for row in rows:
        row.lifted_at = clock.now()


def keep_skills(session: Session, actor: Actor, skills: tuple[str, ...]) -> None:
    """Keep the list of the own skills as it is given, up to 20 of them."""
    actor.check(permissions.SIGN_UP.code)
    if actor.subject_id is None:
        raise NotAllowed
    wanted = tuple(dict.fromkeys(each for each in skills if each))[:MOST_SKILLS]
    had = set(skills_of(session, actor.community_id, actor.subject_id))
    mine = (
        VolunteerSkill.community_id == actor.community_id,
        VolunteerSkill.person_id == actor.subject_id,
    )
    session.execute(delete(VolunteerSkill).where(*mine, VolunteerSkill.skill.not_in(wanted)))
    for skill in wanted:
        if skill not in had:
            session.add(
                VolunteerSkill(
                    community_id=actor.community_id,
                    person_id=actor.subject_id,
                    skill=skill,
                    since=clock.now(),
                )
            )


def send_reminders(session: Session, actor: Actor) -> int:
    """Remind once, some hours before a shift, whoever has a place; for a job. Tells how many."""
    now = clock.now()
    rule = rule_set_for(session, actor, clock.today()).rules.hours
    rows = session.execute(
        select(SignUp, Shift, Activity)
        .join(Shift, (Shift.community_id == SignUp.community_id) & (Shift.id == SignUp.shift_id))
        .join(Activity, Activity.id == Shift.activity_id)
        .where(
            SignUp.community_id == actor.community_id,
            SignUp.state == SignUpState.SIGNED_UP,
            SignUp.reminded_at.is_(None),
            Shift.state == ShiftState.OPEN,
            Shift.starts_at.between(now, now + timedelta(hours=rule.remind_before_hours)),
        )
        .order_by(Shift.starts_at, SignUp.id)
        .limit(REMINDERS_AT_ONCE)
    ).all()
    for row, shift, activity in rows:
        row.reminded_at = now
        body = say(N_("{when}。不能来请提前取消，把名额留给别人。"), when=when_and_where(shift))
        tell(
            session,
            actor,
            row.person_id,
            say(N_("别忘了：{title}"), title=activity.title),
            body,
            f"/shifts/{shift.id}",
        )
    return len(rows)


def _step(
    session: Session, actor: Actor, shift_id: int, person_id: int, target: SignUpState
) -> None:
    row = find_sign_up(session, actor.community_id, shift_id, person_id)
    if row is None or not may_step(SIGN_UP_STEPS, row.state, target):
        raise NotSignedUp
    row.state = target
