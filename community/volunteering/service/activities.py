"""Planning activities: open, change, copy, close, cancel, and who leads them."""

from __future__ import annotations

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from community import identity
from community.kernel import clock, files
from community.kernel.actor import Actor
from community.volunteering import permissions
from community.volunteering.errors.activities import ActivityIsOver, NoLeader, UnknownLeader
from community.volunteering.models import Activity, ActivityLeader, Shift
from community.volunteering.queries.leading import check_leads, leader_ids, load_activity
from community.volunteering.rules.drafts import ActivityDraft
from community.volunteering.rules.states import (
    ACTIVITY_STEPS,
    ActivityState,
    ShiftState,
    may_step,
)
from community.volunteering.service.keys import ensure_scan_keys
from community.volunteering.service.rule_sets import rule_set_for
from community.volunteering.service.shifts import cancel_rows


def open_activity(
    session: Session, actor: Actor, draft: ActivityDraft, photo: files.Ready | None = None
) -> int:
    """Open an activity; a leader who names nobody leads it alone.

    Raises: NotAllowed, NoLeader, UnknownLeader, NotFound for a strange photo.
    """
    actor.check(permissions.PLAN.code)
    leaders = _leaders(session, actor, draft.leader_ids)
    ensure_scan_keys(session, actor)
    rule_set_for(session, actor, clock.today())
    row = Activity(
        community_id=actor.community_id,
        person_in_charge_id=leaders[0],
        created_by=actor.person_id,
        created_at=clock.now(),
    )
    _fill(session, actor, row, draft, photo)
    session.add(row)
    session.flush()
    _name_leaders(session, row, leaders)
    return row.id


def change_activity(
    session: Session,
    actor: Actor,
    activity_id: int,
    draft: ActivityDraft,
    photo: files.Ready | None = None,
) -> None:
    """Change what an activity is; its shifts keep their own times and places.

    Raises: NotFound, NotLeader, ActivityIsOver, NoLeader, UnknownLeader.
    """
    row = _led(session, actor, activity_id)
    named = draft.leader_ids or leader_ids(session, actor.community_id, activity_id)
    leaders = _leaders(session, actor, named)
    _fill(session, actor, row, draft, photo)
    row.person_in_charge_id = leaders[0]
    session.execute(
        delete(ActivityLeader).where(
            ActivityLeader.community_id == actor.community_id,
            ActivityLeader.activity_id == activity_id,
        )
    )
    _name_leaders(session, row, leaders)


def copy_activity(session: Session, actor: Actor, activity_id: int) -> int:
    """Open a new activity like an old one, led by the same people, without its shifts.

    Raises: NotAllowed, NotFound.
    """
    actor.check(permissions.PLAN.code)
    old = load_activity(session, actor.community_id, activity_id)
    leaders = tuple(
        each
        for each in leader_ids(session, actor.community_id, activity_id)
        if identity.is_member(session, actor.community_id, each)
    )
    draft = ActivityDraft(
        title=old.title,
        kind=old.kind,
        organising_unit=old.organising_unit,
        place=old.place,
        description=old.description,
        skills=tuple(old.skills),
        minimum_age=old.minimum_age,
        leader_ids=leaders,
        photo_file_id=old.photo_file_id,
    )
    return open_activity(session, actor, draft)


def close_activity(session: Session, actor: Actor, activity_id: int) -> None:
    """Take no more sign-ups; who is signed up stays.

    Raises: NotFound, NotLeader, ActivityIsOver.
    """
    _step(session, actor, activity_id, ActivityState.CLOSED)


def reopen_activity(session: Session, actor: Actor, activity_id: int) -> None:
    """Take sign-ups again.

    Raises: NotFound, NotLeader, ActivityIsOver.
    """
    _step(session, actor, activity_id, ActivityState.OPEN)


def cancel_activity(session: Session, actor: Actor, activity_id: int, note: str) -> int:
    """Cancel an activity and all its shifts to come; everybody is told. Gives how many were.

    Raises: NotFound, NotLeader, ActivityIsOver.
    """
    row = _step(session, actor, activity_id, ActivityState.CANCELLED)
    coming = session.scalars(
        select(Shift)
        .where(
            Shift.community_id == actor.community_id,
            Shift.activity_id == activity_id,
            Shift.state == ShiftState.OPEN,
            Shift.starts_at > clock.now(),
        )
        .order_by(Shift.id)
    )
    return cancel_rows(session, actor, row, tuple(coming), note)


def _led(session: Session, actor: Actor, activity_id: int) -> Activity:
    row = load_activity(session, actor.community_id, activity_id)
    check_leads(session, actor, activity_id)
    if row.state is ActivityState.CANCELLED:
        raise ActivityIsOver
    return row


def _step(session: Session, actor: Actor, activity_id: int, target: ActivityState) -> Activity:
    row = _led(session, actor, activity_id)
    if row.state is not target and not may_step(ACTIVITY_STEPS, row.state, target):
        raise ActivityIsOver
    row.state = target
    return row


def _leaders(session: Session, actor: Actor, named: tuple[int, ...]) -> tuple[int, ...]:
    leaders = tuple(dict.fromkeys(named)) or (
        (actor.person_id,) if actor.person_id is not None else ()
    )
    if not leaders:
        raise NoLeader
    for each in leaders:
        if not identity.is_member(session, actor.community_id, each):
            raise UnknownLeader
    return leaders


def _fill(
    session: Session,
    actor: Actor,
    row: Activity,
    draft: ActivityDraft,
    photo: files.Ready | None,
) -> None:
    if draft.photo_file_id is not None:
        files.get_file(session, actor.community_id, draft.photo_file_id)
        row.photo_file_id = draft.photo_file_id
    if photo is not None:
        row.photo_file_id = files.keep_file(session, actor, photo)
    row.title, row.kind, row.place = draft.title, draft.kind, draft.place
    row.organising_unit, row.description = draft.organising_unit, draft.description
    row.skills, row.minimum_age = list(draft.skills), draft.minimum_age


def _name_leaders(session: Session, row: Activity, leaders: tuple[int, ...]) -> None:
    for person_id in leaders:
        session.add(
            ActivityLeader(
                community_id=row.community_id,
                activity_id=row.id,
                person_id=person_id,
                since=clock.now(),
            )
        )
