"""Erasing and merging a person in pool, lists, seats and objections."""

from __future__ import annotations

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session, aliased

from community.kernel import clock
from community.kernel.actor import Actor
from community.micro_projects.models import Complaint, Evaluator, PanelSeat, TenderLotLine


def erase_awards(session: Session, actor: Actor, person_id: int) -> None:
    """Take a person out of the pool and their words out of objections; seats and marks stand."""
    here = actor.community_id
    for statement in (
        update(Evaluator)
        .where(
            Evaluator.community_id == here,
            Evaluator.person_id == person_id,
            Evaluator.left_at.is_(None),
        )
        .values(left_at=clock.now()),
        update(Complaint)
        .where(Complaint.community_id == here, Complaint.made_by == person_id)
        .values(words=""),
        update(PanelSeat)
        .where(PanelSeat.community_id == here, PanelSeat.person_id == person_id)
        .values(left_words=""),
    ):
        session.execute(statement.execution_options(synchronize_session=False))


def merge_awards(session: Session, actor: Actor, kept_id: int, merged_id: int) -> None:
    """Let seats and objections of a duplicate be those of the person it was.

    Where both were in the pool, or on one list, the duplicate's row stays as it was.
    """
    here = actor.community_id
    other, line, seat = aliased(Evaluator), aliased(TenderLotLine), aliased(PanelSeat)
    in_pool = select(other.id).where(other.community_id == here, other.person_id == kept_id)
    on_list = select(line.id).where(line.lot_id == TenderLotLine.lot_id, line.person_id == kept_id)
    on_panel = select(seat.id).where(
        (seat.lot_id == PanelSeat.lot_id) | (seat.call_id == PanelSeat.call_id),
        seat.person_id == kept_id,
    )
    free: tuple[tuple[type[Evaluator | TenderLotLine | PanelSeat], ColumnElement[bool]], ...] = (
        (Evaluator, ~in_pool.exists()),
        (TenderLotLine, ~on_list.exists()),
        (PanelSeat, ~on_panel.exists()),
    )
    for table, is_free in free:
        session.execute(
            update(table)
            .where(table.community_id == here, table.person_id == merged_id, is_free)
            .values(person_id=kept_id)
            .execution_options(synchronize_session=False)
        )
    session.execute(
        update(Complaint)
        .where(Complaint.community_id == here, Complaint.made_by == merged_id)
        .values(made_by=kept_id)
        .execution_options(synchronize_session=False)
    )
