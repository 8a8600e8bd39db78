"""Cards, slips and scanners as the desk and their owners see them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from community.identity.models import Card, CodeKind, DeviceToken, OneTimeCode
from community.identity.queries.keys import derive_code
from community.identity.rules.roles import last_day
from community.identity.rules.signing_in import SLIP_LENGTH
from community.kernel import clock
from community.kernel.errors import NotFound

TOKEN_SHOWN = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class CardView:
    """A personal card that works."""

    id: int
    person_id: int
    code: str
    made_at: datetime


@dataclass(frozen=True, slots=True)
class Slip:
    """A slip with its code, for printing while it is good."""

    person_id: int
    code: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Device:
    """A scanner's token; `token` is shown only in the minutes after it was made."""

    id: int
    name: str
    scope: tuple[str, ...]
    made_by: int
    expires_at: datetime
    token: str

    @property
    def last_on(self) -> date:
        """Tell the last day the token works."""
        return last_day(self.expires_at)


def find_card(session: Session, community_id: int, person_id: int) -> CardView | None:
    """Find the personal card of a person that works now."""
    row = session.scalar(
        select(Card)
        .where(
            Card.community_id == community_id,
            Card.person_id == person_id,
            Card.revoked_at.is_(None),
        )
        .order_by(Card.id.desc())
        .limit(1)
    )
    return None if row is None else CardView(row.id, row.person_id, row.code, row.made_at)


def get_slip(session: Session, made_by: int, slip_id: int) -> Slip:
    """Give a slip to the clerk who made it, while it is good.

    Raises: NotFound.
    """
    row = session.scalar(
        select(OneTimeCode).where(
            OneTimeCode.id == slip_id,
            OneTimeCode.kind == CodeKind.DESK_SLIP,
            OneTimeCode.made_by == made_by,
            OneTimeCode.used_at.is_(None),
            OneTimeCode.expires_at > clock.now(),
        )
    )
    if row is None or row.person_id is None:
        raise NotFound
    code = derive_code("slip", row.nonce, SLIP_LENGTH)
    return Slip(row.person_id, code, row.expires_at)


def devices(session: Session, community_id: int, shown_to: int | None) -> tuple[Device, ...]:
    """Give the scanners' tokens in force; a maker reads a new one for 10 minutes."""
    now = clock.now()
    rows = session.scalars(
        select(DeviceToken)
        .where(
            DeviceToken.community_id == community_id,
            DeviceToken.revoked_at.is_(None),
            DeviceToken.expires_at > now,
        )
        .order_by(DeviceToken.id.desc())
    )
    return tuple(
        Device(
            row.id,
            row.name,
            tuple(row.scope),
            row.made_by,
            row.expires_at,
            derive_code("device", row.nonce, 40)
            if row.made_by == shown_to and now - row.made_at < TOKEN_SHOWN
            else "",
        )
        for row in rows
    )
