"""Reading minutes: as they would be kept now, and as they were kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from community.deliberation.models import MeetingMinutes
from community.deliberation.permissions import READ, SEE
from community.deliberation.queries.meetings import agenda, figures_of, get_meeting, seats
from community.deliberation.queries.motions import CountView, MotionView, motions
from community.kernel import clock, files
from community.kernel.actor import Actor
from community.kernel.errors import NotFound
from community.kernel.masks import mask_name


@dataclass(frozen=True, slots=True)
class MinutesView:
    """Minutes: `content` is plain JSON; names in it are masked for visitors."""

    content: dict[str, Any]
    content_sha256: str
    kept_at: datetime | None
    signers: tuple[str, ...]
    signed_at: datetime | None
    file_id: int | None

    @property
    def is_kept(self) -> bool:
        """Tell whether they stand."""
        return self.kept_at is not None


def get_minutes(session: Session, actor: Actor, meeting_id: int) -> MinutesView:
    """Get the minutes as they were kept, or as they would be now.

    Raises: MeetingNotFound.
    """
    get_meeting(session, actor, meeting_id)
    row = _find(session, actor, meeting_id)
    if row is None:
        return MinutesView(draw_up(session, actor, meeting_id), "", None, (), None, None)
    is_whole = actor.may(SEE.code) or actor.may(READ.code)
    content = row.content if is_whole else _masked(row.content)
    signers = row.signers if is_whole else [mask_name(name) for name in row.signers]
    return MinutesView(
        content, row.content_sha256, row.kept_at, tuple(signers), row.signed_at, row.file_id
    )


def get_signed_paper(session: Session, actor: Actor, meeting_id: int) -> files.FileView:
    """Get the photo of the signed paper, for the desk.

    Raises: NotFound.
    """
    actor.check(READ.code)
    row = _find(session, actor, meeting_id)
    if row is None or row.file_id is None:
        raise NotFound
    return files.get_file(session, actor.community_id, row.file_id)


def draw_up(session: Session, actor: Actor, meeting_id: int) -> dict[str, Any]:
    """Draw up minutes from what was recorded, as plain JSON."""
    meeting = get_meeting(session, actor, meeting_id)
    figures = figures_of(session, actor, meeting_id)
    people = seats(session, actor, meeting_id)
    return {
        "meeting": meeting.id,
        "title": meeting.title,
        "body": meeting.body,
        "place": meeting.place,
        "starts_at": _local(meeting.starts_at),
        "opened_at": _local(meeting.opened_at),
        "closed_at": _local(meeting.closed_at),
        "chair": meeting.chair,
        "secretary": meeting.secretary,
        "expected": meeting.expected_count or 0,
        "arrived": meeting.arrived_count,
        "quorum": meeting.quorum or 0,
        "legal_basis": figures.legal_basis,
        "came": [each.name for each in people if each.arrived_at is not None],
        "missing": [each.name for each in people if each.arrived_at is None],
        "agenda": [
            {"position": each.position, "id": each.id, "title": each.title, "notes": each.notes}
            for each in agenda(session, actor, meeting_id)
        ],
        "motions": [_motion(each) for each in motions(session, actor, meeting_id)],
    }


def _motion(row: MotionView) -> dict[str, Any]:
    return {
        "number": row.number,
        "item": row.agenda_item_id,
        "title": row.title,
        "words": row.words,
        "final_words": row.final_words,
        "words_sha256": row.words_sha256,
        "mover": row.mover,
        "seconder": row.seconder,
        "state": row.state.value,
        "count": _count(row.count),
        "amendments": [
            {
                "number": each.number,
                "from_words": each.from_words,
                "to_words": each.to_words,
                "mover": each.mover,
                "seconder": each.seconder,
                "state": each.state.value,
                "count": _count(each.count),
            }
            for each in row.amendments
        ],
    }


def _count(row: CountView | None) -> list[int] | None:
    return None if row is None else [row.expected, row.present, row.yes, row.no, row.abstain]


def _masked(content: dict[str, Any]) -> dict[str, Any]:
    """Mask the names in kept minutes; everything else is for everybody."""
    masked = dict(content)
    for key in ("chair", "secretary"):
        masked[key] = mask_name(content[key])
    for key in ("came", "missing"):
        masked[key] = [mask_name(name) for name in content[key]]
    masked["motions"] = [
        {
            **motion,
            **_pair(motion),
            "amendments": [{**each, **_pair(each)} for each in motion["amendments"]],
        }
        for motion in content["motions"]
    ]
    return masked


def _pair(row: dict[str, Any]) -> dict[str, str]:
    return {"mover": mask_name(row["mover"]), "seconder": mask_name(row["seconder"])}


def _find(session: Session, actor: Actor, meeting_id: int) -> MeetingMinutes | None:
    found: MeetingMinutes | None = session.scalar(
        select(MeetingMinutes).where(
            MeetingMinutes.community_id == actor.community_id,
            MeetingMinutes.meeting_id == meeting_id,
        )
    )
    return found


def _local(instant: datetime | None) -> str:
    return "" if instant is None else f"{instant.astimezone(clock.SHANGHAI):%Y-%m-%d %H:%M}"
