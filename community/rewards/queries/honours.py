"""Reading honours, and the hours and points that the ledger's books show for them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from community import identity, ledger
from community.kernel.actor import Actor
from community.rewards import permissions
from community.rewards.errors import HonourNotFound
from community.rewards.models import Honour, HonourKind
from community.rewards.rules.honours import HonouredSubject, HonourState, is_eligible
from community.rewards.rules.owners import household_owner, person_owner, read_owner

_PAGE = 500


@dataclass(frozen=True, slots=True)
class HonourKindCard:
    """An honour of a year and what it asks for."""

    id: int
    name: str
    year: int
    subject: HonouredSubject
    least_minutes: int
    least_points: int
    words: str


@dataclass(frozen=True, slots=True)
class HonourCard:
    """A proposed or honoured person or household."""

    id: int
    kind: HonourKindCard
    person_id: int
    person_name: str
    building: str
    served_minutes: int
    earned_points: int
    state: HonourState
    is_shown: bool
    proposed_by: int | None
    proposed_at: datetime
    decided_at: datetime | None
    reason: str
    certificate_number: str | None


@dataclass(frozen=True, slots=True)
class Candidate:
    """One whose figures in the books reach what an honour asks for."""

    person_id: int
    person_name: str
    building: str
    served_minutes: int
    earned_points: int


def figures_of(session: Session, community_id: int, year: int, owner: str) -> tuple[int, int]:
    """Read minutes served and points earned in a year; a household's are its members' together.

    Spending does not lessen what was earned; a reversed earning does.
    """
    kind, number = read_owner(owner)
    owners = [owner]
    if kind == "household":
        members = identity.members_of(session, community_id, number)
        owners += [person_owner(each) for each in members]
    minutes = sum(_minutes(session, community_id, year, each) for each in owners)
    points = sum(_points(session, community_id, year, each) for each in owners)
    return minutes, points


def candidates(session: Session, actor: Actor, kind_id: int) -> tuple[Candidate, ...]:
    """List who reaches what an honour asks for and is not proposed yet, the most hours first."""
    kind = get_honour_kind(session, actor, kind_id)
    known = set(
        session.scalars(
            select(Honour.owner).where(
                Honour.community_id == actor.community_id, Honour.kind_id == kind_id
            )
        )
    )
    found = []
    for owner, person_id in _subjects(session, actor, kind.subject):
        if owner in known:
            continue
        minutes, points = figures_of(session, actor.community_id, kind.year, owner)
        if is_eligible(minutes, points, kind.least_minutes, kind.least_points):
            found.append((person_id, minutes, points))
    cards = identity.people(session, actor.community_id, [person for person, _, _ in found])
    listed = [
        Candidate(person, cards[person].name, cards[person].building, minutes, points)
        for person, minutes, points in found
    ]
    return tuple(sorted(listed, key=lambda each: (-each.served_minutes, -each.earned_points)))


def honour_kinds(session: Session, actor: Actor) -> tuple[HonourKindCard, ...]:
    """List the honours, the newest year first."""
    rows = session.scalars(
        select(HonourKind)
        .where(HonourKind.community_id == actor.community_id)
        .order_by(HonourKind.year.desc(), HonourKind.id)
    )
    return tuple(_kind_card(row) for row in rows)


def get_honour_kind(session: Session, actor: Actor, kind_id: int) -> HonourKindCard:
    """Give an honour of the actor's community.

    Raises: HonourNotFound.
    """
    row = session.get(HonourKind, kind_id)
    if row is None or row.community_id != actor.community_id:
        raise HonourNotFound
    return _kind_card(row)


def proposals(session: Session, actor: Actor, kind_id: int) -> tuple[HonourCard, ...]:
    """List everybody proposed for an honour, those to decide first."""
    cards = _cards(session, actor, _honours(actor).where(Honour.kind_id == kind_id))
    return tuple(sorted(cards, key=lambda card: card.state is not HonourState.PROPOSED))


def honour_board(session: Session, actor: Actor) -> tuple[HonourCard, ...]:
    """List who was honoured and agreed to be shown; nobody else."""
    shown = _honours(actor).where(
        Honour.state == HonourState.APPROVED, Honour.consented_at.is_not(None)
    )
    return tuple(_cards(session, actor, shown))


def my_honours(session: Session, actor: Actor) -> tuple[HonourCard, ...]:
    """List the honours of whom the actor acts for."""
    return tuple(
        _cards(session, actor, _honours(actor).where(Honour.person_id == actor.subject_id))
    )


def get_certificate(session: Session, actor: Actor, honour_id: int) -> HonourCard:
    """Give an approved honour to its holder or to the desk; to others only when shown.

    Raises: HonourNotFound.
    """
    found = _cards(session, actor, _honours(actor).where(Honour.id == honour_id))
    if not found or found[0].state is not HonourState.APPROVED:
        raise HonourNotFound
    is_own = actor.subject_id is not None and found[0].person_id == actor.subject_id
    if not (is_own or found[0].is_shown or actor.may(permissions.SEE_HONOURS.code)):
        raise HonourNotFound
    return found[0]


def count_to_decide(session: Session, actor: Actor) -> int:
    """Count proposals that wait for the actor's decision: those of colleagues."""
    waiting = _cards(session, actor, _honours(actor).where(Honour.state == HonourState.PROPOSED))
    return sum(card.proposed_by != actor.person_id for card in waiting)


