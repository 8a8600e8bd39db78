"""Writing a release in the very transaction of the act it tells of, in the feed's own order."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from community.kernel import clock, db
from community.kernel.tables import Community
from community.micro_projects.models import OcdsProcess, OcdsRelease, Project
from community.micro_projects.open_contracting import facts
from community.micro_projects.open_contracting.canonical import read_json, write_json
from community.micro_projects.open_contracting.merging import compile_release
from community.micro_projects.open_contracting.writing import write_process, write_release

# The documentation's example: whoever publishes for real registers a prefix of their own.
EXAMPLE_PREFIX = "ocds-213czf"
_INSTANT = timedelta(microseconds=1)
_prefix = EXAMPLE_PREFIX


def use_prefix(prefix: str) -> None:
    """Begin the numbers of new processes with the publisher's prefix; old ones keep theirs."""
    global _prefix  # noqa: PLW0603  a setting of the process, told once by assembly
    _prefix = prefix


def is_example_prefix() -> bool:
    """Tell whether new numbers still begin with the documentation's example."""
    return _prefix == EXAMPLE_PREFIX


def release_state(
    session: Session,
    community_id: int,
    project_id: int,
    process: facts.Process,
    *,
    tender_id: int | None = None,
    award_id: int | None = None,
) -> str | None:
    """Publish what changed of a process since its last release; gives the release's id.

    The process is that of a tender, or of a direct award. When nothing changed nothing is written.
    """
    # Two acts on one process would both read the same last release; the feed's row parts them.
    last_place = lock_feed(session, community_id)
    row = _process_row(session, community_id, project_id, tender_id, award_id)
    earlier = session.execute(
        select(OcdsRelease.content, OcdsRelease.published_at)
        .where(OcdsRelease.community_id == community_id, OcdsRelease.process_id == row.id)
        .order_by(OcdsRelease.number)
    ).all()
    before = compile_release([read_json(content) for content, _ in earlier]) if earlier else {}
    at = _later_than(earlier[-1][1]) if earlier else clock.now()
    now = read_json(write_json(write_process(process)))
    release = write_release(row.ocid, len(earlier) + 1, at, before, now)
    if release is None:
        return None
    session.add(
        OcdsRelease(
            community_id=community_id,
            process_id=row.id,
            number=len(earlier) + 1,
            release_id=release["id"],
            tags=",".join(release["tag"]),
            content=write_json(release),
            published_at=at,
            feed_place=count_up(session, community_id, last_place),
        )
    )
    session.flush()
    return str(release["id"])


def lock_feed(session: Session, community_id: int) -> int:
    """Keep others from publishing until this transaction ends; gives the last place.

    A sequence would not do: whoever takes a number first may commit last, and a reader who has
    gone on meanwhile never looks back.
    """
    statements = db.statements(session)
    statements.run(
        "INSERT INTO ocds_feed (community_id, last_place) VALUES (?, 0) ON CONFLICT DO NOTHING",
        (community_id,),
    )
    asked = "SELECT last_place FROM ocds_feed WHERE community_id = ?"
    row = statements.one(asked + (" FOR UPDATE" if statements.is_postgres else ""), (community_id,))
    assert row is not None, "the feed's row was put there above"
    return int(row[0])


def count_up(session: Session, community_id: int, last_place: int) -> int:
    """Take the next place of a feed that `lock_feed` keeps."""
    db.statements(session).run(
        "UPDATE ocds_feed SET last_place = ? WHERE community_id = ?",
        (last_place + 1, community_id),
    )
    return last_place + 1


def _process_row(
    session: Session,
    community_id: int,
    project_id: int,
    tender_id: int | None,
    award_id: int | None,
) -> OcdsProcess:
    key = (
        OcdsProcess.award_id == award_id
        if tender_id is None
        else OcdsProcess.tender_id == tender_id
    )
    found = session.scalar(select(OcdsProcess).where(OcdsProcess.community_id == community_id, key))
    if found is not None:
        return found
    earlier = select(func.count(OcdsProcess.id)).where(
        OcdsProcess.community_id == community_id, OcdsProcess.project_id == project_id
    )
    attempt = (session.scalar(earlier) or 0) + 1
    slug = session.get_one(Community, community_id).slug
    number = session.get_one(Project, project_id).number
    made = OcdsProcess(
        community_id=community_id,
        project_id=project_id,
        tender_id=tender_id,
        award_id=None if tender_id is not None else award_id,
        attempt=attempt,
        ocid=f"{_prefix}-{slug}-{number}-{attempt}",
    )
    session.add(made)
    session.flush()
    return made


def _later_than(last: datetime) -> datetime:
    """Give the present, but always after the last release: their dates are their order."""
    return max(clock.now(), last + _INSTANT)
