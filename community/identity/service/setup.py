"""Founding the first community from the wizard's answers, in one command."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from community.identity.errors import NothingToDecide, SetupIncomplete
from community.identity.models import Building, Household, RoleGrant, SetupProgress, Unit
from community.identity.queries.keys import keyed_hash
from community.identity.queries.setup import count_communities, setup_choices
from community.identity.rules.setup import STEPS, BuildingPlan, read_buildings
from community.identity.service.cards import CARD_LENGTH, give_slip
from community.identity.service.joining import add_person
from community.kernel import clock, ids
from community.kernel.actor import Actor
from community.kernel.permissions import Role
from community.kernel.tables import Community


@dataclass(frozen=True, slots=True)
class Founded:
    """The first community stands, and its first staff."""

    community_id: int
    slug: str
    staff: tuple[int, ...]


def keep_answers(session: Session, actor: Actor, step: str, answers: dict[str, Any]) -> None:
    """Keep a step's answers; a step may be answered again until the community stands.

    Raises: NothingToDecide once it does.
    """
    row = _open(session)
    row.answers = {**row.answers, step: answers}


def found_community(session: Session, actor: Actor, token: str) -> Founded:
    """Make the community, its buildings, rules and staff; each of the staff gets a slip.

    `token` lets whoever finished see the slips again. Raises: NothingToDecide, SetupIncomplete.
    """
    row = _open(session)
    missing = [step for step in STEPS if step not in row.answers]
    if missing:
        raise SetupIncomplete(steps="、".join(str(STEPS.index(step) + 1) for step in missing))
    name = row.answers["name"]
    community = Community(
        slug=name["slug"],
        name=name["name"],
        street=name["street"],
        district=name["district"],
        opened_at=clock.now(),
    )
    session.add(community)
    session.flush()
    system = Actor.system(community.id)
    _build(session, community.id, read_buildings(row.answers["buildings"]["lines"]))
    staff = tuple(_employ(session, system, each) for each in row.answers["staff"]["people"])
    for choice in setup_choices():
        if code := row.answers["rules"].get(choice.name):
            choice.apply(session, system, code)
    row.community_id, row.finished_at = community.id, clock.now()
    row.token_hash = keyed_hash("setup", token)
    # Whom the slips are for is all that is still needed; names and numbers stand elsewhere now.
    row.answers = {"staff_ids": list(staff)}
    session.flush()
    return Founded(community.id, community.slug, staff)


def _open(session: Session) -> SetupProgress:
    if count_communities(session):
        raise NothingToDecide
    row = session.get(SetupProgress, 1)
    if row is None:
        row = SetupProgress(id=1, answers={})
        session.add(row)
        session.flush()
    return row


def _build(session: Session, community_id: int, plans: tuple[BuildingPlan, ...]) -> None:
    """Make every unit with a household, so that each door can get a letter without a census."""
    for position, plan in enumerate(plans, start=1):
        building = Building(community_id=community_id, name=plan.name, position=position)
        session.add(building)
        session.flush()
        here = {"community_id": community_id, "building_id": building.id, "area_centiares": 0}
        session.execute(insert(Unit), [{**here, "name": name} for name in plan.units])
        unit_ids = session.scalars(
            select(Unit.id).where(
                Unit.community_id == community_id, Unit.building_id == building.id
            )
        ).all()
        session.execute(
            insert(Household),
            [
                {
                    "community_id": community_id,
                    "unit_id": unit_id,
                    "card_code": ids.random_code(CARD_LENGTH),
                    "card_made_at": clock.now(),
                    "from_on": clock.today(),
                }
                for unit_id in unit_ids
            ],
        )


def _employ(session: Session, system: Actor, each: dict[str, Any]) -> int:
    person_id = add_person(
        session, system.community_id, each["name"], each["birth_year"], each["number"]
    )
    session.add(
        RoleGrant(
            community_id=system.community_id,
            person_id=person_id,
            role=Role.STAFF,
            from_at=clock.now(),
        )
    )
    session.flush()
    give_slip(session, system, person_id)
    return person_id
