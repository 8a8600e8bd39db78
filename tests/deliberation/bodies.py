"""A community with a council of nine and the people around it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from community import deliberation
from community.deliberation import BodyKind, Office
from community.kernel import clock, db
from community.kernel.actor import Actor
from community.kernel.permissions import Role
from tests import builders
from tests.scenes import kept

NAMES = ("王秀英", "李建国", "张桂兰", "刘德明", "陈玉珍", "杨志强", "黄丽华", "赵国栋", "吴春燕")


@dataclass(frozen=True, slots=True)
class Council:
    """Who acts around a council of nine."""

    community_id: int
    body_id: int
    staff: Actor
    committee: Actor
    members: tuple[Actor, ...]
    neighbour: Actor
    outsider: Actor

    @property
    def chair(self) -> Actor:
        """Give the member who chairs."""
        return self.members[0]

    @property
    def secretary(self) -> Actor:
        """Give the member who records."""
        return self.members[1]


@kept
def make_council(kind: BodyKind = BodyKind.COUNCIL, seats: int = 9) -> Council:
    """Found a council whose terms began last year and last three."""
    community_id = builders.make_community()
    staff = _actor(community_id, "何志强", Role.STAFF)
    committee = _actor(community_id, "罗文斌", Role.COMMITTEE)
    members = tuple(_actor(community_id, name) for name in NAMES[:seats])
    neighbour = _actor(community_id, "周福生")
    elsewhere = builders.make_community("xinghe", "星河社区")
    outsider = _actor(elsewhere, "郑凤英", Role.STAFF)
    body_id: int = db.write(deliberation.found_body, staff, kind, "居民议事会")
    for place, member in enumerate(members):
        office = (Office.CHAIR, Office.SECRETARY)[place] if place < 2 else Office.MEMBER
        assert member.person_id is not None
        seat(staff, body_id, member.person_id, office)
    return Council(community_id, body_id, staff, committee, members, neighbour, outsider)


def seat(
    staff: Actor,
    body_id: int,
    person_id: int,
    office: Office = Office.MEMBER,
    until_on: date | None = None,
) -> int:
    """Let somebody sit in a body since last year."""
    today = clock.today()
    until = until_on or today + timedelta(days=700)
    made: int = db.write(
        deliberation.seat_member,
        staff,
        body_id,
        person_id,
        office,
        today - timedelta(days=365),
        until,
    )
    return made


def _actor(community_id: int, name: str, *roles: Role) -> Actor:
    person = builders.make_person(community_id, name, roles=(Role.RESIDENT, *roles))
    return builders.actor(community_id, person)
