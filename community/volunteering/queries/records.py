"""Service records for their holder, for those who seal them, and for anyone with the number."""

from __future__ import annotations

import hmac
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from community import identity
from community.kernel import ids
from community.kernel.actor import Actor
from community.kernel.errors import NotAllowed, NotFound
from community.kernel.permissions import Role
from community.kernel.tables import Community
from community.volunteering import permissions
from community.volunteering.models import ServiceRecord


@dataclass(frozen=True, slots=True)
class RecordLine:
    """What 民政部令第67号 Art. 7 asks of each service."""

    day: date
    title: str
    content: str
    place: str
    unit: str
    in_charge: str
    minutes: int
    hours_class: str


@dataclass(frozen=True, slots=True)
class RecordView:
    """A record; without the paper's code `lines`, `code` and the full name are left out."""

    id: int
    number: str
    code: str
    community: str
    person_id: int
    holder_name: str
    unit_name: str
    from_day: date
    until_day: date
    minutes: int
    made_at: datetime
    sealed_at: datetime | None
    seal_unit: str
    person_in_charge: str
    revoked_at: datetime | None
    lines: tuple[RecordLine, ...]
    is_full: bool


def unit_of(session: Session, actor: Actor) -> str:
    """Tell for which recording organisation somebody acts: the community's staff, or their own."""
    if Role.STAFF.value in actor.roles or actor.organization_id is None:
        return session.get_one(Community, actor.community_id).name
    return identity.get_organization(session, actor.community_id, actor.organization_id).name


def may_see(session: Session, actor: Actor, person_id: int, unit_name: str) -> bool:
    """Tell whether somebody sees a record whole: its holder, the staff, or who recorded it."""
    if actor.subject_id == person_id:
        return True
    if not actor.may(permissions.SEAL_RECORD.code):
        return False
    return Role.STAFF.value in actor.roles or unit_of(session, actor) == unit_name


def records_of(session: Session, community_id: int, person_id: int) -> tuple[RecordView, ...]:
    """List a person's records, the newest first."""
    return _records(
        session,
        (ServiceRecord.community_id == community_id) & (ServiceRecord.person_id == person_id),
    )


def records_to_seal(session: Session, actor: Actor) -> tuple[RecordView, ...]:
    """List records that wait for the seal of the actor's organisation, the newest first."""
    return _records(
        session,
        (ServiceRecord.community_id == actor.community_id)
        & (ServiceRecord.unit_name == unit_of(session, actor))
        & ServiceRecord.sealed_at.is_(None)
        & ServiceRecord.revoked_at.is_(None),
    )


def get_record(session: Session, actor: Actor, record_id: int) -> RecordView:
    """Get a record whole, for its holder and for those who seal.

    Raises: NotFound, NotAllowed.
    """
    found = _records(
        session,
        (ServiceRecord.community_id == actor.community_id) & (ServiceRecord.id == record_id),
    )
    if not found:
        raise NotFound
    if not may_see(session, actor, found[0].person_id, found[0].unit_name):
        raise NotAllowed
    return found[0]


def verify_record(session: Session, number: str, code: str = "") -> RecordView:
    """Find a record by its number for anybody; whole only with the code printed on the paper.

    A revoked one shows only that it was revoked. Raises: NotFound.
    """
    found = _records(session, ServiceRecord.number == ids.read_code(number))
    if not found:
        raise NotFound
    record = found[0]
    is_right = hmac.compare_digest(record.code.encode(), ids.read_code(code).encode())
    if is_right and record.revoked_at is None:
        return record
    return replace(record, code="", lines=(), person_in_charge="", is_full=False)


def _records(session: Session, condition: ColumnElement[bool]) -> tuple[RecordView, ...]:
    rows = session.execute(
        select(ServiceRecord, Community.name)
        .join(Community, Community.id == ServiceRecord.community_id)
        .where(condition)
        .order_by(ServiceRecord.id.desc())
        .limit(200)
    )
    return tuple(_view(row, name) for row, name in rows)


def _view(row: ServiceRecord, community: str) -> RecordView:
    return RecordView(
        id=row.id, number=row.number, code=row.code, community=community,
        person_id=row.person_id, holder_name=row.holder_name, unit_name=row.unit_name,
        from_day=row.from_day, until_day=row.until_day, minutes=row.minutes,
        made_at=row.made_at, sealed_at=row.sealed_at, seal_unit=row.seal_unit,
        person_in_charge=row.person_in_charge, revoked_at=row.revoked_at,
        lines=tuple(_line(each) for each in row.lines), is_full=True,
    )  # fmt: skip


def _line(plain: dict[str, Any]) -> RecordLine:
    return RecordLine(
        day=date.fromisoformat(plain["day"]), title=plain["title"], content=plain["content"],
        place=plain["place"], unit=plain["unit"], in_charge=plain["in_charge"],
        minutes=int(plain["minutes"]), hours_class=plain["class"],
    )  # fmt: skip
