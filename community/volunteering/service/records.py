"""Service records: made for the holder, sealed by the recording organisation, revocable.

Source: 民政部令第67号 Arts. 14 (free), 15 (contents), 16 (consent), 17 (verifiable).
"""

from __future__ import annotations

from datetime import date

from sqlalchemy import update
from sqlalchemy.orm import Session

from community import identity
from community.kernel import clock, codec, ids
from community.kernel.actor import Actor
from community.kernel.errors import NotAllowed, NotFound
from community.kernel.tables import Community
from community.volunteering import permissions
from community.volunteering.errors.records import (
    AlreadySealed,
    ConsentMissing,
    NoHoursInSpan,
    NotTheUnit,
    RecordRevoked,
)
from community.volunteering.models import ServiceRecord
from community.volunteering.queries.records import may_see, unit_of
from community.volunteering.queries.served import ServedLine, served_lines

NUMBER_LENGTH = 8
CODE_LENGTH = 8


def make_record(
    session: Session,
    actor: Actor,
    person_id: int,
    from_day: date,
    until_day: date,
    organising_unit: str = "",
    consent_words: str = "",
) -> int:
    """Make a record of confirmed hours for the holder, or at the desk with the holder's consent.

    Raises: NotAllowed, NotFound, ConsentMissing, NotTheUnit, NoHoursInSpan.
    """
    is_own = actor.subject_id == person_id
    if not (is_own and actor.may(permissions.MAKE_RECORD.code)):
        actor.check(permissions.SEAL_RECORD.code)
        if not consent_words:
            raise ConsentMissing
    holder = identity.get_person(session, actor.community_id, person_id)
    unit = organising_unit or session.get_one(Community, actor.community_id).name
    if not may_see(session, actor, person_id, unit):
        raise NotTheUnit(unit=unit)
    lines = served_lines(
        session, actor.community_id, person_id, from_day, until_day, organising_unit
    )
    if not lines:
        raise NoHoursInSpan
    plain = _plain_lines(session, actor.community_id, lines)
    row = ServiceRecord(
        community_id=actor.community_id,
        number=f"{clock.today():%Y}{ids.random_code(NUMBER_LENGTH)}",
        code=ids.random_code(CODE_LENGTH), person_id=person_id, holder_name=holder.name,
        unit_name=unit, from_day=from_day, until_day=until_day,
        minutes=sum(line.minutes for line in lines), lines=plain,
        digest=codec.digest(tuple(tuple(sorted(each.items())) for each in plain)),
        made_by=actor.person_id, made_at=clock.now(),
        consent_words=consent_words or "self",
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row.id


def seal_record(session: Session, actor: Actor, record_id: int, person_in_charge: str) -> None:
    """Issue and seal a record as a certificate: the recording organisation alone does so.

    Raises: NotFound, NotAllowed, NotTheUnit, AlreadySealed, RecordRevoked.
    """
    actor.check(permissions.SEAL_RECORD.code)
    row = _get(session, actor, record_id)
    if row.revoked_at is not None:
        raise RecordRevoked
    unit = unit_of(session, actor)
    if unit != row.unit_name:
        raise NotTheUnit(unit=row.unit_name)
    if actor.person_id == row.person_id:
        raise NotAllowed
    sealed = session.execute(
        update(ServiceRecord)
        .where(
            ServiceRecord.community_id == actor.community_id,
            ServiceRecord.id == record_id,
            ServiceRecord.sealed_at.is_(None),
        )
        .values(
            sealed_by=actor.person_id,
            sealed_at=clock.now(),
            seal_unit=unit,
            person_in_charge=person_in_charge,
        )
    )
    if sealed.rowcount != 1:  # type: ignore[attr-defined]  # a CursorResult
        raise AlreadySealed


def revoke_record(session: Session, actor: Actor, record_id: int, reason: str) -> None:
    """Stop a record: the holder no longer wants it verified, or it was wrong.

    Raises: NotFound, NotAllowed.
    """
    row = _get(session, actor, record_id)
    if not may_see(session, actor, row.person_id, row.unit_name):
        raise NotAllowed
    if row.revoked_at is None:
        row.revoked_at, row.revoked_because = clock.now(), reason


def _plain_lines(
    session: Session, community_id: int, lines: tuple[ServedLine, ...]
) -> list[dict[str, str | int]]:
    in_charge = {each.person_in_charge_id for each in lines if each.person_in_charge_id}
    names = identity.people(session, community_id, in_charge)
    return [
        {
            "id": line.id,
            "day": line.served_on.isoformat(),
            "title": line.title,
            "content": line.content,
            "place": line.place,
            "unit": line.organising_unit,
            "in_charge": names[line.person_in_charge_id].name
            if line.person_in_charge_id in names
            else "",
            "minutes": line.minutes,
            "class": line.hours_class.value,
        }
        for line in lines
    ]


def _get(session: Session, actor: Actor, record_id: int) -> ServiceRecord:
    row = session.get(ServiceRecord, record_id)
    if row is None or row.community_id != actor.community_id:
        raise NotFound
    return row
