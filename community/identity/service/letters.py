"""Commands on households' letters: make, make anew, revoke, and print a whole building.

A letter's code is kept as a keyed hash and derived from the row's nonce when it is printed.
"""

from __future__ import annotations

import secrets

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from community.identity.models import (
    Building,
    Household,
    HouseholdMember,
    Invitation,
    InvitationSheet,
    Person,
    Unit,
)
from community.identity.permissions import INVITE
from community.identity.queries.keys import derive_code, keyed_hash
from community.identity.rules.letters import LETTER_LASTS, SHEET_LASTS, uses_for
from community.identity.rules.people import is_guarded
from community.identity.rules.signing_in import LETTER_LENGTH
from community.identity.service.rows import change
from community.kernel import clock, files, jobs
from community.kernel.actor import Actor
from community.kernel.errors import NotFound
from community.kernel.jobs.kinds import Arguments

LETTER_JOB = "identity.print_letters"
# Each building is two pieces: its letters are made, then its file is drawn and kept.
STEPS_PER_BUILDING = 2


def print_letters(
    session: Session, actor: Actor, address: str, building_id: int | None = None
) -> int:
    """Make and print the letters of a building, or of all, as a job; answers the job's id.

    `address` is the site's own, for the QR codes; households with a letter keep its code.
    Raises: NotFound.
    """
    actor.check(INVITE.code)
    if building_id is not None and building_id not in _buildings(session, actor.community_id):
        raise NotFound
    args = {"building_id": building_id, "address": address}
    return jobs.start_job(session, actor, LETTER_JOB, args)


def renew_letter(session: Session, actor: Actor, household_id: int) -> int:
    """Give a household a new letter; the old one stops working. Answers the letter's id.

    Raises: NotFound.
    """
    actor.check(INVITE.code)
    household = session.scalar(
        select(Household).where(
            Household.community_id == actor.community_id,
            Household.id == household_id,
            Household.until_on.is_(None),
        )
    )
    if household is None:
        raise NotFound
    revoke_letters_of(session, actor, household_id)
    return _make(session, actor, household_id)


def revoke_letter(session: Session, actor: Actor, letter_id: int) -> None:
    """Make a letter useless, such as one that went to the wrong door.

    Raises: NotFound.
    """
    actor.check(INVITE.code)
    revoked = change(
        session,
        update(Invitation)
        .where(Invitation.community_id == actor.community_id, Invitation.id == letter_id)
        .values(revoked_at=clock.now()),
    )
    if not revoked:
        raise NotFound


def revoke_letters_of(session: Session, actor: Actor, household_id: int) -> int:
    """Make every letter of a household useless: it moved, was sold, or gets a new one."""
    return change(
        session,
        update(Invitation)
        .where(
            Invitation.community_id == actor.community_id,
            Invitation.household_id == household_id,
            Invitation.revoked_at.is_(None),
        )
        .values(revoked_at=clock.now()),
    )


def _make(session: Session, actor: Actor, household_id: int) -> int:
    nonce, now = secrets.token_bytes(16), clock.now()
    row = Invitation(
        community_id=actor.community_id,
        household_id=household_id,
        nonce=nonce,
        code_hash=keyed_hash("letter", derive_code("letter", nonce, LETTER_LENGTH)),
        uses_left=uses_for(_adults(session, household_id)),
        made_by=actor.person_id,
        made_at=now,
        expires_at=now + LETTER_LASTS,
    )
    session.add(row)
    session.flush()
    return row.id


def _adults(session: Session, household_id: int) -> int:
    today = clock.today()
    members = session.execute(
        select(Person.birth_year, Person.birthday)
        .join(HouseholdMember, HouseholdMember.person_id == Person.id)
        .where(HouseholdMember.household_id == household_id, HouseholdMember.until_on.is_(None))
    )
    return sum(not is_guarded(year, day, today) for year, day in members)


def _buildings(session: Session, community_id: int) -> tuple[int, ...]:
    chosen = select(Building.id).where(Building.community_id == community_id)
    return tuple(session.scalars(chosen.order_by(Building.position, Building.id)))


def buildings_of_job(session: Session, actor: Actor, args: Arguments) -> tuple[int, ...]:
    """Tell the buildings a job prints."""
    if args["building_id"] is not None:
        return (args["building_id"],)
    return _buildings(session, actor.community_id)


def plan_letters(session: Session, actor: Actor, args: Arguments) -> int:
    """Tell how many pieces there are."""
    return STEPS_PER_BUILDING * len(buildings_of_job(session, actor, args))


def write_letters(session: Session, actor: Actor, args: Arguments, step: jobs.Step) -> int:
    """Make a building's missing letters, or keep the file that was drawn of them."""
    building_id = buildings_of_job(session, actor, args)[step.position // STEPS_PER_BUILDING]
    if step.position % STEPS_PER_BUILDING == 0:
        for household_id in _without_letter(session, actor.community_id, building_id):
            _make(session, actor, household_id)
    elif step.ready is not None:
        ready, letters = step.ready
        session.add(
            InvitationSheet(
                community_id=actor.community_id,
                building_id=building_id,
                file_id=files.keep_file(session, actor, ready),
                letters=letters,
                made_by=actor.person_id,
                made_at=clock.now(),
            )
        )
    return step.position + 1


def _without_letter(session: Session, community_id: int, building_id: int) -> tuple[int, ...]:
    in_force = select(Invitation.id).where(
        Invitation.household_id == Household.id,
        Invitation.revoked_at.is_(None),
        Invitation.expires_at > clock.now(),
        Invitation.uses_left > 0,
    )
    chosen = (
        select(Household.id)
        .join(Unit, Unit.id == Household.unit_id)
        .where(
            Household.community_id == community_id,
            Unit.building_id == building_id,
            Household.until_on.is_(None),
            ~in_force.exists(),
        )
        .order_by(Unit.name)
    )
    return tuple(session.scalars(chosen))


def drop_old_sheets(session: Session, actor: Actor) -> int:
    """Give up printed files after a week: they hold codes in plain. Answers how many."""
    old = session.scalars(
        select(InvitationSheet).where(
            InvitationSheet.community_id == actor.community_id,
            InvitationSheet.dropped_at.is_(None),
            InvitationSheet.made_at < clock.now() - SHEET_LASTS,
        )
    ).all()
    for row in old:
        files.drop_file(session, actor, row.file_id)
        row.dropped_at = clock.now()
    return len(old)
