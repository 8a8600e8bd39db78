"""Jurors by lot: residents put themselves forward, and a seed nobody knows yet picks among them."""

from __future__ import annotations

from collections import Counter

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from community import identity
from community.kernel import clock, ids
from community.kernel.actor import Actor
from community.kernel.errors import NotFound
from community.kernel.sentences import say
from community.micro_projects import permissions
from community.micro_projects.errors.panels import LotNotFound
from community.micro_projects.errors.venture import (
    JuryListRuns,
    KindFull,
    OffersClosed,
    OffersTooFew,
)
from community.micro_projects.models import JuryOffer, VentureCall
from community.micro_projects.queries.venture_jury import jury_gaps, jury_rows
from community.micro_projects.queries.venture_lots import jury_lot, offers_of
from community.micro_projects.rules.panels import (
    SALT_BYTES,
    SEAT_KIND_TITLES,
    Candidate,
    LotPurpose,
    SeatKind,
)
from community.micro_projects.rules.venture_calls import CallState
from community.micro_projects.service.moving import own_id
from community.micro_projects.service.panels import fill_lot
from community.micro_projects.service.tender_lots import (
    ListedLine,
    SeedPlan,
    claim_seed,
    load_lot,
    publish_list,
)
from community.micro_projects.service.venture_jury import find_call_bars
from community.micro_projects.service.venture_steps import lock_at, lock_call


def offer_to_judge(session: Session, actor: Actor, call_id: int) -> None:
    """Put oneself forward as a juror; offering twice counts once.

    Raises: CallNotFound, OffersClosed.
    """
    actor.check(permissions.PROPOSE.code)
    call = _taking_offers(session, actor, call_id)
    person = own_id(actor)
    if actor.on_behalf_of is not None or not _may_judge(session, actor, person):
        raise OffersClosed
    known = session.scalar(
        select(JuryOffer.id).where(JuryOffer.call_id == call.id, JuryOffer.person_id == person)
    )
    if known is None:
        session.add(
            JuryOffer(
                community_id=call.community_id,
                call_id=call.id,
                person_id=person,
                offered_at=clock.now(),
            )
        )
        session.flush()


def take_offer_back(session: Session, actor: Actor, call_id: int) -> None:
    """Take one's offer back, as long as no list was made of them.

    Raises: CallNotFound, OffersClosed.
    """
    actor.check(permissions.PROPOSE.code)
    call = _taking_offers(session, actor, call_id)
    session.execute(
        delete(JuryOffer)
        .where(
            JuryOffer.community_id == call.community_id,
            JuryOffer.call_id == call.id,
            JuryOffer.person_id == own_id(actor),
        )
        .execution_options(synchronize_session=False)
    )


def publish_jury_list(session: Session, actor: Actor, call_id: int, plan: SeedPlan) -> int:
    """Publish the hash of who may be drawn for the residents' empty seats; gives the lot.

    Whoever may not judge the call is left out first, and counted by reason; too few are refused.
    Raises: CallNotFound, CallStateWrong, JuryListRuns, KindFull, OffersTooFew, LotSeedKnown,
    LotSeedWanted.
    """
    actor.check(permissions.KEEP_CALLS.code)
    call = lock_at(session, actor, call_id, CallState.JUDGING)
    if jury_lot(session, call) is not None:
        raise JuryListRuns
    seats = jury_gaps(session, call)[SeatKind.RESIDENT]
    if seats <= 0:
        raise KindFull(kind=say(SEAT_KIND_TITLES[SeatKind.RESIDENT]))
    barred = find_call_bars(session, call)
    sat = {row.person_id for row in jury_rows(session, call)}
    willing = [
        person
        for person in offers_of(session, call)
        if person not in sat and _may_judge(session, actor, person)
    ]
    found = [person for person in willing if person not in barred]
    if len(found) < seats:
        raise OffersTooFew(count=len(found), seats=seats)
    counted = Counter(barred[person].value for person in willing if person in barred)
    lines = [
        ListedLine(Candidate(ids.random_code(SALT_BYTES), SeatKind.RESIDENT).line, person_id=person)
        for person in found
    ]
    lot = publish_list(
        session, actor, None, LotPurpose.JURY, lines, plan, (seats, 0), counted, call_id=call.id
    )
    return lot.id


def draw_jury(session: Session, actor: Actor, lot_id: int, number: str = "") -> int:
    """Draw the residents' seats by the announced seed and tell the jurors; gives how many sit.

    Raises: LotNotFound, CallStateWrong, LotDrawn, LotSeedNotYet, LotNoCheckpoint, LotSeedWanted.
    """
    actor.check(permissions.KEEP_CALLS.code)
    lot = load_lot(session, actor, lot_id)
    if lot.call_id is None:
        raise LotNotFound
    lock_at(session, actor, lot.call_id, CallState.JUDGING)
    claim_seed(session, actor, lot, number)
    return fill_lot(session, actor, lot, 1)


def _taking_offers(session: Session, actor: Actor, call_id: int) -> VentureCall:
    call = lock_call(session, actor, call_id)
    is_early = call.state in {CallState.OPEN, CallState.JUDGING}
    if not is_early or jury_lot(session, call) is not None:
        raise OffersClosed
    return call


def _may_judge(session: Session, actor: Actor, person_id: int) -> bool:
    """Tell whether somebody is a living, adult member of the community."""
    try:
        card = identity.get_person(session, actor.community_id, person_id)
    except NotFound:
        return False
    return not (card.is_minor or card.has_left or card.died_on is not None)
