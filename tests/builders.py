"""Invented people and places, and the shared steps by which tests set a scene.

Each builder writes through the writer and gives the id of what it made.
"""

from __future__ import annotations

import secrets
from datetime import date, timedelta
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from community import identity
from community.identity import models
from community.identity.queries.cards import devices, find_card, get_slip
from community.identity.queries.keys import keyed_hash
from community.identity.rules.consents import text_of
from community.identity.service.cards import make_device_token
from community.identity.service.sessions import begin_session
from community.kernel import clock, db, ids
from community.kernel.actor import Actor
from community.kernel.jobs.runner import run_one
from community.kernel.permissions import Role
from community.kernel.tables import Base, Community
from community.web.extensions import TOKEN_NAME

INSTALLATION = Actor.system(0)
MOVED_IN = date(2020, 1, 1)


def add(table: type[Base], /, **values: Any) -> int:
    """Write one row and give its id."""

    def add_row(session: Session, actor: Actor) -> int:
        row = table(**values)
        session.add(row)
        session.flush()
        found: int = row.id  # type: ignore[attr-defined]
        return found

    made: int = db.write(add_row, INSTALLATION)
    return made


def make_community(slug: str = "guihua", name: str = "桂花里社区") -> int:
    """Open a community."""
    return add(Community, slug=slug, name=name, opened_at=clock.at(MOVED_IN))


def make_household(
    community_id: int, building: str = "3 号楼", unit: str = "2 单元 301", area: int = 8_900
) -> int:
    """Let a household live in a unit; the building is made when there is none of the name."""
    with db.read() as session:
        building_id = session.scalar(
            select(models.Building.id).where(
                models.Building.community_id == community_id, models.Building.name == building
            )
        )
    if building_id is None:
        position = int("".join(each for each in building if each.isdigit()) or 0)
        building_id = add(
            models.Building, community_id=community_id, name=building, position=position
        )
    unit_id = add(
        models.Unit,
        community_id=community_id,
        building_id=building_id,
        name=unit,
        area_centiares=area,
    )
    return add(
        models.Household,
        community_id=community_id,
        unit_id=unit_id,
        card_code=ids.random_code(12),
        card_made_at=clock.now(),
        from_on=MOVED_IN,
    )


def make_person(
    community_id: int,
    name: str = "王秀英",
    *,
    birth_year: int | None = 1958,
    phone: str = "",
    household_id: int | None = None,
    roles: tuple[Role, ...] = (),
) -> int:
    """Let a person be a member of a community, with a phone, a home and roles if wanted."""
    person_id = add(models.Person, name=name, birth_year=birth_year, made_at=clock.now())
    if phone:
        add(models.Phone, person_id=person_id, number=phone, added_at=clock.now())
    join(community_id, person_id, roles=roles)
    if household_id is not None:
        add(
            models.HouseholdMember,
            community_id=community_id,
            household_id=household_id,
            person_id=person_id,
            from_on=MOVED_IN,
        )
    return person_id


def join(community_id: int, person_id: int, *, roles: tuple[Role, ...] = ()) -> None:
    """Make a person a member of a community, with roles."""
    began = clock.at(MOVED_IN)
    add(models.Membership, community_id=community_id, person_id=person_id, joined_at=began)
    for role in roles:
        grant(community_id, person_id, role)


def grant(community_id: int, person_id: int, role: Role, organization_id: int | None = None) -> int:
    """Give a role to a member."""
    return add(
        models.RoleGrant,
        community_id=community_id,
        person_id=person_id,
        role=role,
        organization_id=organization_id,
        from_at=clock.at(MOVED_IN),
    )


def own(community_id: int, person_id: int, unit_id: int, parts: int = 1) -> int:
    """Let a person be a unit's owner, or one of `parts` equal ones."""
    return add(
        models.Ownership,
        community_id=community_id,
        person_id=person_id,
        unit_id=unit_id,
        numerator=1,
        denominator=parts,
        from_on=MOVED_IN,
    )


