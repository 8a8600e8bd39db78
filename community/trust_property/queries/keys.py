"""Reading who holds which key of a fund, now and before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from community import identity
from community.kernel import clock
from community.kernel.actor import Actor
from community.trust_property.models import KeyHolder
from community.trust_property.queries.fund import get_fund
from community.trust_property.rules.keys import Holding, KeySide, working_key


@dataclass(frozen=True, slots=True)
class HolderView:
    """A key holder as the desk shows one; `works` tells whether the key turns now."""

    id: int
    person_id: int
    name: str
    side: KeySide
    deputy_for: str
    from_at: datetime
    until_at: datetime | None
    reference: str
    works: bool
    is_over: bool


def holdings(session: Session, community_id: int, fund_id: int) -> tuple[Holding, ...]:
    """List all holdings of a fund's keys, past ones too, as the rules read them."""
    rows = session.scalars(
        select(KeyHolder)
        .where(KeyHolder.community_id == community_id, KeyHolder.fund_id == fund_id)
        .order_by(KeyHolder.id)
    )
    return tuple(
        Holding(row.id, row.person_id, row.side, row.from_at, row.until_at, row.deputy_for_id)
        for row in rows
    )


def key_holders(session: Session, actor: Actor, fund_id: int) -> tuple[HolderView, ...]:
    """List a fund's key holders, those in force first.

    Raises: FundNotFound.
    """
    get_fund(session, actor, fund_id)
    rows = session.scalars(
        select(KeyHolder)
        .where(KeyHolder.community_id == actor.community_id, KeyHolder.fund_id == fund_id)
        .order_by(KeyHolder.id)
    ).all()
    names = identity.people(session, actor.community_id, {row.person_id for row in rows})
    held = holdings(session, actor.community_id, fund_id)
    now = clock.now()
    by_id = {row.id: row for row in rows}

    def name(person_id: int) -> str:
        return names[person_id].name if person_id in names else ""

    found = []
    for row in rows:
        key = working_key(held, row.person_id, now)
        absent = by_id.get(row.deputy_for_id) if row.deputy_for_id is not None else None
        found.append(
            HolderView(
                row.id,
                row.person_id,
                name(row.person_id),
                row.side,
                "" if absent is None else name(absent.person_id),
                row.from_at,
                row.until_at,
                row.reference,
                key is not None and key.id == row.id,
                row.until_at is not None and row.until_at <= now,
            )
        )
    return tuple(sorted(found, key=lambda each: (each.is_over, each.side.value, each.id)))


def find_key(session: Session, actor: Actor, fund_id: int) -> KeySide | None:
    """Find which key the actor turns in a fund now."""
    if actor.person_id is None:
        return None
    held = holdings(session, actor.community_id, fund_id)
    key = working_key(held, actor.person_id, clock.now())
    return None if key is None else key.side
