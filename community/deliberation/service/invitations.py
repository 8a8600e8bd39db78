"""Commands after a draw: accept, decline, let lapse, invite the next, seat the panel."""

from __future__ import annotations

from sqlalchemy import CursorResult, func, select, update
from sqlalchemy.orm import Session

from community.deliberation import permissions
from community.deliberation.errors.panels import (
    AnswerNotLate,
    InvitationAnswered,
    NotInvited,
    NotListed,
    SeatsOpen,
    SeatsTaken,
)
from community.deliberation.models import Panel, PanelCandidate, PanelInvitation
from community.deliberation.queries.panels import (
    candidate_rows,
    invitation_rows,
    panel_row,
    read_rules,
    to_candidate,
)
from community.deliberation.rules.panels import (
    HOLDS_SEAT,
    INVITATION_STEPS,
    InvitationState,
    PanelState,
)
from community.deliberation.service.panels import invite, redraw
from community.kernel import clock
from community.kernel.actor import Actor


def answer_invitation(
    session: Session, actor: Actor, invitation_id: int, is_accepted: bool
) -> None:
    """Accept one's own invitation or decline it; who accepted may still decline.

    Raises: NotInvited for anybody else; InvitationAnswered.
    """
    actor.check(permissions.VOTE.code)
    row = _invitation(session, actor, invitation_id)
    candidate = session.get_one(PanelCandidate, row.candidate_id)
    if actor.subject_id is None or candidate.person_id != actor.subject_id:
        raise NotInvited
    _answer(session, row, _state(is_accepted=is_accepted), None)


def note_answer(session: Session, actor: Actor, invitation_id: int, is_accepted: bool) -> None:
    """Write down at the desk what the invited said by telephone or in person.

    Raises: NotInvited, InvitationAnswered.
    """
    actor.check(permissions.OPERATE.code)
    row = _invitation(session, actor, invitation_id)
    _answer(session, row, _state(is_accepted=is_accepted), actor.person_id)


def note_unanswered(session: Session, actor: Actor, invitation_id: int) -> None:
    """Give up an invitation that was not answered in time.

    Raises: NotInvited, AnswerNotLate, InvitationAnswered.
    """
    actor.check(permissions.OPERATE.code)
    row = _invitation(session, actor, invitation_id)
    if clock.now() < row.answer_by:
        raise AnswerNotLate(at=row.answer_by.astimezone(clock.SHANGHAI).strftime("%Y-%m-%d %H:%M"))
    _answer(session, row, InvitationState.UNANSWERED, actor.person_id)


def invite_next(session: Session, actor: Actor, panel_id: int) -> int:
    """Fill the open seats by the same list and seed; give how many were invited.

    Raises: NotListed, SeatsTaken, and why nobody is left.
    """
    actor.check(permissions.CONVENE.code)
    row = panel_row(session, actor.community_id, panel_id)
    if row.state is not PanelState.DRAWN:
        raise NotListed
    candidates = candidate_rows(session, row)
    tokens = {one.id: one.token for one in candidates}
    invited = invitation_rows(session, row)
    kept = [tokens[one.candidate_id] for one in invited if one.state in HOLDS_SEAT]
    left = [tokens[one.candidate_id] for one in invited if one.state not in HOLDS_SEAT]
    if len(kept) == row.seats:
        raise SeatsTaken
    drawn = redraw(
        (row.seed or "").encode(),
        [to_candidate(one) for one in candidates],
        read_rules(row),
        kept,
        left,
    )
    invite(session, actor, row, drawn, max(one.round for one in invited) + 1)
    return len(drawn)


def seat_panel(session: Session, actor: Actor, panel_id: int) -> None:
    """Let the panel begin: every seat has accepted.

    Raises: NotListed, SeatsOpen.
    """
    actor.check(permissions.CONVENE.code)
    row = panel_row(session, actor.community_id, panel_id)
    invited = invitation_rows(session, row)
    accepted = sum(one.state is InvitationState.ACCEPTED for one in invited)
    if row.state is not PanelState.DRAWN:
        raise NotListed
    if accepted < row.seats:
        raise SeatsOpen(open=row.seats - accepted)
    row.state, row.seated_at = PanelState.SEATED, clock.now()


def erase_places(session: Session, actor: Actor, person_id: int) -> None:
    """Nothing to mask: a list names nobody, and the token belongs to a row without a name."""


def merge_places(session: Session, actor: Actor, kept_id: int, merged_id: int) -> None:
    """Let a merged row's places be the kept person's, where that one has none of its own."""
    listed = {
        one.panel_id
        for one in session.query(PanelCandidate).filter_by(
            community_id=actor.community_id, person_id=kept_id
        )
    }
    for one in session.query(PanelCandidate).filter_by(
        community_id=actor.community_id, person_id=merged_id
    ):
        if one.panel_id not in listed:
            one.person_id = kept_id
    for column in (PanelInvitation.operator_id, Panel.made_by):
        table = column.class_
        session.execute(
            update(table)
            .where(table.community_id == actor.community_id, column == merged_id)
            .values({column.key: kept_id})
            .execution_options(synchronize_session=False)
        )


def _state(*, is_accepted: bool) -> InvitationState:
    return InvitationState.ACCEPTED if is_accepted else InvitationState.DECLINED


def _invitation(session: Session, actor: Actor, invitation_id: int) -> PanelInvitation:
    row = session.get(PanelInvitation, invitation_id)
    if row is None or row.community_id != actor.community_id:
        raise NotInvited
    if session.get_one(Panel, row.panel_id).state is not PanelState.DRAWN:
        raise InvitationAnswered
    return row


def _answer(
    session: Session, row: PanelInvitation, target: InvitationState, operator_id: int | None
) -> None:
    if target not in INVITATION_STEPS[row.state]:
        raise InvitationAnswered
    last = session.scalar(
        select(func.max(PanelInvitation.round)).where(PanelInvitation.panel_id == row.panel_id)
    )
    done = session.execute(
        update(PanelInvitation)
        .where(
            PanelInvitation.community_id == row.community_id,
            PanelInvitation.id == row.id,
            PanelInvitation.state == row.state,
        )
        .values(
            state=target,
            answered_at=clock.now(),
            operator_id=operator_id,
            left_after=None if target in HOLDS_SEAT else last,
        )
        .execution_options(synchronize_session=False)
    )
    assert isinstance(done, CursorResult)
    if done.rowcount != 1:
        raise InvitationAnswered
    session.refresh(row)