def _subjects(session: Session, actor: Actor, subject: HonouredSubject) -> list[tuple[str, int]]:
    if subject is HonouredSubject.PERSON:
        return [
            (person_owner(each), each) for each in identity.member_ids(session, actor.community_id)
        ]
    found = []
    for home in identity.households(session, actor.community_id):
        members = identity.members_of(session, actor.community_id, home.id)
        if members:
            found.append((household_owner(home.id), members[0]))
    return found


def _minutes(session: Session, community_id: int, year: int, owner: str) -> int:
    page = ledger.statement(
        session,
        community_id,
        ledger.BookKind.HOURS,
        owner,
        date(year, 1, 1),
        date(year, 12, 31),
        limit=1,
    )
    return page.closing - page.opening


def _points(session: Session, community_id: int, year: int, owner: str) -> int:
    total, after = 0, None
    while True:
        page = ledger.statement(
            session,
            community_id,
            ledger.BookKind.POINTS,
            owner,
            date(year, 1, 1),
            date(year, 12, 31),
            after,
            limit=_PAGE,
        )
        for entry in page.entries:
            is_earned = entry.kind == "post" and entry.amount > 0
            is_taken_back = entry.kind == "reverse" and entry.amount < 0
            total += entry.amount if is_earned or is_taken_back else 0
        after = page.next_cursor
        if after is None:
            return total


def _honours(actor: Actor) -> Select[Honour, HonourKind]:
    return (
        select(Honour, HonourKind)
        .join(
            HonourKind,
            (HonourKind.community_id == Honour.community_id) & (HonourKind.id == Honour.kind_id),
        )
        .where(Honour.community_id == actor.community_id)
        .order_by(HonourKind.year.desc(), Honour.id.desc())
    )


def _cards(session: Session, actor: Actor, found: Select[Honour, HonourKind]) -> list[HonourCard]:
    rows = session.execute(found).all()
    people = identity.people(session, actor.community_id, {row.person_id for row, _ in rows})
    return [
        HonourCard(
            id=row.id,
            kind=_kind_card(kind),
            person_id=row.person_id,
            person_name=people[row.person_id].name if row.person_id in people else "",
            building=people[row.person_id].building if row.person_id in people else "",
            served_minutes=row.served_minutes,
            earned_points=row.earned_points,
            state=row.state,
            is_shown=row.consented_at is not None,
            proposed_by=row.proposed_by,
            proposed_at=row.proposed_at,
            decided_at=row.decided_at,
            reason=row.reason,
            certificate_number=row.certificate_number,
        )
        for row, kind in rows
    ]


def _kind_card(row: HonourKind) -> HonourKindCard:
    return HonourKindCard(
        row.id, row.name, row.year, row.subject, row.least_minutes, row.least_points, row.words
    )
