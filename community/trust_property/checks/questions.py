"""Every question and answer stands as it was told to the public log."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from community import transparency
from community.kernel import db
from community.trust_property.models import Answer, Question
from community.trust_property.rules.questions import words_hash

_QUERIES = (
    (
        "trust: question {} says {} and its answers do not",
        """
        SELECT q.id, q.state FROM trust_question q
        LEFT JOIN trust_answer a ON a.question_id = q.id AND a.number =
         (SELECT MAX(l.number) FROM trust_answer l WHERE l.question_id = q.id)
        WHERE NOT CASE q.state
         WHEN 'open' THEN a.id IS NULL
         WHEN 'answered' THEN a.id IS NOT NULL AND a.is_satisfied IS NULL
         WHEN 'satisfied' THEN COALESCE(a.is_satisfied, FALSE)
         ELSE NOT COALESCE(a.is_satisfied, TRUE) END
        """,
    ),
    (
        "trust: answer {} is of the asker's own hand",
        """
        SELECT a.id FROM trust_answer a JOIN trust_question q ON q.id = a.question_id
        WHERE a.answered_by = q.asked_by
        """,
    ),
)


def problems(session: Session) -> Iterator[str]:
    """Name questions whose state or words are not what was told, and answers alike."""
    at = db.statements(session)
    for sentence, sql in _QUERIES:
        for row in at.all(sql):
            yield sentence.format(*row)
    for question in session.scalars(select(Question).order_by(Question.id)):
        yield from _question(session, question)
    for answer in session.scalars(select(Answer).order_by(Answer.id)):
        yield from _answer(session, answer)


def _question(session: Session, row: Question) -> Iterator[str]:
    if row.words and words_hash(row.words) != row.words_sha256:
        yield f"trust: question {row.id} has other words than were asked"
    record = transparency.find_record(session, row.community_id, "trust.question", row.id)
    if record is None:
        yield f"trust: question {row.id} is not in the public log"
        return
    told = {name: record.fields[name] for name in ("fund", "subject", "state", "due_on")}
    now = {
        "fund": row.fund_id,
        "subject": [row.subject_kind.value, row.subject_id],
        "state": row.state.value,
        "due_on": row.due_on.isoformat(),
    }
    if row.state.value == "answered":
        # The answer's own record tells of this step.
        del told["state"], now["state"]
    if told != now or record.fields["text_sha256"] != row.words_sha256:
        yield f"trust: question {row.id} is not as the public log tells it"


def _answer(session: Session, row: Answer) -> Iterator[str]:
    if words_hash(row.words) != row.words_sha256:
        yield f"trust: answer {row.id} has other words than were given"
    record = transparency.find_record(session, row.community_id, "trust.answer", row.id)
    if record is None:
        yield f"trust: answer {row.id} is not in the public log"
        return
    told = tuple(
        record.fields[name] for name in ("question", "number", "side", "text_sha256", "vouchers")
    )
    papers = [[title, sha256] for title, _, sha256 in row.papers]
    if told != (row.question_id, row.number, row.side.value, row.words_sha256, papers):
        yield f"trust: answer {row.id} is not as the public log tells it"
