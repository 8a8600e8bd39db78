"""Which communities have records that wait for their place."""

from __future__ import annotations

from sqlalchemy.orm import Session

from community.kernel import db

_WAITING = """
SELECT c.id FROM community c WHERE EXISTS
 (SELECT 1 FROM transparency_record r WHERE r.community_id = c.id AND r.id > COALESCE(
  (SELECT l.record_id FROM transparency_leaf l WHERE l.community_id = c.id
   ORDER BY l.log_index DESC LIMIT 1), 0))
ORDER BY c.id
"""


def communities_waiting(session: Session) -> tuple[int, ...]:
    """Name the communities with records waiting; asked every second, so it reads indexes only."""
    return tuple(row[0] for row in db.statements(session).all(_WAITING))


def community_id_of(session: Session, slug: str) -> int | None:
    """Find a community by its word in addresses."""
    row = db.statements(session).one("SELECT id FROM community WHERE slug = ?", (slug,))
    return None if row is None else int(row[0])


def count_waiting(session: Session, community_id: int) -> int:
    """Count the records of a community that wait for their place."""
    row = db.statements(session).one(
        "SELECT COUNT(*) FROM transparency_record WHERE community_id = ? AND id > COALESCE("
        "(SELECT record_id FROM transparency_leaf WHERE community_id = ?"
        " ORDER BY log_index DESC LIMIT 1), 0)",
        (community_id, community_id),
    )
    assert row is not None
    return int(row[0])
