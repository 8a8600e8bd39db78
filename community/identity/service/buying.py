"""New owners of a unit: known by name and birth year, or registered with the sale."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from community.identity.models import Membership, Ownership, Person
from community.identity.service.joining import add_person
from community.identity.service.leaving import Ended
from community.kernel.actor import Actor


@dataclass(frozen=True, slots=True)
class Buyer:
    """A new owner with a share as a fraction of whole numbers."""

    name: str
    birth_year: int | None = None
    number: str = ""
    numerator: int = 1
    denominator: int = 1


def owners_before(session: Session, actor: Actor, unit_id: int) -> list[Ownership]:
    """Give the shares of a unit as they are recorded now."""
    return list(
        session.scalars(
            select(Ownership).where(
                Ownership.community_id == actor.community_id,
                Ownership.unit_id == unit_id,
                Ownership.until_on.is_(None),
            )
        )
    )


def add_owners(
    session: Session,
    actor: Actor,
    unit_id: int,
    on: date,
    buyers: tuple[Buyer, ...],
    ended: Ended,
) -> None:
    """Let buyers own a unit from a day; the rows are noted as `bought`."""
    for each in buyers:
        person_id = _find(session, actor, each) or add_person(
            session, actor.community_id, each.name, each.birth_year, each.number
        )
        row = Ownership(
            community_id=actor.community_id,
            unit_id=unit_id,
            person_id=person_id,
            numerator=each.numerator,
            denominator=each.denominator,
            from_on=on,
        )
        session.add(row)
        session.flush()
        ended.note("bought", row.id)


def take_back_owners(session: Session, actor: Actor, row_ids: list[int]) -> None:
    """End shares that a sale entered by mistake had given."""
    rows = session.scalars(
        select(Ownership).where(
            Ownership.community_id == actor.community_id, Ownership.id.in_(row_ids)
        )
    )
    for row in rows:
        row.until_on = row.from_on
    session.flush()


def _find(session: Session, actor: Actor, buyer: Buyer) -> int | None:
    """Find a member of this name and birth year; without a year nobody is guessed."""
    if buyer.birth_year is None:
        return None
    found = session.scalars(
        select(Person.id)
        .join(Membership, Membership.person_id == Person.id)
        .where(
            Membership.community_id == actor.community_id,
            Membership.left_at.is_(None),
            Person.name == buyer.name,
            Person.birth_year == buyer.birth_year,
            Person.died_on.is_(None),
            Person.merged_into.is_(None),
        )
        .limit(2)
    ).all()
    return found[0] if len(found) == 1 else None
