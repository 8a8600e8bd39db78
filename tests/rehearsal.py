"""What the screenshots do in the demo first, so that no page is photographed empty."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from community import deliberation, identity, sealing
from community.deliberation.queries.bodies import members_of_body
from community.deliberation.rules.meetings import SpeechSide
from community.deliberation.service import speeches
from community.demo.cast import act_as
from community.kernel import clock, db
from community.kernel.actor import Actor
from community.kernel.permissions import Role
from community.kernel.tables import Community

WORDS = "小区内电动车限速 15 千米，在北门和西门各装一块限速牌，费用不超过 1200 元。"


def rehearse(slug: str) -> None:
    """Let the council sit, with a motion debated and one to be seconded, and a box wait to open."""
    with db.read() as session:
        community_id = session.scalars(select(Community.id).where(Community.slug == slug)).one()
        clerk = identity.people_with_role(session, community_id, Role.STAFF)[0]
        staff = identity.actor_for(session, clerk, community_id)
        assert staff is not None
        called = deliberation.meetings_ahead(session, staff)
        keys = sealing.opener_keys(
            session, community_id, identity.member_ids(session, community_id)
        )
    if called:
        with clock.fixed(called[0].starts_at):
            motion = db.write(_sit, staff, called[0].id)
        # By the clock that the page counts by.
        db.write(speeches.give_floor, staff, motion)
    with clock.fixed(clock.now() - timedelta(days=2)):
        db.write(_shut_box, staff, tuple((who, key.public_key) for who, key in keys.items()))


def _shut_box(session: Session, staff: Actor, openers: tuple[tuple[int, bytes], ...]) -> None:
    deadline = clock.now() + timedelta(days=1)
    level, needed = sealing.BoxLevel.L2, 2
    made = sealing.open_box(session, staff, "rehearsal:1", level, deadline, openers, needed)
    box = sealing.get_box(session, staff.community_id, made)
    for owner in ("organization:1", "organization:2", "organization:3"):
        sealed = sealing.seal(owner.encode(), box.binding(owner))
        sealing.put_envelope(session, staff, made, owner, sealed.envelope)


def _sit(session: Session, staff: Actor, meeting_id: int) -> int:
    deliberation.open_meeting(session, staff, meeting_id)
    body = deliberation.bodies(session, staff)[0].id
    people = members_of_body(session, staff.community_id, body, clock.today())
    for person in people[:7]:
        deliberation.tick_into_meeting(session, staff, meeting_id, person)
    mover, seconder, *others = people[2:7]
    items = deliberation.agenda(session, staff, meeting_id)
    moved = []
    for item, words in zip(items[:2], (WORDS, "请物业每月说明一次路灯进度。"), strict=True):
        by = act_as(session, staff, mover)
        moved.append(deliberation.move_motion(session, by, meeting_id, item.id, item.title, words))
    deliberation.second_motion(session, act_as(session, staff, seconder), moved[0])
    for person, side in zip(
        others, (SpeechSide.FOR, SpeechSide.AGAINST, SpeechSide.FOR), strict=True
    ):
        speeches.note_speaker(session, staff, moved[0], person, side)
    return moved[0]
