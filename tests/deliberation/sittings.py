"""A council that sits: called in time, opened on its day, with members in the room."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from community.deliberation.queries.meetings import get_meeting
from community.deliberation.service import attendance, meetings, motions
from community.kernel import clock, db
from community.kernel.actor import Actor
from tests.conftest import NOON
from tests.deliberation.bodies import Council, make_council

# Four days ahead: a council asks for three days' notice.
DAY = NOON + timedelta(days=4)
TITLE, WORDS = "加装路灯", "在 3 号楼东侧加装两盏路灯，费用不超过 8000 元。"


@dataclass(frozen=True, slots=True)
class Sitting:
    """A meeting that sits, and who is who."""

    council: Council
    meeting_id: int
    item_id: int

    @property
    def chair(self) -> Actor:
        """Give who chairs."""
        return self.council.chair

    @property
    def members(self) -> tuple[Actor, ...]:
        """Give the council's members."""
        return self.council.members


def plan(council: Council, starts_at: datetime = DAY, subject: str = "") -> tuple[int, int]:
    """Plan a meeting with one item; gives both ids."""
    meeting: int = db.write(
        meetings.plan_meeting, council.staff, council.body_id, "第 3 次会议", "活动室", starts_at
    )
    item: int = db.write(
        meetings.add_agenda_item, council.staff, meeting, TITLE, "天黑看不清路", subject
    )
    return meeting, item


def call(council: Council, subject: str = "") -> tuple[int, int]:
    """Plan and call a meeting."""
    meeting, item = plan(council, subject=subject)
    db.write(meetings.call_meeting, council.staff, meeting)
    return meeting, item


@contextmanager
def sitting(present: int = 7, council: Council | None = None) -> Iterator[Sitting]:
    """Let a council of nine sit, with so many in the room, on the meeting's day."""
    found = council or make_council()
    meeting, item = call(found)
    with clock.fixed(DAY):
        db.write(meetings.open_meeting, found.chair, meeting)
        for member in found.members[:present]:
            db.write(attendance.tick_into_meeting, found.chair, meeting, member.person_id)
        yield Sitting(found, meeting, item)


def move(held: Sitting, words: str = WORDS) -> int:
    """Let the third member move and the fourth second a motion."""
    motion: int = db.write(
        motions.move_motion, held.members[2], held.meeting_id, held.item_id, TITLE, words
    )
    db.write(motions.second_motion, held.members[3], motion)
    return motion


def present(held: Sitting) -> int:
    """Tell how many are in the room."""
    with db.read() as session:
        return get_meeting(session, held.chair, held.meeting_id).present_count
