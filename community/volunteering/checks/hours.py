"""Records of hours, their versions, and the book of hours: what must hold between them."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from community import ledger
from community.kernel import db
from community.kernel.tables import Community

_QUERIES = (
    (
        "hours record {} is at version {}, its versions say {}",
        """
        SELECT r.id, r.version, COALESCE(MAX(v.version), 0) FROM hours_record r
        LEFT JOIN hours_version v ON v.community_id = r.community_id AND v.record_id = r.id
        GROUP BY r.id, r.version HAVING r.version <> COALESCE(MAX(v.version), 0)
        OR r.version <> COUNT(v.id)
        """,
    ),
    (
        "hours record {} says {} minutes, its newest version {}",
        """
        SELECT r.id, r.minutes, v.minutes FROM hours_record r JOIN hours_version v
        ON v.community_id = r.community_id AND v.record_id = r.id AND v.version = r.version
        WHERE r.minutes <> v.minutes
        """,
    ),
    (
        "confirmed hours record {} was vouched for by its own volunteer",
        """
        SELECT id FROM hours_record WHERE state = 'confirmed' AND source <> 'import'
        AND (confirmed_by = person_id OR reviewed_by = person_id)
        """,
    ),
    (
        "back-fill {} was approved without its marked record",
        """
        SELECT b.id FROM back_fill b LEFT JOIN hours_record r
        ON r.community_id = b.community_id AND r.id = b.record_id
        WHERE b.state = 'approved' AND (r.id IS NULL OR r.hours_class <> 'back_filled')
        """,
    ),
    (
        "paper sheet {} was confirmed by who uploaded it, or too late",
        """
        SELECT id FROM paper_sheet WHERE state = 'confirmed'
        AND (decided_by = uploaded_by OR decided_at > confirm_by)
        """,
    ),
)
_CONFIRMED = (
    "SELECT person_id, SUM(minutes) FROM hours_record WHERE community_id = ?"
    " AND state = 'confirmed' GROUP BY person_id ORDER BY person_id"
)


def problems(session: Session) -> list[str]:
    """List what does not hold."""
    at = db.statements(session)
    found = [sentence.format(*row) for sentence, sql in _QUERIES for row in at.all(sql)]
    for community_id in session.scalars(select(Community.id).order_by(Community.id)):
        for person_id, minutes in at.all(_CONFIRMED, (community_id,)):
            booked = ledger.balance_of(
                session, community_id, ledger.BookKind.HOURS, f"person:{person_id}"
            ).total
            if booked != minutes:
                found.append(
                    f"person {person_id} has {minutes} confirmed minutes, the book says {booked}"
                )
    return found
