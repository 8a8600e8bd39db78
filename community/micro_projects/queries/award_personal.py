"""What awards and panels hold about a person: the pool, lists, seats with own marks, objections."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from community.micro_projects.models import (
    Complaint,
    Evaluator,
    PanelSeat,
    ScoreMark,
    TenderLotLine,
)
from community.micro_projects.queries.panels import pair_of


def export_awards(session: Session, community_id: int, person_id: int) -> dict[str, Any]:
    """Give where a person stood in pool and lists, their seats and marks, and their objections."""
    pool = session.scalars(
        select(Evaluator).where(
            Evaluator.community_id == community_id, Evaluator.person_id == person_id
        )
    )
    lines = session.scalars(
        select(TenderLotLine).where(
            TenderLotLine.community_id == community_id, TenderLotLine.person_id == person_id
        )
    )
    seats = session.scalars(
        select(PanelSeat).where(
            PanelSeat.community_id == community_id, PanelSeat.person_id == person_id
        )
    )
    said = session.scalars(
        select(Complaint).where(
            Complaint.community_id == community_id, Complaint.made_by == person_id
        )
    )
    return {
        "evaluator": [
            {"kind": row.kind.value, "field": row.field, "added_at": row.added_at.isoformat()}
            for row in pool
        ],
        "panel_lists": [{"lot": row.lot_id, "line": row.line} for row in lines],
        "panel_seats": [_seat(session, row) for row in seats],
        "complaints": [
            {
                "award": row.award_id,
                "words": row.words,
                "made_at": row.made_at.isoformat(),
                "state": row.state.value,
                "answer": row.answer,
            }
            for row in said
        ],
    }


def _seat(session: Session, row: PanelSeat) -> dict[str, Any]:
    marks = session.scalars(
        select(ScoreMark).where(
            ScoreMark.community_id == row.community_id, ScoreMark.seat_id == row.id
        )
    )
    return {
        "tender": row.tender_id,
        "call": row.call_id,
        "number": row.number,
        "state": row.state.value,
        "left_words": row.left_words,
        "marks": [[*pair_of(one), one.hundredths] for one in marks],
    }
