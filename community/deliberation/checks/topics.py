"""Topics, their answers, mergers and moderation agree with what was done to them."""

from __future__ import annotations

from sqlalchemy.orm import Session

from community.kernel import db

_QUERIES = (
    (
        "topics: topic {} is raised and its trace does not begin there",
        """
        SELECT t.id FROM topic t WHERE t.state <> 'draft' AND NOT EXISTS
         (SELECT 1 FROM topic_step s WHERE s.topic_id = t.id AND s.kind = 'raised')
        """,
    ),
    (
        "topics: topic {} is a draft and somebody endorses or argues it",
        """
        SELECT t.id FROM topic t WHERE t.state = 'draft' AND (
         EXISTS (SELECT 1 FROM endorsement e WHERE e.topic_id = t.id)
         OR EXISTS (SELECT 1 FROM argument a WHERE a.topic_id = t.id))
        """,
    ),
    (
        "topics: topic {} says {} and its answers do not",
        """
        SELECT t.id, t.answer_state FROM topic t
        LEFT JOIN topic_answer a ON a.topic_id = t.id AND a.number =
         (SELECT MAX(l.number) FROM topic_answer l WHERE l.topic_id = t.id)
        WHERE NOT CASE t.answer_state
         WHEN 'waiting' THEN a.id IS NULL
         WHEN 'promised' THEN a.id IS NOT NULL AND a.outcome = 'will_do'
         ELSE a.id IS NOT NULL AND a.outcome <> 'will_do' END
        """,
    ),
    (
        "topics: topic {} went into {} and no merger says so",
        """
        SELECT t.id, t.merged_into_id FROM topic t WHERE t.state = 'merged' AND NOT EXISTS
         (SELECT 1 FROM topic_merge m WHERE m.topic_id = t.id AND m.into_id = t.merged_into_id
          AND m.state = 'merged')
        """,
    ),
    (
        "topics: merger {} stands and its topic does not",
        """
        SELECT m.id FROM topic_merge m JOIN topic t ON t.id = m.topic_id
        WHERE m.state = 'merged' AND t.state <> 'merged'
        """,
    ),
    (
        "topics: topic {} went into one that went into another",
        """
        SELECT t.id FROM topic t JOIN topic i ON i.id = t.merged_into_id
        WHERE i.merged_into_id IS NOT NULL OR i.state = 'draft'
        """,
    ),
    (
        "topics: topic {} is not as its last moderator left it",
        """
        SELECT t.id FROM topic t WHERE t.is_hidden <> (COALESCE(
         (SELECT m.kind FROM moderation m WHERE m.topic_id = t.id AND m.argument_id IS NULL
          AND m.kind IN ('hide', 'restore') ORDER BY m.id DESC LIMIT 1), 'restore') = 'hide')
        """,
    ),
    (
        "topics: argument {} is not as its last moderator left it",
        """
        SELECT t.id FROM argument t WHERE t.is_hidden <> (COALESCE(
         (SELECT m.kind FROM moderation m WHERE m.topic_id = t.topic_id AND m.argument_id = t.id
          AND m.kind IN ('hide', 'restore') ORDER BY m.id DESC LIMIT 1), 'restore') = 'hide')
        """,
    ),
    (
        "topics: reply {} stands under no argument of its topic",
        """
        SELECT r.id FROM argument r JOIN argument a ON a.id = r.replies_to_id
        WHERE a.topic_id <> r.topic_id OR a.replies_to_id IS NOT NULL
        """,
    ),
    (
        "topics: flag {} names an argument of another topic",
        """
        SELECT f.id FROM flag f JOIN argument a ON a.id = f.argument_id
        WHERE a.topic_id <> f.topic_id
        """,
    ),
    (
        "topics: moderation {} names an argument of another topic",
        """
        SELECT m.id FROM moderation m JOIN argument a ON a.id = m.argument_id
        WHERE a.topic_id <> m.topic_id
        """,
    ),
    (
        "topics: appeal {} is not against a hiding by the hand it names",
        """
        SELECT a.id FROM appeal a JOIN moderation m ON m.id = a.moderation_id
        WHERE m.kind <> 'hide' OR m.moderated_by <> a.hidden_by
        """,
    ),
)


def problems(session: Session) -> list[str]:
    """Name topics, arguments, mergers and appeals whose rows contradict each other."""
    at = db.statements(session)
    return [sentence.format(*row) for sentence, sql in _QUERIES for row in at.all(sql)]
