"""Commands of corrections: somebody asks for one on a posted roll, the desk answers."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from community import notices
from community.deliberation import permissions
from community.deliberation.errors.delivery import (
    CorrectionAnswered,
    CorrectionNotFound,
    CorrectionWaits,
    WordsMissing,
)
from community.deliberation.errors.polls import NotOnRoll
from community.deliberation.models import RollCorrection
from community.deliberation.rules.polls import PollState
from community.deliberation.service.poll_rows import check_state, get_entry_row, get_poll_row
from community.kernel import clock
from community.kernel.actor import Actor
from community.kernel.errors import N_
from community.kernel.sentences import say

MOST_WORDS = 300


def ask_correction(
    session: Session, actor: Actor, poll_id: int, words: str, roll_entry_id: int | None = None
) -> int:
    """Ask to have one's own entry put right, or to be put on the roll; gives its id.

    Raises: PollNotFound, WrongPollState, WordsMissing, RollEntryNotFound, NotOnRoll,
    CorrectionWaits.
    """
    actor.check(permissions.VOTE.code)
    row = get_poll_row(session, actor.community_id, poll_id)
    check_state(row, {PollState.ROLL_POSTED})
    said = _checked(words)
    number = None
    if roll_entry_id is not None:
        entry = get_entry_row(session, actor.community_id, roll_entry_id)
        if entry.poll_id != row.id or entry.voter_id != actor.subject_id:
            raise NotOnRoll
        number = entry.number
    waiting = select(RollCorrection.id).where(
        RollCorrection.community_id == actor.community_id,
        RollCorrection.poll_id == row.id,
        RollCorrection.asked_by == actor.subject_id,
        RollCorrection.answered_at.is_(None),
    )
    if session.scalar(waiting.limit(1)) is not None:
        raise CorrectionWaits
    made = RollCorrection(
        community_id=row.community_id,
        poll_id=row.id,
        entry_number=number,
        words=said,
        asked_by=actor.subject_id,
        asked_at=clock.now(),
    )
    session.add(made)
    session.flush()
    return made.id


def answer_correction(session: Session, actor: Actor, correction_id: int, answer: str) -> None:
    """Answer what somebody asked, with what was done; the one who asked is told.

    Raises: CorrectionNotFound, CorrectionAnswered, WordsMissing.
    """
    actor.check(permissions.CONVENE.code)
    said = _checked(answer)
    row = session.scalar(
        select(RollCorrection)
        .where(RollCorrection.community_id == actor.community_id)
        .where(RollCorrection.id == correction_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if row is None:
        raise CorrectionNotFound
    if row.answered_at is not None:
        raise CorrectionAnswered
    poll = get_poll_row(session, actor.community_id, row.poll_id)
    row.answer, row.answered_at, row.answered_by = said, clock.now(), actor.person_id
    notices.send(
        session,
        actor,
        row.asked_by,
        say(N_("名册更正有了答复")),
        say(N_("“{title}”：{answer}"), title=poll.title, answer=said),
        f"polls/{poll.id}/roll",
    )


def _checked(words: str) -> str:
    said = words.strip()
    if not said or len(said) > MOST_WORDS:
        raise WordsMissing
    return said