def make_organization(
    community_id: int,
    name: str = "便民超市",
    kind: identity.OrganizationKind = identity.OrganizationKind.MERCHANT,
) -> int:
    """Let an organization work in a community."""
    firm_id = add(models.Organization, name=name, kind=kind, made_at=clock.now())
    add(
        models.CommunityOrganization,
        community_id=community_id,
        organization_id=firm_id,
        from_on=MOVED_IN,
    )
    return firm_id


def actor(community_id: int, person_id: int, *, on_behalf_of: int | None = None) -> Actor:
    """Give the actor a person is in a community, with the grants of their roles."""
    with db.read() as session:
        found = identity.actor_for(session, person_id, community_id, on_behalf_of)
    assert found is not None, "no member, or no right to act for the other"
    return found


def agree(person_id: int) -> None:
    """Let a person have agreed to the text on personal data."""
    text = text_of("service", clock.today())
    add(
        models.Consent,
        person_id=person_id,
        kind=identity.ConsentKind.SERVICE,
        version=text.version,
        text_hash=text.hash,
        given_at=clock.now(),
    )


def sign_in(client: FlaskClient, person_id: int) -> None:
    """Give a test client the cookie of a new session, consent given."""
    agree(person_id)

    def begin(session: Session, actor: Actor) -> str:
        return begin_session(session, person_id, models.SignInWay.TESTS, "").token

    token = db.write(begin, INSTALLATION)
    with client.session_transaction() as cookie:
        cookie["_user_id"] = token
        cookie["_fresh"] = True
        # As `enter` does: pages asked for at once must not each make their own.
        cookie[TOKEN_NAME] = secrets.token_hex(20)


def make_card(community_id: int, person_id: int, code: str) -> int:
    """Print a personal card."""
    return add(
        models.Card,
        community_id=community_id,
        person_id=person_id,
        code=ids.read_code(code),
        made_at=clock.now(),
    )


def revoke_card(card_id: int) -> None:
    """Make a printed card useless."""

    def revoke(session: Session, actor: Actor) -> None:
        session.get_one(models.Card, card_id).revoked_at = clock.now()

    db.write(revoke, INSTALLATION)


def make_letter(community_id: int, household_id: int, uses: int = 8) -> str:
    """Print a household's letter and give the code on it."""
    code = ids.random_code(12)
    add(
        models.Invitation,
        community_id=community_id,
        household_id=household_id,
        nonce=code.encode(),
        code_hash=keyed_hash("letter", code),
        uses_left=uses,
        made_at=clock.now(),
        expires_at=clock.now() + timedelta(days=60),
    )
    return code


def slip_code(session: Session, clerk_id: int, slip_id: int) -> str:
    """Give the code that a clerk prints on a slip."""
    return get_slip(session, clerk_id, slip_id).code


def make_device(community_id: int, maker_id: int, scope: set[str]) -> str:
    """Give a scanner a token and read it as its maker does."""
    maker = actor(community_id, maker_id)
    until = clock.today() + timedelta(days=30)
    db.write(make_device_token, maker, "平板", frozenset(scope), until)
    with db.read() as session:
        return devices(session, community_id, maker_id)[0].token


def card_code(session: Session, community_id: int, person_id: int) -> str:
    """Give the code on a person's card that works now."""
    found = find_card(session, community_id, person_id)
    assert found is not None
    return found.code


def make_unit(community_id: int, name: str, *, building: str = "3 号楼", area: int = 8_900) -> int:
    """Give a community a unit; the building is made when there is none of the name."""
    household_id = make_household(community_id, building, name, area)
    with db.read() as session:
        return session.get_one(models.Household, household_id).unit_id


def run_jobs() -> None:
    """Carry out the jobs that wait, without the tidy-ups of the whole house."""
    while run_one("tests", clock.now()):
        continue
