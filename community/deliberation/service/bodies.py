"""Commands about bodies: found one, change its figures, seat members and end terms."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from community import identity
from community.deliberation.errors.bodies import (
    AlreadyMember,
    BodyNameTaken,
    BodyNotFound,
    OwnersAreMembers,
    RulesFromPast,
    RulesSameDay,
    TermOver,
)
from community.deliberation.models.bodies import Body, BodyMember, BodyRule
from community.deliberation.permissions import CONVENE
from community.deliberation.queries.bodies import load_body
from community.deliberation.rules.bodies import (
    PRESETS,
    BodyFigures,
    BodyKind,
    Office,
    Side,
    check_figures,
    check_term,
)
from community.kernel import clock
from community.kernel.actor import Actor


def found_body(
    session: Session, actor: Actor, kind: BodyKind, name: str, term_months: int = 36
) -> int:
    """Found a body with the usual figures of its kind; gives its id.

    Raises: NotAllowed, BodyNameTaken.
    """
    actor.check(CONVENE.code)
    same_name = select(Body.id).where(Body.community_id == actor.community_id, Body.name == name)
    if session.scalar(same_name) is not None:
        raise BodyNameTaken
    row = Body(
        community_id=actor.community_id,
        kind=kind,
        name=name,
        term_months=term_months,
        made_by=actor.person_id,
        made_at=clock.now(),
    )
    session.add(row)
    session.flush()
    _add_rule(session, actor, row.id, clock.today(), PRESETS[kind], "")
    return row.id


def set_body_rule(
    session: Session,
    actor: Actor,
    body_id: int,
    valid_from: date,
    figures: BodyFigures,
    adopted_by_words: str,
) -> int:
    """Let a new set of figures hold from a day on; `adopted_by_words` names what adopted it.

    Raises: NotAllowed, BodyNotFound, FiguresUnclear, RulesFromPast, RulesSameDay.
    """
    actor.check(CONVENE.code)
    load_body(session, actor.community_id, body_id)
    check_figures(figures)
    if valid_from < clock.today():
        raise RulesFromPast
    same_day = select(BodyRule.id).where(
        BodyRule.community_id == actor.community_id,
        BodyRule.body_id == body_id,
        BodyRule.valid_from == valid_from,
    )
    if session.scalar(same_day) is not None:
        raise RulesSameDay
    return _add_rule(session, actor, body_id, valid_from, figures, adopted_by_words)


def seat_member(
    session: Session,
    actor: Actor,
    body_id: int,
    person_id: int,
    office: Office,
    from_on: date,
    until_on: date,
    side: Side = Side.RESIDENTS,
) -> int:
    """Let somebody sit in a body for a term, from a day to before another; gives the term's id.

    Raises: NotAllowed, BodyNotFound, OwnersAreMembers, TermReversed, NotFound for somebody
    outside the community, AlreadyMember.
    """
    actor.check(CONVENE.code)
    body = load_body(session, actor.community_id, body_id)
    if body.kind is BodyKind.OWNERS_MEETING and office is Office.MEMBER:
        raise OwnersAreMembers
    check_term(from_on, until_on)
    card = identity.get_person(session, actor.community_id, person_id)
    overlapping = select(BodyMember.id).where(
        BodyMember.community_id == actor.community_id,
        BodyMember.body_id == body_id,
        BodyMember.person_id == person_id,
        BodyMember.from_on < until_on,
        BodyMember.until_on > from_on,
    )
    if session.scalar(overlapping) is not None:
        raise AlreadyMember(name=card.name)
    row = BodyMember(
        community_id=actor.community_id,
        body_id=body_id,
        person_id=person_id,
        office=office,
        side=side,
        from_on=from_on,
        until_on=until_on,
        added_by=actor.person_id,
        added_at=clock.now(),
    )
    session.add(row)
    session.flush()
    return row.id


def end_term(session: Session, actor: Actor, body_id: int, member_id: int, reason: str) -> None:
    """End a member's term today, with the reason everybody reads.

    Raises: NotAllowed, BodyNotFound, TermOver.
    """
    actor.check(CONVENE.code)
    row = session.get(BodyMember, member_id)
    if row is None or (row.community_id, row.body_id) != (actor.community_id, body_id):
        raise BodyNotFound
    today = clock.today()
    if row.until_on <= today:
        raise TermOver
    row.until_on, row.ended_reason = max(today, row.from_on), reason


def end_terms_of(session: Session, actor: Actor, person_id: int) -> None:
    """End today all terms of somebody who was erased."""
    today = clock.today()
    rows = session.scalars(
        select(BodyMember).where(
            BodyMember.community_id == actor.community_id,
            BodyMember.person_id == person_id,
            BodyMember.until_on > today,
        )
    )
    for row in rows:
        row.until_on = max(today, row.from_on)
    session.flush()


def move_terms(session: Session, actor: Actor, kept_id: int, merged_id: int) -> None:
    """Let terms be those of the one row kept of two; a term held twice stays where it is."""
    chosen = select(BodyMember.body_id, BodyMember.from_on).where(
        BodyMember.community_id == actor.community_id, BodyMember.person_id == kept_id
    )
    held = {(body_id, from_on) for body_id, from_on in session.execute(chosen)}
    rows = session.scalars(
        select(BodyMember).where(
            BodyMember.community_id == actor.community_id, BodyMember.person_id == merged_id
        )
    )
    for row in rows:
        if (row.body_id, row.from_on) not in held:
            row.person_id = kept_id
    session.flush()


def _add_rule(
    session: Session,
    actor: Actor,
    body_id: int,
    valid_from: date,
    figures: BodyFigures,
    adopted_by_words: str,
) -> int:
    row = BodyRule(
        community_id=actor.community_id,
        body_id=body_id,
        valid_from=valid_from,
        adopted_by_words=adopted_by_words,
        legal_basis=figures.legal_basis,
        notice_days=figures.notice_days,
        quorum_num=figures.quorum_num,
        quorum_den=figures.quorum_den,
        passing_num=figures.passing_num,
        passing_den=figures.passing_den,
        is_passing_inclusive=figures.is_passing_inclusive,
        passing_base=figures.passing_base,
        demand_num=figures.demand_num,
        demand_den=figures.demand_den,
        posting_days=figures.posting_days,
        speech_seconds=figures.speech_seconds,
        speeches_each=figures.speeches_each,
        meetings_a_year=figures.meetings_a_year,
        made_by=actor.person_id,
        made_at=clock.now(),
    )
    session.add(row)
    session.flush()
    return row.id
