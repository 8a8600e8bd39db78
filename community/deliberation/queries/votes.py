"""What a person has to do with polls: entries of rolls, ballots, deliveries."""

from __future__ import annotations

from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from community.deliberation.models import (
    Ballot,
    Delivery,
    Mandate,
    Poll,
    PollOpener,
    RollCorrection,
    RollEntry,
)
from community.deliberation.queries.personal_rows import rows_of
from community.kernel import clock


def export_person(session: Session, community_id: int, person_id: int) -> dict[str, Any]:
    """Give every entry of a roll a person votes for, with the ballot while it bears a name."""
    rows = session.execute(
        select(RollEntry, Poll, Ballot)
        .join(Poll, Poll.id == RollEntry.poll_id)
        .outerjoin(Ballot, Ballot.roll_entry_id == RollEntry.id)
        .where(
            RollEntry.community_id == community_id,
            or_(RollEntry.voter_id == person_id, Ballot.cast_by == person_id),
        )
        .order_by(RollEntry.id)
    )
    return {
        "votes": [
            {
                "poll": poll.title,
                "number_on_roll": entry.number,
                "area_centiares": entry.area_centiares,
                **_ballot(ballot),
            }
            for entry, poll, ballot in rows
        ],
        "roll_corrections": _corrections(session, community_id, person_id),
        "denied_deliveries": _denials(session, community_id, person_id),
        "mandates": _mandates(session, community_id, person_id),
        "opens_polls": _opens(session, community_id, person_id),
    }


def _opens(session: Session, community_id: int, person_id: int) -> list[str]:
    rows = session.scalars(
        select(Poll.title)
        .join(PollOpener, PollOpener.poll_id == Poll.id)
        .where(PollOpener.community_id == community_id, PollOpener.person_id == person_id)
        .order_by(Poll.id)
    )
    return list(rows)


def _corrections(session: Session, community_id: int, person_id: int) -> list[dict[str, Any]]:
    rows = rows_of(session, community_id, RollCorrection, RollCorrection.asked_by == person_id)
    return [
        {"poll": each.poll_id, "words": each.words, "answer": each.answer or None} for each in rows
    ]


def _denials(session: Session, community_id: int, person_id: int) -> list[dict[str, Any]]:
    rows = session.scalars(
        select(Delivery)
        .join(RollEntry, RollEntry.id == Delivery.roll_entry_id)
        .where(
            Delivery.community_id == community_id,
            RollEntry.voter_id == person_id,
            Delivery.disputed_at.is_not(None),
        )
        .order_by(Delivery.id)
    )
    return [{"poll": each.poll_id, "words": each.disputed_words} for each in rows]


def _mandates(session: Session, community_id: int, person_id: int) -> list[dict[str, Any]]:
    rows = session.execute(
        select(Mandate, Poll.title, RollEntry.voter_id)
        .join(Poll, Poll.id == Mandate.poll_id)
        .join(RollEntry, RollEntry.id == Mandate.roll_entry_id)
        .where(
            Mandate.community_id == community_id,
            or_(Mandate.holder_id == person_id, RollEntry.voter_id == person_id),
        )
        .order_by(Mandate.id)
    )
    return [
        {"poll": title, "was_given": voter_id == person_id, "was_held": row.holder_id == person_id}
        for row, title, voter_id in rows
    ]


def _ballot(ballot: Ballot | None) -> dict[str, Any]:
    if ballot is None:
        return {"cast_at": None, "ballot": None}
    cast_at = ballot.cast_at.astimezone(clock.SHANGHAI)
    return {"cast_at": cast_at.isoformat(), "ballot": ballot.pairs}
