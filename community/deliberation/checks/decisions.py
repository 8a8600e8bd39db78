"""Decisions follow carried motions, become final after their posting, and steps go in order."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from community import transparency
from community.deliberation.models import BylawVersion, Decision, MeetingMinutes
from community.deliberation.queries.bylaws import clauses_of
from community.deliberation.rules.bylaws import VersionState, text_hash
from community.deliberation.rules.minutes import content_hash
from community.deliberation.rules.motions import words_hash
from community.kernel import db

_QUERIES = (
    (
        "deliberation: decision {} follows no carried motion with its words",
        """
        SELECT d.id FROM decision d JOIN motion m ON m.id = d.motion_id
        WHERE m.state <> 'carried' OR m.final_words <> d.words OR m.meeting_id <> d.meeting_id
        """,
    ),
    (
        "deliberation: decision {} is final before its posting was over",
        """
        SELECT d.id FROM decision d JOIN notice n ON n.id = d.notice_id
        WHERE d.final_at IS NOT NULL AND d.final_at < n.closes_at
        """,
    ),
    (
        "deliberation: decision {} is final against an upheld or open objection",
        """
        SELECT DISTINCT d.id FROM decision d JOIN notice_objection o ON o.notice_id = d.notice_id
        WHERE d.final_at IS NOT NULL AND (o.outcome IS NULL OR o.outcome = 'upheld')
        """,
    ),
    (
        "deliberation: step {} was held before the one it follows",
        """
        SELECT s.id FROM process_step s WHERE s.position > 1 AND NOT EXISTS
         (SELECT 1 FROM process_step b WHERE b.process_id = s.process_id
          AND b.position = s.position - 1 AND b.passed AND b.id < s.id)
        """,
    ),
    (
        "deliberation: step {} was attended by fewer than its share",
        """
        SELECT s.id FROM process_step s JOIN guided_process p ON p.id = s.process_id
        WHERE (s.step = 'review' AND s.present * p.review_den < s.expected * p.review_num)
         OR (s.step = 'resolve' AND s.present * p.attend_den < s.expected * p.attend_num)
        """,
    ),
    (
        "deliberation: process {} is not where its steps are",
        """
        SELECT p.id FROM guided_process p WHERE p.state <> CASE
         WHEN EXISTS (SELECT 1 FROM process_step s WHERE s.process_id = p.id AND NOT s.passed)
          THEN 'stopped'
         WHEN (SELECT COUNT(*) FROM process_step s WHERE s.process_id = p.id) = 6 THEN 'done'
         ELSE 'running' END
        """,
    ),
    (
        "deliberation: demand {} is reached by too few signatures",
        """
        SELECT d.id FROM meeting_demand d WHERE d.meeting_id IS NOT NULL AND d.reached_at IS NULL
        """,
    ),
)


def problems(session: Session) -> list[str]:
    """Name decisions, minutes, bylaws and steps that are not as they were made."""
    at = db.statements(session)
    found = [sentence.format(*row) for sentence, sql in _QUERIES for row in at.all(sql)]
    found += [
        f"deliberation: decision {row.id} has other words than were decided"
        for row in session.scalars(select(Decision).order_by(Decision.id))
        if words_hash(row.words) != row.words_sha256
    ]
    for kept in session.scalars(select(MeetingMinutes).order_by(MeetingMinutes.id)):
        record = transparency.find_record(
            session, kept.community_id, "meeting.minutes", kept.meeting_id
        )
        told = None if record is None else record.fields["content_sha256"]
        if not content_hash(kept.content) == kept.content_sha256 == told:
            found.append(f"deliberation: minutes of meeting {kept.meeting_id} were changed")
    return found + _versions(session)


def _versions(session: Session) -> list[str]:
    found = []
    for row in session.scalars(select(BylawVersion).order_by(BylawVersion.id)):
        if text_hash(clauses_of(session, row.id)) != row.text_sha256:
            found.append(f"deliberation: version {row.id} of a bylaw has other clauses")
        if row.state is VersionState.DRAFT:
            continue
        record = transparency.find_record(session, row.community_id, "bylaw.adopted", row.id)
        if record is None or record.fields["text_sha256"] != row.text_sha256:
            found.append(f"deliberation: version {row.id} is not as the public log tells it")
    return found
