"""What a call's desk shows beside the call itself: the jury's gaps, the pool, the notice."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from community import identity
from community.kernel.actor import Actor
from community.micro_projects import permissions
from community.micro_projects.errors.venture import CallNotFound
from community.micro_projects.models import Evaluator, VentureCall
from community.micro_projects.queries.notice_standing import NoticeStanding, standing_of
from community.micro_projects.queries.venture_jury import jury_gaps, jury_rows, jury_unsigned
from community.micro_projects.rules.panels import SeatKind
from community.micro_projects.rules.venture_calls import CallState, call_subject


@dataclass(frozen=True, slots=True)
class PoolMember:
    """Somebody of the pool who could still be seated."""

    person_id: int
    name: str
    kind: SeatKind
    field: str


@dataclass(frozen=True, slots=True)
class CallDesk:
    """What is still to be done for a call's jury, and how the notice of its choice stands."""

    gaps: dict[SeatKind, int]
    unsigned: int
    pool: tuple[PoolMember, ...]
    standing: NoticeStanding | None


def desk_of(session: Session, actor: Actor, call_id: int) -> CallDesk:
    """Give what the desk of a call needs.

    Raises: CallNotFound.
    """
    actor.check(permissions.READ.code)
    here = actor.community_id
    call = session.get(VentureCall, call_id)
    if call is None or call.community_id != here:
        raise CallNotFound
    gaps = jury_gaps(session, call)
    seated = {row.person_id for row in jury_rows(session, call)}
    is_judging = call.state is CallState.JUDGING
    pool = _pool(session, here, gaps, seated) if is_judging else ()
    standing = standing_of(session, here, call_subject(call.id))
    return CallDesk(gaps, jury_unsigned(session, call), pool, standing)


def _pool(
    session: Session, community_id: int, gaps: dict[SeatKind, int], seated: set[int]
) -> tuple[PoolMember, ...]:
    rows = session.scalars(
        select(Evaluator)
        .where(Evaluator.community_id == community_id, Evaluator.left_at.is_(None))
        .order_by(Evaluator.kind, Evaluator.id)
    ).all()
    cards = identity.people(session, community_id, {row.person_id for row in rows})
    return tuple(
        PoolMember(row.person_id, cards[row.person_id].name, row.kind, row.field)
        for row in rows
        if gaps[row.kind] > 0 and row.person_id not in seated and row.person_id in cards
    )
