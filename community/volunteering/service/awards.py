"""Awards of points for good deeds: a reason, a limit, and a second person above it.

What somebody votes never earns anything; attending a meeting may.
"""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import update
from sqlalchemy.orm import Session

from community import identity
from community.kernel import clock
from community.kernel.actor import Actor
from community.kernel.errors import N_, NotFound
from community.kernel.sentences import say
from community.volunteering import permissions
from community.volunteering.errors.points import (
    AlreadyDecided,
    DeedNotYet,
    DeedTooOld,
    OwnHousehold,
    SecondPersonNeeded,
)
from community.volunteering.models import GoodDeed
from community.volunteering.queries.points import first_key_points, standing_earnings
from community.volunteering.queries.rule_sets import get_rule_set
from community.volunteering.rules.kinds import DeedKind
from community.volunteering.rules.points import Book, DeedState, Source, person_owner
from community.volunteering.service.points import Claim, earn_points, reverse_earning
from community.volunteering.service.rule_sets import rule_set_for
from community.volunteering.service.telling import tell

OLDEST_DAYS = 60
SPLITTING_DAYS = 30


def propose_deed(
    session: Session,
    actor: Actor,
    person_id: int,
    kind: DeedKind,
    happened_on: date,
    points: int,
    reason: str,
) -> int:
    """Put a good deed forward; up to the limit it is granted at once, above it waits.

    What the same proposer already gave that person alone in 30 days counts towards the limit.

    Raises: NotFound, OwnHousehold, DeedNotYet, DeedTooOld.
    """
    actor.check(permissions.AWARD.code)
    identity.get_person(session, actor.community_id, person_id)
    proposer = check_not_own_household(session, actor, person_id)
    today = clock.today()
    if happened_on > today:
        raise DeedNotYet
    if happened_on < today - timedelta(days=OLDEST_DAYS):
        raise DeedTooOld(days=OLDEST_DAYS)
    adopted = rule_set_for(session, actor, today)
    since = clock.now() - timedelta(days=SPLITTING_DAYS)
    alone = first_key_points(session, actor.community_id, proposer, person_id, since)
    row = GoodDeed(
        community_id=actor.community_id, person_id=person_id, kind=kind,
        happened_on=happened_on, reason=reason, points=points, rule_set_id=adopted.id,
        needs_second=alone + points > adopted.rules.points.award_limit,
        state=DeedState.PROPOSED, proposed_by=proposer, proposed_at=clock.now(),
    )  # fmt: skip
    session.add(row)
    session.flush()
    if not row.needs_second:
        row.state = DeedState.GRANTED
        _grant(session, actor, row)
    return row.id


def approve_deed(session: Session, actor: Actor, deed_id: int) -> None:
    """Grant a deed as the second person, never for the own household.

    Raises: NotFound, SecondPersonNeeded, OwnHousehold, AlreadyDecided.
    """
    actor.check(permissions.APPROVE.code)
    row = _decide(session, actor, deed_id, DeedState.GRANTED, "")
    _grant(session, actor, row)


def refuse_deed(session: Session, actor: Actor, deed_id: int, answer: str) -> None:
    """Refuse a deed with a reason, as the second person.

    Raises: NotFound, SecondPersonNeeded, OwnHousehold, AlreadyDecided.
    """
    actor.check(permissions.APPROVE.code)
    _decide(session, actor, deed_id, DeedState.REFUSED, answer)


def reverse_deed(session: Session, actor: Actor, deed_id: int, reason: str) -> None:
    """Take a granted award back by reversal, because it was a mistake.

    Raises: NotFound, OwnHousehold, AlreadyDecided.
    """
    actor.check(permissions.APPROVE.code)
    row = _get(session, actor, deed_id)
    check_not_own_household(session, actor, row.person_id)
    _claim(session, row, DeedState.GRANTED, DeedState.REVERSED)
    row.answer = reason
    for earning in standing_earnings(session, actor.community_id, Source.DEED, row.id):
        reverse_earning(session, actor, earning, reason)


def check_not_own_household(session: Session, actor: Actor, person_id: int) -> int:
    """Refuse somebody who would favour themselves or their household; give who acts.

    Raises: OwnHousehold.
    """
    mine = actor.person_id
    assert mine is not None, "a person decides, never the product"
    involved = {mine, actor.subject_id or mine}
    for each in involved:
        if each == person_id or identity.share_household(
            session, actor.community_id, each, person_id
        ):
            raise OwnHousehold
    return mine


def _decide(
    session: Session, actor: Actor, deed_id: int, state: DeedState, answer: str
) -> GoodDeed:
    row = _get(session, actor, deed_id)
    decider = check_not_own_household(session, actor, row.person_id)
    if decider == row.proposed_by:
        raise SecondPersonNeeded
    _claim(session, row, DeedState.PROPOSED, state, decider)
    row.answer = answer
    return row


def _claim(
    session: Session, row: GoodDeed, before: DeedState, after: DeedState, decider: int | None = None
) -> None:
    values: dict[str, object] = {"state": after}
    if decider is not None:
        values |= {"decided_by": decider, "decided_at": clock.now()}
    claimed = session.execute(
        update(GoodDeed)
        .where(
            GoodDeed.community_id == row.community_id,
            GoodDeed.id == row.id,
            GoodDeed.state == before,
        )
        .values(**values)
    )
    if claimed.rowcount != 1:  # type: ignore[attr-defined]  # a CursorResult
        raise AlreadyDecided
    session.refresh(row)


def _get(session: Session, actor: Actor, deed_id: int) -> GoodDeed:
    row = session.get(GoodDeed, deed_id)
    if row is None or row.community_id != actor.community_id:
        raise NotFound
    return row


def _grant(session: Session, actor: Actor, row: GoodDeed) -> None:
    rules = get_rule_set(session, row.community_id, row.rule_set_id).rules
    claim = Claim(
        book=Book.POINTS, source=Source.DEED, source_id=row.id,
        owner=person_owner(row.person_id), title=row.reason, rule_set_id=row.rule_set_id,
        served_on=row.happened_on, person_id=row.person_id,
    )  # fmt: skip
    earn_points(session, actor, claim, row.points, row.points, rules)
    told = say(N_("{reason}，得到 {points} 分。谢谢您。"), reason=row.reason, points=row.points)
    tell(session, actor, row.person_id, say(N_("您得到社区奖励")), told, "/my/points")
