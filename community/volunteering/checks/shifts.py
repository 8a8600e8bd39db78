"""Places, offers and attendance: what must hold between their rows."""

from __future__ import annotations

from sqlalchemy.orm import Session

from community.kernel import db

_QUERIES = (
    (
        "shift {} counts {} places taken, its sign-ups say {}",
        """
        SELECT s.id, s.taken, COUNT(u.id) FROM shift s LEFT JOIN sign_up u
        ON u.community_id = s.community_id AND u.shift_id = s.id
        AND u.state IN ('signed_up', 'offered')
        GROUP BY s.id, s.taken HAVING s.taken <> COUNT(u.id)
        """,
    ),
    (
        "attendance {} belongs to nobody on the roster",
        """
        SELECT t.id FROM attendance t WHERE NOT EXISTS (SELECT 1 FROM sign_up u
        WHERE u.community_id = t.community_id AND u.shift_id = t.shift_id
        AND u.person_id = t.person_id)
        """,
    ),
    (
        "attendance {} was never attempted",
        """
        SELECT t.id FROM attendance t WHERE NOT EXISTS (SELECT 1 FROM check_in_attempt c
        WHERE c.community_id = t.community_id AND c.shift_id = t.shift_id
        AND c.direction = 'in' AND c.is_accepted AND (c.person_id = t.person_id OR c.person_id IN
        (SELECT p.id FROM person p WHERE p.merged_into = t.person_id)))
        """,
    ),
    (
        "shift {} is cancelled but {} people still have a place",
        """
        SELECT s.id, COUNT(u.id) FROM shift s JOIN sign_up u
        ON u.community_id = s.community_id AND u.shift_id = s.id
        WHERE s.state = 'cancelled' AND u.state IN ('signed_up', 'offered', 'waiting')
        GROUP BY s.id
        """,
    ),
)


def problems(session: Session) -> list[str]:
    """List what does not hold."""
    at = db.statements(session)
    return [sentence.format(*row) for sentence, sql in _QUERIES for row in at.all(sql)]
