"""What erasing or merging a person means for notes and answers; evidence stays as it is."""

from __future__ import annotations

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from community.kernel.actor import Actor
from community.micro_projects.models import SiteNote, SurveyAnswer


def erase_words(session: Session, actor: Actor, person_id: int) -> None:
    """Take a person's words out of answers and notes; what was judged and signed stays."""
    for table, column in ((SurveyAnswer, SurveyAnswer.person_id), (SiteNote, SiteNote.noted_by)):
        session.execute(
            update(table)
            .where(table.community_id == actor.community_id, column == person_id)
            .values(words="")
            .execution_options(synchronize_session=False)
        )


def merge_answers(session: Session, actor: Actor, kept_id: int, merged_id: int) -> None:
    """Let a duplicate's answers be the person's own, unless they answered there themselves.

    Who submitted, accepted and paid is evidence and never rewritten.
    """
    answered = select(SurveyAnswer.survey_id).where(
        SurveyAnswer.community_id == actor.community_id, SurveyAnswer.person_id == kept_id
    )
    session.execute(
        update(SurveyAnswer)
        .where(
            SurveyAnswer.community_id == actor.community_id,
            SurveyAnswer.person_id == merged_id,
            SurveyAnswer.survey_id.not_in(answered),
        )
        .values(person_id=kept_id)
        .execution_options(synchronize_session=False)
    )
