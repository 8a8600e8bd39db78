"""Awards, objections and complaints as facts; a complainer's words are never among them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from community.micro_projects.models import Award, Complaint
from community.micro_projects.open_contracting import facts
from community.micro_projects.rules.awards import AwardState
from community.micro_projects.rules.complaints import COMPLAINT_GROUND_TITLES, ComplaintState

STATES = {
    AwardState.PENDING: "pending",
    AwardState.ACTIVE: "active",
    AwardState.CANCELLED: "cancelled",
    AwardState.REFUSED: "cancelled",
}
ANSWERS = {
    ComplaintState.OPEN: "received",
    ComplaintState.UPHELD: "upheld",
    ComplaintState.REJECTED: "rejected",
    ComplaintState.WITHDRAWN: "withdrawn",
}


def read_awards(
    session: Session, awards: Sequence[Award], names: Mapping[int, facts.Organization]
) -> tuple[facts.Award, ...]:
    """Read awards with the objections and complaints against each."""
    against: dict[int, list[Complaint]] = {}
    for row in session.scalars(
        select(Complaint)
        .where(Complaint.award_id.in_([each.id for each in awards]))
        .order_by(Complaint.id)
    ):
        against.setdefault(row.award_id or 0, []).append(row)
    return tuple(
        facts.Award(
            id=f"award-{each.id}",
            organization=names[each.organization_id],
            status=STATES[each.state],
            decided_at=each.noticed_at,
            amount_fen=each.amount_fen,
            reason="；".join(words for words in (each.reason, each.ended_words) if words),
            bid_id=f"bid-{each.bid_id}" if each.bid_id is not None else "",
            complaints=read_complaints(against.get(each.id, ())),
        )
        for each in awards
    )


def read_complaints(rows: Iterable[Complaint]) -> tuple[facts.Complaint, ...]:
    """Read complaints by their ground, their state and the answer."""
    return tuple(
        facts.Complaint(
            id=f"complaint-{row.id}",
            kind=row.kind.value,
            status=ANSWERS[row.state],
            received_at=row.made_at,
            words=COMPLAINT_GROUND_TITLES[row.ground],
            due_on=row.due_on,
            answer=row.answer,
            answered_at=row.answered_at,
        )
        for row in rows
    )
