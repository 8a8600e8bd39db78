"""The scene of most tests here: a community, a leader, two volunteers, staff, one shift."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from community.kernel import clock, db
from community.kernel.actor import Actor
from community.kernel.permissions import Role
from community.volunteering.queries import scans
from community.volunteering.rules import codes
from community.volunteering.rules.codes import CodeKind
from community.volunteering.rules.drafts import ActivityDraft, CheckInRequest, ShiftDraft
from community.volunteering.rules.kinds import ServiceKind
from community.volunteering.rules.scanning import CheckInResult
from community.volunteering.service import activities, scanning, shifts, signing_up
from tests import builders
from tests.scenes import kept

# Monday 2026-11-23, 09:00 to 11:00 in Shanghai.
STARTS = clock.at(datetime(2026, 11, 23).date(), 9)  # noqa: DTZ001  only its day is used
ENDS = STARTS + timedelta(hours=2)


@dataclass(frozen=True)
class Scene:
    """Ids of everybody and of the one shift."""

    community: int
    leader: int
    second_leader: int
    staff: int
    second_staff: int
    wang: int
    li: int
    relative: int
    activity: int
    shift: int

    def actor(self, person_id: int, on_behalf_of: int | None = None) -> Actor:
        return builders.actor(self.community, person_id, on_behalf_of=on_behalf_of)

    def do(self, person_id: int, command: Any, *arguments: Any) -> Any:
        return db.write(command, self.actor(person_id), *arguments)

    def sign_up(self, *people: int, shift: int | None = None) -> None:
        for person_id in people:
            self.do(person_id, signing_up.sign_up, shift or self.shift)

    def scan(
        self, command: Any, by: int, code: str, shift: int | None = None, **more: Any
    ) -> CheckInResult:
        found: CheckInResult = self.do(
            by, command, CheckInRequest(shift or self.shift, code, **more)
        )
        return found

    def come(self, *people: int) -> None:
        for person_id in people:
            result = self.scan(scanning.check_in, self.leader, self.personal_code(person_id))
            assert result.is_accepted, result.reason

    def go(self, *people: int) -> None:
        for person_id in people:
            result = self.scan(scanning.check_out, self.leader, self.personal_code(person_id))
            assert result.is_accepted, result.reason

    def personal_code(self, person_id: int, issue: int = 0) -> str:
        key = self.key(CodeKind.PERSONAL)
        code = codes.PersonalCode(key.number, self.community, person_id, issue)
        return "HTTPS://A.EXAMPLE" + codes.PERSONAL_PATH + codes.write_personal(code, key.secret)

    def rotating_code(self, at: datetime, shift: int | None = None, gate: int = 0) -> str:
        key = self.key(CodeKind.ROTATING)
        slot = codes.slot_of(clock.micros(at))
        code = codes.RotatingCode(key.number, shift or self.shift, gate, slot)
        return "HTTPS://A.EXAMPLE" + codes.ROTATING_PATH + codes.write_rotating(code, key.secret)

    def key(self, purpose: CodeKind) -> scans.Key:
        with db.read() as session:
            found = scans.newest_key(db.statements(session), self.community, purpose)
        assert found is not None
        return found


def draft(**changes: Any) -> ActivityDraft:
    values: dict[str, Any] = {
        "title": "周六社区清洁",
        "kind": ServiceKind.ENVIRONMENT,
        "organising_unit": "桂花里社区居委会",
        "place": "3 号楼门口",
        **changes,
    }
    return ActivityDraft(**values)


def shift_draft(starts_at: datetime = STARTS, hours: int = 2, capacity: int = 10) -> ShiftDraft:
    return ShiftDraft(starts_at, starts_at + timedelta(hours=hours), capacity, gates=("东门",))


@kept
def make_scene(capacity: int = 10, **changes: Any) -> Scene:
    community = builders.make_community()
    home = builders.make_household(community)
    leader = builders.make_person(
        community, "陈立", household_id=home, roles=(Role.LEADER,), birth_year=1980
    )
    second = builders.make_person(community, "周敏", roles=(Role.LEADER,), birth_year=1982)
    people = {
        "staff": builders.make_person(community, "赵岩", roles=(Role.STAFF,)),
        "second_staff": builders.make_person(community, "孙倩", roles=(Role.STAFF,)),
        "wang": builders.make_person(community, "王秀英"),
        "li": builders.make_person(community, "李建国"),
        "relative": builders.make_person(community, "陈小雨", household_id=home),
    }
    actor = builders.actor(community, leader)
    activity = db.write(
        activities.open_activity, actor, draft(leader_ids=(leader, second), **changes)
    )
    shift = db.write(shifts.add_shift, actor, activity, shift_draft(capacity=capacity))
    return Scene(community, leader, second, activity=activity, shift=shift, **people)


def at(hours: int = 0, minutes: int = 0, seconds: int = 0) -> Any:
    """Stop the clock so long after the shift's start."""
    return clock.fixed(STARTS + timedelta(hours=hours, minutes=minutes, seconds=seconds))


def rows(table: type, **where: Any) -> list[Any]:
    with db.read() as session:
        return list(session.query(table).filter_by(**where).order_by(table.id))  # type: ignore[attr-defined]


def run_sql(session: Session, actor: Actor, sql: str) -> None:
    """Go around the application."""
    session.execute(text(sql))
