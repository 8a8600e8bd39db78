"""Commands on what people carry: printed cards, household cards, desk slips, scanners' tokens."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from community.identity.errors import EndInPast, MustBeAlive, ScopeEmpty
from community.identity.models import Card, CodeKind, DeviceToken, Household, OneTimeCode
from community.identity.permissions import GIVE_DESK_SLIP, MAKE_DEVICE_TOKENS, PRINT_CARDS
from community.identity.queries.keys import derive_code, keyed_hash
from community.identity.queries.people import get_person
from community.identity.queries.standing import is_member
from community.identity.rules.signing_in import SLIP_LASTS, SLIP_LENGTH
from community.identity.service.rows import change, name_of
from community.kernel import clock, ids
from community.kernel.actor import Actor
from community.kernel.errors import NotFound

CARD_LENGTH = 12
TOKEN_LENGTH = 40


@dataclass(frozen=True, slots=True)
class SlipMade:
    """A slip was made; its code is derived from the row when it is printed."""

    slip_id: int


def print_card(session: Session, actor: Actor, person_id: int) -> int:
    """Make a personal card with a new code; earlier cards of the person stop working.

    Raises: NotFound, MustBeAlive.
    """
    actor.check(PRINT_CARDS.code)
    _check_present(session, actor, person_id)
    _revoke_cards(session, actor.community_id, person_id)
    row = Card(
        community_id=actor.community_id,
        person_id=person_id,
        code=ids.random_code(CARD_LENGTH),
        made_at=clock.now(),
        made_by=actor.person_id,
    )
    session.add(row)
    session.flush()
    return row.id


def revoke_card(session: Session, actor: Actor, card_id: int) -> None:
    """Make a lost card useless: the desk may, and its owner.

    Raises: NotFound.
    """
    row = session.scalar(
        select(Card).where(Card.community_id == actor.community_id, Card.id == card_id)
    )
    if row is None:
        raise NotFound
    if row.person_id != actor.person_id:
        actor.check(PRINT_CARDS.code)
    row.revoked_at = row.revoked_at or clock.now()


def revoke_all_cards(session: Session, actor: Actor, person_id: int) -> int:
    """Make every card of somebody who died, left or was erased useless."""
    return _revoke_cards(session, actor.community_id, person_id)


def renew_household_card(session: Session, actor: Actor, household_id: int) -> None:
    """Give a household a new card code; the lost card stops working at once.

    Raises: NotFound.
    """
    actor.check(PRINT_CARDS.code)
    renewed = change(
        session,
        update(Household)
        .where(
            Household.community_id == actor.community_id,
            Household.id == household_id,
            Household.until_on.is_(None),
        )
        .values(card_code=ids.random_code(CARD_LENGTH), card_made_at=clock.now()),
    )
    if not renewed:
        raise NotFound


def give_slip(session: Session, actor: Actor, person_id: int) -> SlipMade:
    """Make a one-time slip for somebody who stands at the desk; an earlier one stops working.

    Raises: NotFound, MustBeAlive.
    """
    actor.check(GIVE_DESK_SLIP.code)
    _check_present(session, actor, person_id)
    now, nonce = clock.now(), secrets.token_bytes(16)
    change(
        session,
        update(OneTimeCode)
        .where(
            OneTimeCode.kind == CodeKind.DESK_SLIP,
            OneTimeCode.person_id == person_id,
            OneTimeCode.used_at.is_(None),
            OneTimeCode.expires_at > now,
        )
        .values(expires_at=now),
    )
    row = OneTimeCode(
        kind=CodeKind.DESK_SLIP,
        lookup=keyed_hash("slip", derive_code("slip", nonce, SLIP_LENGTH)),
        code_hash=b"",
        nonce=nonce,
        person_id=person_id,
        made_at=now,
        made_by=actor.person_id,
        expires_at=now + SLIP_LASTS,
    )
    session.add(row)
    session.flush()
    return SlipMade(row.id)


def make_device_token(
    session: Session, actor: Actor, name: str, scope: frozenset[str], until_on: date
) -> int:
    """Give a scanner some of one's own permissions for a time; it loses them when one does.

    Raises: ScopeEmpty, EndInPast.
    """
    actor.check(MAKE_DEVICE_TOKENS.code)
    allowed = scope & actor.grants
    if not allowed or actor.person_id is None:
        raise ScopeEmpty
    expires_at = clock.at(until_on) + timedelta(days=1)
    if expires_at <= clock.now():
        raise EndInPast
    nonce = secrets.token_bytes(16)
    row = DeviceToken(
        community_id=actor.community_id,
        name=name,
        nonce=nonce,
        token_hash=keyed_hash("device", derive_code("device", nonce, TOKEN_LENGTH)),
        scope=sorted(allowed),
        made_by=actor.person_id,
        made_at=clock.now(),
        expires_at=expires_at,
    )
    session.add(row)
    session.flush()
    return row.id


def revoke_device_token(session: Session, actor: Actor, token_id: int) -> None:
    """Take a scanner's rights away at once.

    Raises: NotFound.
    """
    actor.check(MAKE_DEVICE_TOKENS.code)
    revoked = change(
        session,
        update(DeviceToken)
        .where(DeviceToken.community_id == actor.community_id, DeviceToken.id == token_id)
        .values(revoked_at=clock.now()),
    )
    if not revoked:
        raise NotFound


def _revoke_cards(session: Session, community_id: int, person_id: int) -> int:
    return change(
        session,
        update(Card)
        .where(
            Card.community_id == community_id,
            Card.person_id == person_id,
            Card.revoked_at.is_(None),
        )
        .values(revoked_at=clock.now()),
    )


def _check_present(session: Session, actor: Actor, person_id: int) -> None:
    get_person(session, actor.community_id, person_id)
    if not is_member(session, actor.community_id, person_id):
        raise MustBeAlive(name=name_of(session, person_id))
