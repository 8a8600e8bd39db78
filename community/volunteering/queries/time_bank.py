"""Needs and offers, the nearest building first; services with their stations; coins given."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from community import identity
from community.kernel import clock
from community.kernel.actor import Actor
from community.kernel.errors import NotAllowed, NotFound
from community.volunteering import permissions
from community.volunteering.models import Acceptance, CoinGift, CoinGrant, Need, Offer
from community.volunteering.rules.kinds import ServiceKind
from community.volunteering.rules.points import DeedState
from community.volunteering.rules.time_bank import (
    NeedState,
    OfferState,
    Origin,
    Proof,
    Purse,
    ServiceState,
)

FAR = 10**12
# A need stays in the list a while after its time, so that a late giver still finds it.
SHOWN_AFTER = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class NeedView:
    """A need as a list shows it; `is_near` means the reader's own building."""

    id: int
    receiver_id: int
    payer_id: int
    kind: ServiceKind
    words: str
    place: str
    building: str
    starts_at: datetime
    minutes: int
    origin: Origin
    entered_by: int
    state: NeedState
    is_near: bool = False


@dataclass(frozen=True, slots=True)
class OfferView:
    """An offer as a list shows it."""

    id: int
    giver_id: int
    kind: ServiceKind
    words: str
    when_words: str
    building: str
    minutes: int
    state: OfferState
    is_near: bool = False


@dataclass(frozen=True, slots=True)
class ServiceView:
    """An accepted service; the codes are filled in for the receiver's side only."""

    id: int
    need: NeedView
    giver_id: int
    purse: Purse
    state: ServiceState
    agreed_at: datetime
    started_at: datetime | None
    started_by: Proof | None
    ended_at: datetime | None
    ended_by: Proof | None
    served_minutes: int | None
    coins: int
    confirmed_at: datetime | None
    disputed_at: datetime | None
    dispute_words: str
    answered_at: datetime | None
    answer_words: str
    visit_code: str = ""


@dataclass(frozen=True, slots=True)
class GrantView:
    """Coins proposed from the pool, or new ones for it when there is no person."""

    id: int
    person_id: int | None
    minutes: int
    reason: str
    state: DeedState
    proposed_by: int
    proposed_at: datetime
    decided_by: int | None


def open_needs(session: Session, actor: Actor) -> tuple[NeedView, ...]:
    """List open needs, those of the nearest building first, then the soonest."""
    rows = session.scalars(
        select(Need).where(
            Need.community_id == actor.community_id,
            Need.state == NeedState.OPEN,
            Need.starts_at > clock.now() - SHOWN_AFTER,
        )
    )
    far = _distances(session, actor)
    found = [_need(row, near=far.get(row.building) == 0) for row in rows]
    return tuple(
        sorted(found, key=lambda need: (far.get(need.building, FAR), need.starts_at, need.id))
    )


def open_offers(session: Session, actor: Actor) -> tuple[OfferView, ...]:
    """List open offers, those of the nearest building first."""
    rows = session.scalars(
        select(Offer).where(
            Offer.community_id == actor.community_id, Offer.state == OfferState.OPEN
        )
    )
    far = _distances(session, actor)
    found = [_offer(row, near=far.get(row.building) == 0) for row in rows]
    return tuple(sorted(found, key=lambda offer: (far.get(offer.building, FAR), offer.id)))


def get_offer(session: Session, actor: Actor, offer_id: int) -> OfferView:
    """Get an offer.

    Raises: NotFound.
    """
    row = session.get(Offer, offer_id)
    if row is None or row.community_id != actor.community_id:
        raise NotFound
    return _offer(row, near=False)


def my_offers(session: Session, community_id: int, person_id: int) -> tuple[OfferView, ...]:
    """List what a person offers now."""
    rows = session.scalars(
        select(Offer)
        .where(
            Offer.community_id == community_id,
            Offer.giver_id == person_id,
            Offer.state == OfferState.OPEN,
        )
        .order_by(Offer.id.desc())
    )
    return tuple(_offer(row, near=False) for row in rows)


def get_need(session: Session, actor: Actor, need_id: int) -> NeedView:
    """Get a need.

    Raises: NotFound.
    """
    row = session.get(Need, need_id)
    if row is None or row.community_id != actor.community_id:
        raise NotFound
    return _need(row)


def my_needs(session: Session, community_id: int, person_id: int) -> tuple[NeedView, ...]:
    """List a person's needs that nobody has accepted yet."""
    rows = session.scalars(
        select(Need)
        .where(
            Need.community_id == community_id,
            Need.receiver_id == person_id,
            Need.state == NeedState.OPEN,
        )
        .order_by(Need.starts_at, Need.id)
    )
    return tuple(_need(row) for row in rows)


def my_services(session: Session, actor: Actor, limit: int = 30) -> tuple[ServiceView, ...]:
    """List the services a person gives or receives, the newest first."""
    mine = actor.subject_id
    return _services(
        session, actor, or_(Acceptance.giver_id == mine, Need.receiver_id == mine), limit
    )


