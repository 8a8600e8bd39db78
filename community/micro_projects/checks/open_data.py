"""What must never be false of open data: a gap in the feed, or a release that breaks a rule."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from community.kernel.tables import Community
from community.micro_projects.models import OcdsFeed, OcdsRelease
from community.micro_projects.open_contracting.canonical import read_json
from community.micro_projects.open_contracting.integrity import (
    problems_between,
    problems_of_process,
)
from community.micro_projects.open_contracting.merging import compile_release
from community.micro_projects.queries.open_data import every_record
from community.micro_projects.queries.processes import stale_processes


def problems(session: Session) -> list[str]:
    """List what is wrong in the open data."""
    found: list[str] = []
    for community_id in session.scalars(select(Community.id).order_by(Community.id)).all():
        found += _of_feed(session, community_id)
        found += _of_records(session, community_id)
        found += [
            f"{each}: not published as it is" for each in stale_processes(session, community_id)
        ]
    return found


def _of_feed(session: Session, community_id: int) -> list[str]:
    last = session.scalar(select(OcdsFeed.last_place).where(OcdsFeed.community_id == community_id))
    count, highest = session.execute(
        select(func.count(OcdsRelease.id), func.max(OcdsRelease.feed_place)).where(
            OcdsRelease.community_id == community_id
        )
    ).one()
    if count == (highest or 0) == (last or 0):
        return []
    told = f"{count} releases, the last at {highest}, counted {last}"
    return [f"community {community_id}: its open data feed has a gap: {told}"]


def _of_records(session: Session, community_id: int) -> list[str]:
    found = []
    compiled = {}
    for record in every_record(session, community_id):
        releases = [read_json(each.content) for each in record.releases]
        found += problems_of_process(releases)
        compiled[record.ocid] = compile_release(releases)
    found += problems_between(compiled)
    return [f"{each.ocid}{each.place}: {each.kind.value}: {each.sentence}" for each in found]
