"""What a person's erasure and the merging of two rows mean for rolls and ballots."""

from __future__ import annotations

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from community.deliberation.models import (
    Ballot,
    BallotPaper,
    Delivery,
    Mandate,
    PhoneCall,
    Poll,
    PollOpener,
    RollCorrection,
    RollEntry,
)
from community.kernel.actor import Actor

ERASED_HEAD = "已删除"


def erase_person(session: Session, actor: Actor, person_id: int) -> None:
    """Take the name off a roll; the entry, its area and its ballot stay, for they were counted."""
    session.execute(
        update(RollEntry)
        .where(RollEntry.community_id == actor.community_id, RollEntry.voter_id == person_id)
        .where(RollEntry.is_organization.is_(False))
        .values(head=ERASED_HEAD)
        .execution_options(synchronize_session=False)
    )
    session.execute(
        update(RollCorrection)
        .where(RollCorrection.community_id == actor.community_id)
        .where(RollCorrection.asked_by == person_id)
        .values(words=ERASED_HEAD)
        .execution_options(synchronize_session=False)
    )
    mine = select(RollEntry.id).where(
        RollEntry.community_id == actor.community_id, RollEntry.voter_id == person_id
    )
    session.execute(
        update(Delivery)
        .where(Delivery.community_id == actor.community_id, Delivery.roll_entry_id.in_(mine))
        .values(note="", disputed_words="")
        .execution_options(synchronize_session=False)
    )


def merge_person(session: Session, actor: Actor, kept_id: int, merged_id: int) -> None:
    """Let a merged row's entries, ballots and acts be the kept person's."""
    # What is append-only keeps the row that acted: the merge itself tells who that was.
    for column in (
        RollEntry.voter_id,
        Ballot.cast_by,
        Ballot.operator_id,
        Delivery.delivered_by,
        Mandate.holder_id,
        Mandate.recorded_by,
        PhoneCall.caller_id,
        RollCorrection.asked_by,
        RollCorrection.answered_by,
        BallotPaper.printed_by,
        BallotPaper.returned_to,
        Poll.drafted_by,
    ):
        table = column.class_
        session.execute(
            update(table)
            .where(table.community_id == actor.community_id, column == merged_id)
            .values({column.key: kept_id})
            .execution_options(synchronize_session=False)
        )
    # Who was chosen twice stays so: two keys were chosen, and the poll is frozen with both.
    twice = select(PollOpener.poll_id).where(
        PollOpener.community_id == actor.community_id, PollOpener.person_id == kept_id
    )
    session.execute(
        update(PollOpener)
        .where(PollOpener.community_id == actor.community_id, PollOpener.person_id == merged_id)
        .where(PollOpener.poll_id.not_in(twice))
        .values(person_id=kept_id)
        .execution_options(synchronize_session=False)
    )