def get_service(session: Session, actor: Actor, acceptance_id: int) -> ServiceView:
    """Get a service for its giver, its receiver, their helpers, or the desk.

    Raises: NotFound, NotAllowed.
    """
    found = _services(session, actor, Acceptance.id == acceptance_id, 1)
    if not found:
        raise NotFound
    service = found[0]
    is_side = actor.subject_id in {service.giver_id, service.need.receiver_id}
    if not is_side and not actor.may(permissions.TIME_DESK.code):
        raise NotAllowed
    return service


def services_to_settle(session: Session, actor: Actor) -> tuple[ServiceView, ...]:
    """List what the desk must look at: disputes first, then ended visits nobody confirmed."""
    rows = _services(
        session,
        actor,
        Acceptance.state.in_((ServiceState.DISPUTED, ServiceState.ENDED)),
        200,
    )
    return tuple(sorted(rows, key=lambda each: (each.state is not ServiceState.DISPUTED, each.id)))


def services_under_way(session: Session, actor: Actor) -> tuple[ServiceView, ...]:
    """List what is agreed or going on, for the desk."""
    states = (ServiceState.AGREED, ServiceState.STARTED)
    return _services(session, actor, Acceptance.state.in_(states), 200)


def waiting_grants(session: Session, community_id: int) -> tuple[GrantView, ...]:
    """List grants from the pool that wait for a second person, the oldest first."""
    rows = session.scalars(
        select(CoinGrant)
        .where(CoinGrant.community_id == community_id, CoinGrant.state == DeedState.PROPOSED)
        .order_by(CoinGrant.id)
    )
    return tuple(
        GrantView(
            id=row.id,
            person_id=row.person_id,
            minutes=row.minutes,
            reason=row.reason,
            state=DeedState(row.state),
            proposed_by=row.proposed_by,
            proposed_at=row.proposed_at,
            decided_by=row.decided_by,
        )
        for row in rows
    )


def gifts_by_id(
    session: Session, community_id: int, ids: Sequence[int]
) -> dict[int, tuple[int, int | None]]:
    """Tell from whom to whom gifts went, for the lines of a statement."""
    rows = session.scalars(
        select(CoinGift).where(CoinGift.community_id == community_id, CoinGift.id.in_(ids))
    )
    return {row.id: (row.from_person_id, row.to_person_id) for row in rows}


def _distances(session: Session, actor: Actor) -> dict[str, int]:
    if actor.subject_id is None:
        return {}
    home = identity.building_of(session, actor.community_id, actor.subject_id)
    if home is None:
        return {}
    return {
        each.name: home.distance_to(each)
        for each in identity.buildings(session, actor.community_id)
    }


def _services(
    session: Session, actor: Actor, condition: ColumnElement[bool], limit: int
) -> tuple[ServiceView, ...]:
    rows = session.execute(
        select(Acceptance, Need)
        .join(
            Need, and_(Need.id == Acceptance.need_id, Need.community_id == Acceptance.community_id)
        )
        .where(Acceptance.community_id == actor.community_id, condition)
        .order_by(Acceptance.id.desc())
        .limit(limit)
    )
    return tuple(_service(row, need, actor) for row, need in rows)


def _service(row: Acceptance, need: Need, actor: Actor) -> ServiceView:
    # The giver must get the code from the receiver; the desk reads it out on the telephone.
    may_see_code = actor.subject_id == need.receiver_id or (
        actor.may(permissions.TIME_DESK.code) and actor.person_id != row.giver_id
    )
    codes = {ServiceState.AGREED: row.arrival_code, ServiceState.STARTED: row.leaving_code}
    return ServiceView(
        id=row.id, need=_need(need), giver_id=row.giver_id, purse=Purse(row.purse),
        state=ServiceState(row.state), agreed_at=row.agreed_at, started_at=row.started_at,
        started_by=row.started_by, ended_at=row.ended_at, ended_by=row.ended_by,
        served_minutes=row.served_minutes, coins=row.coins, confirmed_at=row.confirmed_at,
        disputed_at=row.disputed_at, dispute_words=row.dispute_words,
        answered_at=row.answered_at, answer_words=row.answer_words,
        visit_code=codes.get(ServiceState(row.state), "") if may_see_code else "",
    )  # fmt: skip


def _need(row: Need, *, near: bool = False) -> NeedView:
    return NeedView(
        id=row.id, receiver_id=row.receiver_id, payer_id=row.payer_id,
        kind=ServiceKind(row.kind), words=row.words, place=row.place, building=row.building,
        starts_at=row.starts_at, minutes=row.minutes, origin=Origin(row.origin),
        entered_by=row.entered_by, state=NeedState(row.state), is_near=near,
    )  # fmt: skip


def _offer(row: Offer, *, near: bool) -> OfferView:
    return OfferView(
        id=row.id, giver_id=row.giver_id, kind=ServiceKind(row.kind), words=row.words,
        when_words=row.when_words, building=row.building, minutes=row.minutes,
        state=OfferState(row.state), is_near=near,
    )  # fmt: skip
