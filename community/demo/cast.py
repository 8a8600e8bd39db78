"""The people of the demo who hold a role, and how to sign in as each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from community import identity
from community.demo.invention import InventedHome, InventedPerson
from community.kernel import db
from community.kernel.actor import Actor
from community.kernel.permissions import Role

PASSWORD = "guihua-2026"  # noqa: S105  printed at every start; a production server refuses the demo
LEADERS = 6

# No job runs while the half year is invented: a roll of any length is written at once.
WHOLE_ROLL = 10_000


@dataclass(frozen=True, slots=True)
class Part:
    """A role in the demo, the title printed for it, and who plays it."""

    title: str
    role: Role
    person: InventedPerson


@dataclass(frozen=True, slots=True)
class Cast:
    """Who plays which role, by the ids in the database."""

    staff: int
    second_staff: int
    leaders: tuple[int, ...]
    resident: int
    elder: int
    merchant: int
    shop: int
    firm: int
    committee: int
    second_committee: int
    auditor: int
    players: tuple[int, ...]


def choose_parts(homes: tuple[InventedHome, ...], today: date) -> tuple[Part, ...]:
    """Choose who plays which role: grown-ups with a phone, each from another home."""
    grown = [_grown(home, today) for home in homes]
    players = iter([person for person in grown if person is not None])
    roles = (
        ("居民", Role.RESIDENT),
        ("社区工作人员", Role.STAFF),
        ("社区工作人员（第二位）", Role.STAFF),
        ("街道办", Role.STREET),
        ("业主委员会", Role.COMMITTEE),
        ("审计", Role.AUDITOR),
        ("物业", Role.PROPERTY),
        ("商户", Role.MERCHANT),
        ("社会组织", Role.ORGANIZATION),
        *((f"志愿服务负责人 {number}", Role.LEADER) for number in range(1, LEADERS + 1)),
        ("业主委员会（第二位）", Role.COMMITTEE),
    )
    return tuple(Part(title, role, next(players)) for title, role in roles)


def _grown(home: InventedHome, today: date) -> InventedPerson | None:
    for person in home.people:
        if person.phone and 30 <= today.year - person.birth_year <= 58:
            return person
    return None


def keep_demo_password(
    session: Session, actor: Actor, people: tuple[int, ...], hashed: str
) -> None:
    """Give the same demo password to each who plays a part."""
    for person_id in people:
        own = Actor(community_id=actor.community_id, person_id=person_id)
        identity.set_password(session, own, hashed)


def find_person(actor: Actor, person: InventedPerson) -> int:
    """Find an invented person by name and birth year."""
    with db.read() as session:
        found = identity.search_people(session, actor.community_id, person.name)
    return next(card.id for card in found if card.birth_year == person.birth_year)


def act_as(session: Session, actor: Actor, person_id: int) -> Actor:
    """Give the actor that a player is when signed in."""
    found = identity.actor_for(session, person_id, actor.community_id)
    assert found is not None, "everybody in the cast is a member"
    return found
