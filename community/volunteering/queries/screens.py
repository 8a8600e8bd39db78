"""What the leader's screen shows now: the rotating code of this 30-second slot."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from community.kernel import clock, db
from community.kernel.actor import Actor
from community.kernel.errors import NotFound
from community.volunteering.queries.leading import check_leads, load_shift
from community.volunteering.queries.scans import newest_key
from community.volunteering.rules import codes
from community.volunteering.rules.codes import CodeKind


@dataclass(frozen=True, slots=True)
class ScreenShown:
    """A rotating code as it is shown; `seconds_left` until the next slot begins."""

    path: str
    typed: str
    gate: str
    seconds_left: int


def screen_of(session: Session, actor: Actor, shift_id: int, gate: int) -> ScreenShown:
    """Give the code of the present slot for a gate, to who leads the activity.

    Raises: NotFound, NotLeader.
    """
    shift, activity = load_shift(session, actor.community_id, shift_id)
    check_leads(session, actor, activity.id)
    key = newest_key(db.statements(session), actor.community_id, CodeKind.ROTATING)
    if key is None or not 0 <= gate < max(len(shift.gates), 1):
        raise NotFound
    now = clock.micros(clock.now())
    slot = codes.slot_of(now)
    code = codes.RotatingCode(key.number, shift_id, gate, slot)
    elapsed = now // 1_000_000 - slot * codes.SLOT_SECONDS
    return ScreenShown(
        path=codes.ROTATING_PATH + codes.write_rotating(code, key.secret),
        typed=codes.short_code(key.secret, shift_id, gate, slot),
        gate=shift.gates[gate] if gate < len(shift.gates) else "",
        seconds_left=codes.SLOT_SECONDS - elapsed,
    )
