"""Giving, lending and taking back keys; the office does it on paper evidence, never for itself."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from community import identity
from community.kernel import clock
from community.kernel.actor import Actor
from community.kernel.errors import N_
from community.trust_property import permissions
from community.trust_property.errors.keys import (
    AbsenceUnclear,
    AlreadyAway,
    HoldsBothKeys,
    HoldsKeyAlready,
    KeyEnded,
    KeyHolderNotFound,
    NoKey,
    NotOfTheTrustee,
    RoleMissing,
)
from community.trust_property.models import Fund, KeyHolder
from community.trust_property.queries.keys import find_key, holdings
from community.trust_property.rules.keys import ROLE_OF, KeySide
from community.trust_property.service.fund import load_fund
from community.trust_property.service.publishing import hidden_person, publish

LONGEST_ABSENCE = timedelta(days=366)
SIDE_NAMES = {KeySide.TRUSTEE: N_("受托方"), KeySide.COMMITTEE: N_("业委会")}
ROLE_NAMES = {KeySide.TRUSTEE: N_("物业公司"), KeySide.COMMITTEE: N_("业主委员会")}


def register_key_holder(
    session: Session, actor: Actor, fund_id: int, side: KeySide, person_id: int, reference: str
) -> int:
    """Give a person a key from now on, by the paper that appoints them; gives the holding's id.

    Raises: FundNotFound, FundClosed, NotFound, RoleMissing, NotOfTheTrustee, HoldsBothKeys,
    HoldsKeyAlready.
    """
    actor.check(permissions.FOUND.code)
    fund = load_fund(session, actor, fund_id)
    return add_holder(session, actor, fund, side, person_id, reference)


def add_holder(
    session: Session, actor: Actor, fund: Fund, side: KeySide, person_id: int, reference: str
) -> int:
    """Write a holding that begins now, once everything speaks for it."""
    now = clock.now()
    check_candidate(session, actor, fund, side, person_id, (now, None))
    return _write(session, actor, fund.id, (side, person_id, None), (now, None), reference)


def appoint_deputy(
    session: Session,
    actor: Actor,
    fund_id: int,
    holder_id: int,
    person_id: int,
    from_on: date,
    until_on: date,
    reference: str,
) -> int:
    """Let a deputy stand in for a key holder from one day to another, both included.

    Meanwhile the holder's own key rests. Raises: FundNotFound, KeyHolderNotFound, KeyEnded,
    AbsenceUnclear, AlreadyAway, and as `register_key_holder`.
    """
    actor.check(permissions.FOUND.code)
    fund = load_fund(session, actor, fund_id)
    holder = _holder(session, actor, fund_id, holder_id)
    if holder.until_at is not None or holder.deputy_for_id is not None:
        raise KeyEnded
    if from_on < clock.today() or not from_on <= until_on <= from_on + LONGEST_ABSENCE:
        raise AbsenceUnclear
    span = (max(clock.at(from_on), clock.now()), clock.at(until_on + timedelta(days=1)))
    for each in holdings(session, actor.community_id, fund_id):
        if each.deputy_for_id == holder_id and each.overlaps(*span):
            raise AlreadyAway
    check_candidate(session, actor, fund, holder.side, person_id, span)
    given = (holder.side, person_id, holder_id)
    return _write(session, actor, fund_id, given, span, reference)


def end_key(session: Session, actor: Actor, fund_id: int, holder_id: int) -> None:
    """Take a key back at this moment; a deputy of the holder falls silent with it.

    Raises: FundNotFound, KeyHolderNotFound, KeyEnded.
    """
    actor.check(permissions.FOUND.code)
    load_fund(session, actor, fund_id)
    row = _holder(session, actor, fund_id, holder_id)
    if row.until_at is not None and row.until_at <= clock.now():
        raise KeyEnded
    end_holder(session, actor, row)


def end_holder(session: Session, actor: Actor, row: KeyHolder) -> None:
    """Write the end of a holding, now; one that has not begun yet never begins."""
    row.until_at = max(clock.now(), row.from_at)
    row.ended_by = actor.person_id
    session.flush()
    _publish(session, actor, row)


def check_key(session: Session, actor: Actor, fund_id: int, side: KeySide) -> None:
    """Refuse an actor whose key of a side does not turn now.

    Raises: NoKey.
    """
    if find_key(session, actor, fund_id) is not side or ROLE_OF[side].value not in actor.roles:
        raise NoKey(side=SIDE_NAMES[side])


def check_candidate(
    session: Session,
    actor: Actor,
    fund: Fund,
    side: KeySide,
    person_id: int,
    span: tuple[datetime, datetime | None],
) -> None:
    """Refuse somebody who may not hold a key of a side over a span of time."""
    name = identity.get_person(session, actor.community_id, person_id).name
    candidate = identity.actor_for(session, person_id, actor.community_id)
    if candidate is None or ROLE_OF[side].value not in candidate.roles:
        raise RoleMissing(name=name, role=ROLE_NAMES[side])
    if side is KeySide.TRUSTEE and candidate.organization_id != fund.trustee_id:
        raise NotOfTheTrustee(name=name)
    for each in holdings(session, actor.community_id, fund.id):
        if each.person_id != person_id or not each.overlaps(*span):
            continue
        if each.side is not side:
            raise HoldsBothKeys(name=name)
        raise HoldsKeyAlready(name=name)


def _holder(session: Session, actor: Actor, fund_id: int, holder_id: int) -> KeyHolder:
    row = session.get(KeyHolder, holder_id)
    if row is None or (row.community_id, row.fund_id) != (actor.community_id, fund_id):
        raise KeyHolderNotFound
    return row


def _write(
    session: Session,
    actor: Actor,
    fund_id: int,
    given: tuple[KeySide, int, int | None],
    span: tuple[datetime, datetime | None],
    reference: str,
) -> int:
    side, person_id, deputy_for_id = given
    row = KeyHolder(
        community_id=actor.community_id,
        fund_id=fund_id,
        side=side,
        person_id=person_id,
        deputy_for_id=deputy_for_id,
        from_at=span[0],
        until_at=span[1],
        reference=reference,
        appointed_by=actor.person_id,
        appointed_at=clock.now(),
    )
    session.add(row)
    session.flush()
    _publish(session, actor, row)
    return row.id


def _publish(session: Session, actor: Actor, row: KeyHolder) -> None:
    publish(
        session,
        actor,
        "key_holder",
        {
            "fund": row.fund_id,
            "holder": row.id,
            "side": row.side.value,
            "person": hidden_person(session, actor, row.person_id),
            "deputy_for": row.deputy_for_id,
            "from": clock.micros(row.from_at),
            "until": None if row.until_at is None else clock.micros(row.until_at),
            "reference": row.reference,
        },
    )
