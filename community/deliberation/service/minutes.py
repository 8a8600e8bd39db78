"""Commands of minutes: write down what was said, keep them for good, take in the signed paper."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from community.deliberation.errors.meetings import (
    AgendaItemNotFound,
    MeetingNotClosed,
    MinutesKept,
    MinutesMissing,
    SignedPaperMissing,
)
from community.deliberation.models import AgendaItem, MeetingMinutes
from community.deliberation.queries.meetings import load_meeting
from community.deliberation.queries.minutes import draw_up
from community.deliberation.rules.meetings import MeetingState
from community.deliberation.rules.minutes import content_hash
from community.deliberation.service.meeting_log import publish
from community.deliberation.service.seats import check_runs
from community.kernel import clock, files
from community.kernel.actor import Actor


def write_notes(
    session: Session, actor: Actor, meeting_id: int, agenda_item_id: int, notes: str
) -> None:
    """Write down what was said on an item, until the minutes are kept.

    Raises: MeetingNotFound, NotTheChair, AgendaItemNotFound, MinutesKept.
    """
    row = load_meeting(session, actor.community_id, meeting_id)
    check_runs(actor, row)
    if _find(session, actor, meeting_id) is not None:
        raise MinutesKept
    item = session.get(AgendaItem, agenda_item_id)
    if item is None or (item.community_id, item.meeting_id) != (actor.community_id, meeting_id):
        raise AgendaItemNotFound
    item.notes = notes


def keep_minutes(session: Session, actor: Actor, meeting_id: int) -> str:
    """Keep the minutes of a meeting that has ended: they stand from now on; gives their hash.

    Raises: MeetingNotFound, NotTheChair, MeetingNotClosed, MinutesKept.
    """
    row = load_meeting(session, actor.community_id, meeting_id)
    check_runs(actor, row)
    if row.state is not MeetingState.CLOSED:
        raise MeetingNotClosed
    if _find(session, actor, meeting_id) is not None:
        raise MinutesKept
    content = draw_up(session, actor, meeting_id)
    kept = MeetingMinutes(
        community_id=actor.community_id,
        meeting_id=meeting_id,
        content=content,
        content_sha256=content_hash(content),
        kept_by=actor.person_id,
        kept_at=clock.now(),
        signers=[],
    )
    session.add(kept)
    session.flush()
    told = {
        "meeting": meeting_id,
        "content_sha256": kept.content_sha256,
        "expected": row.expected_count,
        "motions": [[each["number"], each["state"]] for each in content["motions"]],
    }
    publish(session, actor, "meeting.minutes", meeting_id, told)
    return kept.content_sha256


def sign_minutes(
    session: Session,
    actor: Actor,
    meeting_id: int,
    signers: tuple[str, ...],
    paper: files.Ready | None = None,
) -> None:
    """Take in the paper that was signed, with the names under it.

    Raises: MeetingNotFound, NotTheChair, MinutesMissing, MinutesKept, SignedPaperMissing.
    """
    row = load_meeting(session, actor.community_id, meeting_id)
    check_runs(actor, row)
    kept = _find(session, actor, meeting_id)
    if kept is None:
        raise MinutesMissing
    if kept.signed_at is not None:
        raise MinutesKept
    if paper is None or not signers:
        raise SignedPaperMissing
    kept.file_id = files.keep_file(session, actor, paper)
    kept.signers, kept.uploaded_by = list(signers), actor.person_id
    kept.signed_at = clock.now()


def _find(session: Session, actor: Actor, meeting_id: int) -> MeetingMinutes | None:
    found: MeetingMinutes | None = session.scalar(
        select(MeetingMinutes).where(
            MeetingMinutes.community_id == actor.community_id,
            MeetingMinutes.meeting_id == meeting_id,
        )
    )
    return found
