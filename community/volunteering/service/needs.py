"""Needs and offers of the time bank: put in by oneself, by a helper, or by phone at the desk."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from community import identity
from community.kernel import clock
from community.kernel.actor import Actor
from community.kernel.errors import NotAllowed, NotFound
from community.volunteering import permissions
from community.volunteering.errors.time_bank import (
    NeedTaken,
    NotASpouse,
    NotOldEnough,
    OfferClosed,
    StartsInThePast,
    TimeBankClosed,
    TooLong,
)
from community.volunteering.models import Need, Offer
from community.volunteering.rules.kinds import ServiceKind
from community.volunteering.rules.rule_sets import TimeBankRule
from community.volunteering.rules.time_bank import (
    NeedState,
    OfferState,
    Origin,
    Purse,
    age_on,
    choose_purse,
    may_redeem,
)
from community.volunteering.service.rule_sets import rule_set_for


@dataclass(frozen=True, slots=True)
class NeedDraft:
    """What is needed; `payer_id` None lets the receiver's own coins pay."""

    receiver_id: int
    kind: ServiceKind
    words: str
    place: str
    starts_at: datetime
    minutes: int
    payer_id: int | None = None


@dataclass(frozen=True, slots=True)
class OfferDraft:
    """What somebody is willing to do and when, in words."""

    giver_id: int
    kind: ServiceKind
    words: str
    when_words: str
    minutes: int


def open_need(session: Session, actor: Actor, draft: NeedDraft) -> int:
    """Put in a need for oneself, for whom one helps (代办), or at the desk for anybody.

    Raises: NotAllowed, NotFound, TimeBankClosed, StartsInThePast, TooLong, NotOldEnough,
    NotASpouse.
    """
    origin = origin_of(actor, draft.receiver_id)
    receiver = identity.get_person(session, actor.community_id, draft.receiver_id)
    rule = open_bank(session, actor)
    if draft.starts_at <= clock.now():
        raise StartsInThePast
    if draft.minutes > rule.longest_minutes:
        raise TooLong(hours=rule.longest_minutes // 60)
    _check_redeeming(session, actor, rule, draft, receiver)
    row = Need(
        community_id=actor.community_id, receiver_id=draft.receiver_id,
        payer_id=draft.payer_id or draft.receiver_id, kind=draft.kind, words=draft.words,
        place=draft.place, building=receiver.building, starts_at=draft.starts_at,
        minutes=draft.minutes, origin=origin, entered_by=actor.person_id,
        entered_at=clock.now(), state=NeedState.OPEN,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row.id


def cancel_need(session: Session, actor: Actor, need_id: int, reason: str) -> None:
    """Withdraw a need that nobody has accepted yet.

    Raises: NotFound, NotAllowed, NeedTaken.
    """
    row = get_need(session, actor, need_id)
    origin_of(actor, row.receiver_id)
    claim_need(session, row, NeedState.OPEN, NeedState.CANCELLED)
    row.closed_because = reason


def open_offer(session: Session, actor: Actor, draft: OfferDraft) -> int:
    """Say what one is willing to do, oneself or through the desk.

    Raises: NotAllowed, NotFound, TimeBankClosed, TooLong.
    """
    origin = origin_of(actor, draft.giver_id)
    giver = identity.get_person(session, actor.community_id, draft.giver_id)
    rule = open_bank(session, actor)
    if draft.minutes > rule.longest_minutes:
        raise TooLong(hours=rule.longest_minutes // 60)
    row = Offer(
        community_id=actor.community_id, giver_id=draft.giver_id, kind=draft.kind,
        words=draft.words, when_words=draft.when_words, building=giver.building,
        minutes=draft.minutes, origin=origin, entered_by=actor.person_id,
        entered_at=clock.now(), state=OfferState.OPEN,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row.id


def close_offer(session: Session, actor: Actor, offer_id: int) -> None:
    """Stop offering.

    Raises: NotFound, NotAllowed, OfferClosed.
    """
    row = session.get(Offer, offer_id)
    if row is None or row.community_id != actor.community_id:
        raise NotFound
    origin_of(actor, row.giver_id)
    if row.state != OfferState.OPEN:
        raise OfferClosed
    row.state = OfferState.CLOSED


def origin_of(actor: Actor, subject_id: int) -> Origin:
    """Tell how an act for somebody reaches us, refusing those who may not act for them.

    Raises: NotAllowed.
    """
    if actor.subject_id == subject_id and actor.may(permissions.TIME_BANK.code):
        return Origin.ASSISTED if actor.on_behalf_of is not None else Origin.SELF
    if actor.may(permissions.TIME_DESK.code) and actor.on_behalf_of is None:
        return Origin.DESK
    raise NotAllowed


def open_bank(session: Session, actor: Actor) -> TimeBankRule:
    """Give the time bank's rule of today.

    Raises: TimeBankClosed.
    """
    rule = rule_set_for(session, actor, clock.today()).rules.time_bank
    if not rule.is_open:
        raise TimeBankClosed
    return rule


def get_need(session: Session, actor: Actor, need_id: int) -> Need:
    """Load a need of the actor's community.

    Raises: NotFound.
    """
    row = session.get(Need, need_id)
    if row is None or row.community_id != actor.community_id:
        raise NotFound
    return row


def claim_need(session: Session, row: Need, before: NeedState, after: NeedState) -> None:
    """Move a need from the state that was read; of two at once one is refused.

    Raises: NeedTaken.
    """
    claimed = session.execute(
        update(Need)
        .where(Need.community_id == row.community_id, Need.id == row.id, Need.state == before)
        .values(state=after)
    )
    if claimed.rowcount != 1:  # type: ignore[attr-defined]  # a CursorResult
        raise NeedTaken
    session.refresh(row)


def _check_redeeming(
    session: Session,
    actor: Actor,
    rule: TimeBankRule,
    draft: NeedDraft,
    receiver: identity.PersonCard,
) -> None:
    age = age_on(receiver.birth_year, clock.today())
    if draft.payer_id is not None and draft.payer_id != draft.receiver_id:
        spouse = identity.spouse_of(session, actor.community_id, draft.receiver_id)
        if not rule.may_redeem_for_spouse or spouse != draft.payer_id:
            raise NotASpouse
        payer = identity.get_person(session, actor.community_id, draft.payer_id)
        age = age_on(payer.birth_year, clock.today())
    if choose_purse(rule, age) is Purse.RECEIVER and not may_redeem(rule, age):
        raise NotOldEnough(age=rule.redeem_from_age)
