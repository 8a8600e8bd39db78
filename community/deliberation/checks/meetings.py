"""Meetings never say what did not happen: frozen words, votes within people, a quorum each time."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from community import transparency
from community.deliberation.models import Amendment, Meeting, Motion, VoteCount
from community.deliberation.queries.bodies import get_rule
from community.deliberation.rules.meetings import Count, is_passed
from community.deliberation.rules.motions import MotionState, amended, words_hash
from community.kernel import db

_QUERIES = (
    (
        "deliberation: meeting {} was opened for other people than its roll names",
        """
        SELECT m.id FROM meeting m WHERE m.expected_count IS NOT NULL AND m.expected_count <>
         (SELECT COUNT(*) FROM meeting_attendance a WHERE a.meeting_id = m.id)
        """,
    ),
    (
        "deliberation: meeting {} was called without its notice",
        """
        SELECT m.id FROM meeting m LEFT JOIN notice n
         ON n.id = m.notice_id AND n.community_id = m.community_id
        WHERE m.called_at IS NOT NULL AND n.id IS NULL
        """,
    ),
    (
        "deliberation: motion {} is not on the agenda of its meeting",
        """
        SELECT o.id FROM motion o JOIN agenda_item i ON i.id = o.agenda_item_id
        WHERE i.meeting_id <> o.meeting_id
        """,
    ),
    (
        "deliberation: motion {} was decided before its amendments",
        """
        SELECT DISTINCT o.id FROM motion o JOIN amendment a ON a.motion_id = o.id
        WHERE o.state IN ('carried', 'lost') AND a.state IN ('moved', 'seconded')
        """,
    ),
    (
        "deliberation: meeting {} is closed with a motion that has no end",
        """
        SELECT DISTINCT m.id FROM meeting m JOIN motion o ON o.meeting_id = m.id
        WHERE m.state = 'closed' AND o.state IN ('moved', 'seconded', 'voting')
        """,
    ),
    (
        "deliberation: motion {} was moved or seconded by somebody who was not there",
        """
        SELECT DISTINCT o.id FROM motion o WHERE NOT EXISTS (SELECT 1 FROM meeting_attendance a
         WHERE a.meeting_id = o.meeting_id AND a.person_id = o.mover_id
         AND a.arrived_at IS NOT NULL)
         OR (o.seconder_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM meeting_attendance a
         WHERE a.meeting_id = o.meeting_id AND a.person_id = o.seconder_id
         AND a.arrived_at IS NOT NULL))
        """,
    ),
    (
        "deliberation: count {} tells of more people than should have come",
        """
        SELECT c.id FROM vote_count c JOIN motion o ON o.id = c.motion_id
        JOIN meeting m ON m.id = o.meeting_id WHERE c.expected <> m.expected_count
        """,
    ),
)


def problems(session: Session) -> list[str]:
    """Name what is not as it was called, moved and counted."""
    at = db.statements(session)
    found = [sentence.format(*row) for sentence, sql in _QUERIES for row in at.all(sql)]
    for motion in session.scalars(select(Motion).order_by(Motion.id)):
        found += _motion(session, motion)
    for count in session.scalars(select(VoteCount).order_by(VoteCount.id)):
        found += _count(session, count)
    return found


def _motion(session: Session, row: Motion) -> Iterator[str]:
    if words_hash(row.words) != row.words_sha256:
        yield f"deliberation: motion {row.id} has other words than were moved"
    carried = session.execute(
        select(Amendment.from_words, Amendment.to_words)
        .where(Amendment.motion_id == row.id, Amendment.state == MotionState.CARRIED)
        .order_by(Amendment.decided_at, Amendment.id)
    )
    changes = [(before, after) for before, after in carried]
    if amended(row.words, changes) != row.final_words:
        yield f"deliberation: motion {row.id} has other words than its amendments make"
    if row.seconded_at is None:
        return
    record = transparency.find_record(session, row.community_id, "meeting.motion", row.id)
    if record is None or record.fields["text_sha256"] != row.words_sha256:
        yield f"deliberation: motion {row.id} is not as the public log tells it"


def _count(session: Session, row: VoteCount) -> Iterator[str]:
    motion = session.get_one(Motion, row.motion_id)
    meeting = session.get_one(Meeting, motion.meeting_id)
    assert meeting.body_rule_id is not None
    figures = get_rule(session, row.community_id, meeting.body_rule_id).figures
    kept = (row.quorum_num, row.quorum_den, row.passing_num, row.passing_den, row.passing_base)
    asked = (
        figures.quorum_num,
        figures.quorum_den,
        figures.passing_num,
        figures.passing_den,
        figures.passing_base,
    )
    if kept != asked:
        yield f"deliberation: count {row.id} was judged by other figures than its meeting's"
    count = Count(row.expected, row.present, row.yes, row.no, row.abstain)
    if is_passed(figures, count) != row.passed:
        yield f"deliberation: count {row.id} came out otherwise than its votes"
    is_of_motion = row.amendment_id is None
    if is_of_motion and words_hash(motion.final_words) != row.words_sha256:
        yield f"deliberation: motion {motion.id} has other words than were voted"
    record = transparency.find_record(session, row.community_id, "meeting.count", row.id)
    votes = [row.expected, row.present, row.yes, row.no, row.abstain]
    if record is None or (record.fields["votes"], record.fields["passed"]) != (votes, row.passed):
        yield f"deliberation: count {row.id} is not as the public log tells it"
