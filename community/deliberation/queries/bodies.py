"""Reading bodies, who sits in them on a day, and by which figures they decide."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from community import identity
from community.deliberation.errors.bodies import BodyNotFound
from community.deliberation.models.bodies import Body, BodyMember, BodyRule
from community.deliberation.permissions import READ, SEE
from community.deliberation.rules.bodies import (
    BodyFigures,
    BodyKind,
    Office,
    Side,
    TermPhase,
    term_phase,
)
from community.kernel import clock
from community.kernel.actor import Actor
from community.kernel.masks import mask_name

UNNAMED = "**"


@dataclass(frozen=True, slots=True)
class MemberView:
    """A member's term; `name` is masked for visitors."""

    id: int
    person_id: int
    name: str
    office: Office
    side: Side
    from_on: date
    until_on: date
    phase: TermPhase
    ended_reason: str


@dataclass(frozen=True, slots=True)
class RuleView:
    """A dated set of figures."""

    id: int
    valid_from: date
    adopted_by_words: str
    figures: BodyFigures


@dataclass(frozen=True, slots=True)
class BodyView:
    """A body with the figures that hold today and how many sit in it today."""

    id: int
    kind: BodyKind
    name: str
    term_months: int
    rule: RuleView
    member_count: int
    ending_count: int


def bodies(session: Session, actor: Actor) -> tuple[BodyView, ...]:
    """List the bodies of the community."""
    rows = session.scalars(
        select(Body).where(Body.community_id == actor.community_id).order_by(Body.id)
    )
    return tuple(_view(session, row) for row in rows)


def get_body(session: Session, actor: Actor, body_id: int) -> BodyView:
    """Get a body.

    Raises: BodyNotFound.
    """
    return _view(session, load_body(session, actor.community_id, body_id))


def load_body(session: Session, community_id: int, body_id: int) -> Body:
    """Load a body's row.

    Raises: BodyNotFound.
    """
    row = session.get(Body, body_id)
    if row is None or row.community_id != community_id:
        raise BodyNotFound
    return row


def members_of_body(session: Session, community_id: int, body_id: int, on: date) -> tuple[int, ...]:
    """Give the people who sit in a body on a day; in the owners' meeting, all owners.

    Raises: BodyNotFound.
    """
    row = load_body(session, community_id, body_id)
    if row.kind is BodyKind.OWNERS_MEETING:
        owners = identity.owners(session, community_id, on)
        return tuple(sorted({each.person_id for each in owners if each.person_id is not None}))
    found = session.scalars(
        select(BodyMember.person_id)
        .where(
            BodyMember.community_id == community_id,
            BodyMember.body_id == body_id,
            BodyMember.from_on <= on,
            BodyMember.until_on > on,
        )
        .distinct()
        .order_by(BodyMember.person_id)
    )
    return tuple(found)


def members(session: Session, actor: Actor, body_id: int) -> tuple[MemberView, ...]:
    """List a body's terms, present ones first by office, then those that are over.

    Raises: BodyNotFound.
    """
    load_body(session, actor.community_id, body_id)
    rows = session.scalars(
        select(BodyMember).where(
            BodyMember.community_id == actor.community_id, BodyMember.body_id == body_id
        )
    ).all()
    names = names_for(session, actor, {row.person_id for row in rows})
    today = clock.today()
    views = [
        MemberView(
            row.id,
            row.person_id,
            names.get(row.person_id, UNNAMED),
            row.office,
            row.side,
            row.from_on,
            row.until_on,
            term_phase(row.from_on, row.until_on, today),
            row.ended_reason,
        )
        for row in rows
    ]
    offices = list(Office)
    return tuple(
        sorted(
            views,
            key=lambda one: (one.phase is TermPhase.OVER, offices.index(one.office), one.id),
        )
    )


def ending_terms(session: Session, actor: Actor) -> tuple[tuple[str, MemberView], ...]:
    """List the terms of all bodies that end soon."""
    return tuple(
        (body.name, member)
        for body in bodies(session, actor)
        for member in members(session, actor, body.id)
        if member.phase is TermPhase.ENDING
    )


