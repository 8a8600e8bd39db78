"""Merging a duplicate in tenders; what a firm's staff handed in stays the firm's."""

from __future__ import annotations

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from community.kernel.actor import Actor
from community.micro_projects.models import TenderOpener


def merge_tenders(session: Session, actor: Actor, kept_id: int, merged_id: int) -> None:
    """Let tenders that a duplicate was to open be opened by the person it was."""
    already = select(TenderOpener.tender_id).where(
        TenderOpener.community_id == actor.community_id, TenderOpener.person_id == kept_id
    )
    session.execute(
        update(TenderOpener)
        .where(
            TenderOpener.community_id == actor.community_id,
            TenderOpener.person_id == merged_id,
            TenderOpener.tender_id.not_in(already),
        )
        .values(person_id=kept_id)
        .execution_options(synchronize_session=False)
    )
