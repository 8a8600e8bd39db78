"""Closing a fund's period: only when bank and book agree, softly by one person, then by another."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from community import ledger
from community.kernel import clock
from community.kernel.actor import Actor
from community.kernel.errors import NotAllowed
from community.trust_property import permissions
from community.trust_property.errors.bank import (
    PeriodBlocked,
    SecondPersonNeeded,
    SoftCloseFirst,
)
from community.trust_property.models import PeriodClosing
from community.trust_property.queries.closing import books_of, closing
from community.trust_property.service.fund import load_fund


def close_softly(session: Session, actor: Actor, fund_id: int, ends_on: date) -> None:
    """Close a period softly once bank and book agree and every line is looked at.

    Raises: FundNotFound, PeriodBlocked, PeriodOrder, PeriodNotOver.
    """
    actor.check(permissions.PREPARE.code)
    load_fund(session, actor, fund_id)
    _check_blocks(session, actor, fund_id, ends_on)
    if actor.person_id is None:
        raise NotAllowed
    if _row(session, actor, fund_id, ends_on) is not None:
        raise ledger.PeriodOrder
    for book_id in books_of(session, actor, fund_id):
        ledger.close_period(session, actor, book_id, ends_on)
    session.add(
        PeriodClosing(
            community_id=actor.community_id,
            fund_id=fund_id,
            ends_on=ends_on,
            softly_by=actor.person_id,
            softly_at=clock.now(),
        )
    )
    session.flush()


def close_for_good(session: Session, actor: Actor, fund_id: int, ends_on: date) -> None:
    """Close a softly closed period for good: its balances are sealed in the public log.

    Raises: FundNotFound, SoftCloseFirst, SecondPersonNeeded, PeriodBlocked.
    """
    actor.check(permissions.APPROVE.code)
    load_fund(session, actor, fund_id)
    row = _row(session, actor, fund_id, ends_on)
    if row is None or row.closed_at is not None:
        raise SoftCloseFirst
    if actor.person_id is None:
        raise NotAllowed
    if actor.person_id == row.softly_by:
        raise SecondPersonNeeded
    _check_blocks(session, actor, fund_id, ends_on)
    for book_id in books_of(session, actor, fund_id):
        ledger.close_period(session, actor, book_id, ends_on)
    row.closed_by, row.closed_at = actor.person_id, clock.now()
    session.flush()


def _check_blocks(session: Session, actor: Actor, fund_id: int, ends_on: date) -> None:
    blocks = closing(session, actor, fund_id, ends_on).blocks
    if blocks:
        raise PeriodBlocked(count=len(blocks))


def _row(session: Session, actor: Actor, fund_id: int, ends_on: date) -> PeriodClosing | None:
    return session.scalar(
        select(PeriodClosing).where(
            PeriodClosing.community_id == actor.community_id,
            PeriodClosing.fund_id == fund_id,
            PeriodClosing.ends_on == ends_on,
        )
    )
