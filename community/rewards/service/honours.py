"""Commands of honours: define, propose, consent, decide."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from community import identity, notices
from community.kernel import clock, db
from community.kernel.actor import Actor
from community.kernel.errors import N_
from community.kernel.sentences import say
from community.rewards import permissions
from community.rewards.errors import (
    BelowThreshold,
    HonourDecided,
    HonourKindKnown,
    HonourNotFound,
    ProposedAlready,
    SecondPersonNeeded,
)
from community.rewards.models import Honour, HonourKind
from community.rewards.queries.honours import figures_of
from community.rewards.rules.honours import (
    HONOUR_STEPS,
    HONOUR_TITLES,
    HonouredSubject,
    HonourState,
    is_eligible,
)
from community.rewards.rules.owners import household_owner, person_owner


@dataclass(frozen=True, slots=True)
class HonourDraft:
    """An honour of a year: who it is for and what the books must show (minutes, points)."""

    name: str
    year: int
    subject: HonouredSubject
    least_minutes: int
    least_points: int
    words: str = ""


def add_honour_kind(session: Session, actor: Actor, draft: HonourDraft) -> int:
    """Define an honour of a year, such as 最美家庭 2026.

    Raises: HonourKindKnown.
    """
    actor.check(permissions.HONOURS.code)
    known = session.scalar(
        select(HonourKind.id).where(
            HonourKind.community_id == actor.community_id,
            HonourKind.year == draft.year,
            HonourKind.name == draft.name,
        )
    )
    if known is not None:
        raise HonourKindKnown(year=draft.year, name=draft.name)
    row = HonourKind(
        community_id=actor.community_id,
        name=draft.name,
        year=draft.year,
        subject=draft.subject,
        least_minutes=draft.least_minutes,
        least_points=draft.least_points,
        words=draft.words,
        made_at=clock.now(),
        made_by=actor.person_id,
    )
    session.add(row)
    session.flush()
    return row.id


def propose_honour(session: Session, actor: Actor, kind_id: int, person_id: int) -> int:
    """Propose a person, or the household of a person, and ask that person for consent.

    The figures are read from the books in this very transaction and stay with the proposal.
    Raises: HonourNotFound, NotFound, BelowThreshold, ProposedAlready.
    """
    actor.check(permissions.HONOURS.code)
    kind = _kind(session, actor, kind_id)
    person = identity.get_person(session, actor.community_id, person_id)
    household_id = None
    owner = person_owner(person.id)
    if kind.subject is HonouredSubject.HOUSEHOLD:
        household_id = person.household_id
        if household_id is None:
            raise HonourNotFound
        owner = household_owner(household_id)
    minutes, points = figures_of(session, actor.community_id, kind.year, owner)
    if not is_eligible(minutes, points, kind.least_minutes, kind.least_points):
        raise BelowThreshold(honour=kind.name)
    if session.scalar(
        select(Honour.id).where(
            Honour.community_id == actor.community_id,
            Honour.kind_id == kind.id,
            Honour.owner == owner,
        )
    ):
        raise ProposedAlready
    row = Honour(
        community_id=actor.community_id,
        kind_id=kind.id,
        owner=owner,
        person_id=person.id,
        household_id=household_id,
        served_minutes=minutes,
        earned_points=points,
        state=HonourState.PROPOSED,
        proposed_at=clock.now(),
        proposed_by=actor.person_id,
    )
    session.add(row)
    session.flush()
    _tell_proposed(session, actor, kind, person.id)
    return row.id


def _tell_proposed(session: Session, actor: Actor, kind: HonourKind, person_id: int) -> None:
    notices.send(
        session,
        actor,
        person_id,
        say(N_("您被提名了")),
        say(
            N_("社区提名您为“{year} 年{name}”。请在“我的荣誉”里选择是否愿意公开展示，或谢绝提名。"),
            year=kind.year,
            name=kind.name,
        ),
    )


def answer_honour(
    session: Session,
    actor: Actor,
    honour_id: int,
    is_shown: bool,
) -> None:
    """Let the honoured one consent to be shown, or take that consent back at any time.

    Raises: HonourNotFound for anybody else.
    """
    row = _own(session, actor, honour_id)
    row.consented_at = clock.now() if is_shown else None
    row.consented_by = actor.person_id if is_shown else None


def decline_honour(session: Session, actor: Actor, honour_id: int) -> None:
    """Let the proposed one decline.

    Raises: HonourNotFound for anybody else; HonourDecided.
    """
    row = _own(session, actor, honour_id)
    _decide(session, row, HonourState.DECLINED, consented_at=None, consented_by=None)


def decide_honour(
    session: Session,
    actor: Actor,
    honour_id: int,
    is_approved: bool,
    reason: str = "",
) -> None:
    """Approve or reject a proposal; never by the one who made it.

    Raises: HonourNotFound, HonourDecided, SecondPersonNeeded.
    """
    actor.check(permissions.HONOURS.code)
    row = session.get(Honour, honour_id)
    if row is None or row.community_id != actor.community_id:
        raise HonourNotFound
    if actor.person_id == row.proposed_by:
        raise SecondPersonNeeded
    kind = session.get_one(HonourKind, row.kind_id)
    if not is_approved:
        _decide(session, row, HonourState.REJECTED, reason=reason)
        return
    number = f"{kind.year}-{_count_approved(session, actor, kind.year) + 1:04d}"
    _decide(
        session,
        row,
        HonourState.APPROVED,
        approved_by=actor.person_id,
        reason=reason,
        certificate_number=number,
    )
    notices.send(
        session,
        actor,
        row.person_id,
        say(N_("荣誉已授予")),
        say(
            N_("祝贺！社区授予您“{year} 年{name}”，证书在“我的荣誉”里。"),
            year=kind.year,
            name=kind.name,
        ),
    )


def _kind(session: Session, actor: Actor, kind_id: int) -> HonourKind:
    row = session.get(HonourKind, kind_id)
    if row is None or row.community_id != actor.community_id:
        raise HonourNotFound
    return row


def _own(session: Session, actor: Actor, honour_id: int) -> Honour:
    row = session.get(Honour, honour_id)
    if row is None or row.community_id != actor.community_id:
        raise HonourNotFound
    if actor.subject_id is None or row.person_id != actor.subject_id:
        raise HonourNotFound
    return row


def _count_approved(session: Session, actor: Actor, year: int) -> int:
    return int(
        session.scalar(
            select(func.count())
            .select_from(Honour)
            .where(
                Honour.community_id == actor.community_id,
                Honour.certificate_number.like(f"{year}-%"),
            )
        )
        or 0
    )


def _decide(session: Session, row: Honour, target: HonourState, **changes: object) -> None:
    if target not in HONOUR_STEPS[row.state]:
        raise HonourDecided(state=HONOUR_TITLES[row.state])
    done = db.change(
        session,
        update(Honour)
        .where(
            Honour.community_id == row.community_id,
            Honour.id == row.id,
            Honour.state == row.state,
        )
        .values(state=target, decided_at=clock.now(), **changes),
    )
    if done != 1:
        raise HonourDecided(state=HONOUR_TITLES[target])
    session.refresh(row)
