"""What deliveries, notes from the site and surveys hold about a person."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from community.micro_projects.models import Delivery, SiteNote, Survey, SurveyAnswer


def export_contracts(session: Session, community_id: int, person_id: int) -> dict[str, Any]:
    """Give what a person handed in, noted at a site and answered."""
    answers = session.execute(
        select(SurveyAnswer, Survey.project_id)
        .join(
            Survey,
            (Survey.community_id == SurveyAnswer.community_id)
            & (Survey.id == SurveyAnswer.survey_id),
        )
        .where(SurveyAnswer.community_id == community_id, SurveyAnswer.person_id == person_id)
        .order_by(SurveyAnswer.id)
    )
    notes = session.scalars(
        select(SiteNote)
        .where(SiteNote.community_id == community_id, SiteNote.noted_by == person_id)
        .order_by(SiteNote.id)
    )
    deliveries = session.scalars(
        select(Delivery)
        .where(Delivery.community_id == community_id, Delivery.submitted_by == person_id)
        .order_by(Delivery.id)
    )
    return {
        "survey_answers": [
            {
                "project": project_id,
                "level": row.level,
                "words": row.words,
                "answered_at": row.answered_at.isoformat(),
            }
            for row, project_id in answers
        ],
        "site_notes": [
            {"words": row.words, "answer": row.answer, "noted_at": row.noted_at.isoformat()}
            for row in notes
        ],
        "deliveries": [
            {"words": row.words, "place": row.place, "submitted_at": row.submitted_at.isoformat()}
            for row in deliveries
        ],
    }