def rules_of(session: Session, actor: Actor, body_id: int) -> tuple[RuleView, ...]:
    """List a body's dated figures, the newest first.

    Raises: BodyNotFound.
    """
    load_body(session, actor.community_id, body_id)
    rows = session.scalars(
        select(BodyRule)
        .where(BodyRule.community_id == actor.community_id, BodyRule.body_id == body_id)
        .order_by(BodyRule.valid_from.desc())
    )
    return tuple(rule_view(row) for row in rows)


def rule_on(session: Session, community_id: int, body_id: int, on: date) -> RuleView:
    """Get the figures that hold for a body on a day; before the first set, the first."""
    chosen = select(BodyRule).where(
        BodyRule.community_id == community_id, BodyRule.body_id == body_id
    )
    row = session.scalars(
        chosen.where(BodyRule.valid_from <= on).order_by(BodyRule.valid_from.desc()).limit(1)
    ).first()
    if row is None:
        row = session.scalars(chosen.order_by(BodyRule.valid_from).limit(1)).one()
    return rule_view(row)


def get_rule(session: Session, community_id: int, rule_id: int) -> RuleView:
    """Get one set of figures by which something was decided."""
    row = session.get_one(BodyRule, rule_id)
    assert row.community_id == community_id
    return rule_view(row)


def rule_view(row: BodyRule) -> RuleView:
    """Turn a row into what may leave the room."""
    figures = BodyFigures(
        row.notice_days,
        row.quorum_num,
        row.quorum_den,
        row.passing_num,
        row.passing_den,
        row.is_passing_inclusive,
        row.passing_base,
        row.demand_num,
        row.demand_den,
        row.posting_days,
        row.speech_seconds,
        row.speeches_each,
        row.meetings_a_year,
        row.legal_basis,
    )
    return RuleView(row.id, row.valid_from, row.adopted_by_words, figures)


def names_for(session: Session, actor: Actor, ids: set[int]) -> dict[int, str]:
    """Give people's names: whole for members of the community and its desks, else masked."""
    is_whole = actor.may(SEE.code) or actor.may(READ.code)
    found = identity.people(session, actor.community_id, ids)
    return {
        person_id: card.name if is_whole else mask_name(card.name)
        for person_id, card in found.items()
    }


def _view(session: Session, row: Body) -> BodyView:
    today = clock.today()
    terms = session.execute(
        select(BodyMember.from_on, BodyMember.until_on).where(
            BodyMember.community_id == row.community_id, BodyMember.body_id == row.id
        )
    ).all()
    ending = sum(1 for term in terms if term_phase(term[0], term[1], today) is TermPhase.ENDING)
    return BodyView(
        row.id,
        row.kind,
        row.name,
        row.term_months,
        rule_on(session, row.community_id, row.id, today),
        len(members_of_body(session, row.community_id, row.id, today)),
        ending,
    )


def export_terms(session: Session, community_id: int, person_id: int) -> dict[str, Any]:
    """Give a person's own terms in bodies, as plain JSON values."""
    rows = session.execute(
        select(BodyMember, Body.name)
        .join(Body, Body.id == BodyMember.body_id)
        .where(BodyMember.community_id == community_id, BodyMember.person_id == person_id)
        .order_by(BodyMember.id)
    )
    return {
        "body_terms": [
            {
                "body": name,
                "office": row.office.value,
                "from_on": row.from_on.isoformat(),
                "until_on": row.until_on.isoformat(),
            }
            for row, name in rows
        ]
    }


def officer_of(
    session: Session, community_id: int, body_id: int, office: Office, on: date
) -> int | None:
    """Find who holds an office of a body on a day."""
    found: int | None = session.scalar(
        select(BodyMember.person_id)
        .where(
            BodyMember.community_id == community_id,
            BodyMember.body_id == body_id,
            BodyMember.office == office,
            BodyMember.from_on <= on,
            BodyMember.until_on > on,
        )
        .order_by(BodyMember.id)
        .limit(1)
    )
    return found
