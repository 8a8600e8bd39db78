"""Reading what was published: the feed in its order, single releases, and records of a process."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from community.kernel.actor import Actor
from community.kernel.tables import Community
from community.micro_projects.errors.open_data import NothingPublished
from community.micro_projects.models import OcdsFeed, OcdsProcess, OcdsRelease
from community.micro_projects.open_contracting.canonical import Json, read_json
from community.micro_projects.open_contracting.merging import compile_release
from community.micro_projects.open_contracting.packages import write_record

FEED_STEP = 100
RECORD_STEP = 50


@dataclass(frozen=True, slots=True)
class ReleaseView:
    """A release as it was published; `place` counts the community's releases."""

    place: int
    ocid: str
    release_id: str
    tags: tuple[str, ...]
    published_at: datetime
    content: bytes


@dataclass(frozen=True, slots=True)
class FeedLine:
    """That something new was published about a process."""

    place: int
    ocid: str
    release_id: str
    tags: tuple[str, ...]
    published_at: datetime


@dataclass(frozen=True, slots=True)
class FeedPage:
    """What is new after a place; ask again after `next` at any time, nothing is ever skipped."""

    lines: tuple[FeedLine, ...]
    next: int
    is_last: bool


@dataclass(frozen=True, slots=True)
class RecordView:
    """A process with everything that was published about it."""

    ocid: str
    releases: tuple[ReleaseView, ...]

    def compile(self) -> Json:
        """Tell what is true of it now."""
        return compile_release([read_json(each.content) for each in self.releases])

    def write(self) -> bytes:
        """Write it as a record: releases, what is true now, every earlier value."""
        return write_record(self.ocid, [each.content for each in self.releases])


@dataclass(frozen=True, slots=True)
class Publishing:
    """A community that publishes."""

    id: int
    slug: str
    name: str


@dataclass(frozen=True, slots=True)
class RecordPage:
    """A page of records; ask again after `next`."""

    records: tuple[RecordView, ...]
    next: int
    is_last: bool


def last_place(session: Session, community_id: int) -> int:
    """Tell how many releases a community has published."""
    found = select(OcdsFeed.last_place).where(OcdsFeed.community_id == community_id)
    return session.scalar(found) or 0


def releases_after(
    session: Session, community_id: int, after: int, most: int = FEED_STEP
) -> tuple[ReleaseView, ...]:
    """List the releases after a place of the feed, in their order."""
    rows = session.execute(
        _releases(community_id)
        .where(OcdsRelease.feed_place > after)
        .order_by(OcdsRelease.feed_place)
        .limit(most)
    )
    return tuple(_view(*row) for row in rows)


def open_data_feed(session: Session, actor: Actor, after: int = 0) -> FeedPage:
    """Tell what was published after a place, at most a page of it."""
    found = releases_after(session, actor.community_id, after)
    lines = tuple(
        FeedLine(each.place, each.ocid, each.release_id, each.tags, each.published_at)
        for each in found
    )
    reached = found[-1].place if found else after
    return FeedPage(lines, reached, len(found) < FEED_STEP)


def find_release(session: Session, community_id: int, release_id: str) -> ReleaseView:
    """Get a release by its id.

    Raises: NothingPublished.
    """
    row = session.execute(
        _releases(community_id).where(OcdsRelease.release_id == release_id)
    ).one_or_none()
    if row is None:
        raise NothingPublished
    return _view(*row)


def find_record(session: Session, community_id: int, ocid: str) -> RecordView:
    """Get everything published about a process.

    Raises: NothingPublished.
    """
    rows = session.execute(
        _releases(community_id).where(OcdsProcess.ocid == ocid).order_by(OcdsRelease.number)
    ).all()
    if not rows:
        raise NothingPublished
    return RecordView(ocid, tuple(_view(*row) for row in rows))


def records_after(
    session: Session, community_id: int, after: int, most: int = RECORD_STEP
) -> RecordPage:
    """Give a page of records in the order in which their processes began."""
    found = _process_ids(session, community_id, after, most)
    records = records_of(session, community_id, found)
    return RecordPage(tuple(records), found[-1] if found else after, len(found) < most)


def records_of(session: Session, community_id: int, process_ids: list[int]) -> list[RecordView]:
    """Give the records of processes, in the order asked for."""
    rows = session.execute(
        _releases(community_id)
        .add_columns(OcdsRelease.process_id)
        .where(OcdsRelease.process_id.in_(process_ids))
        .order_by(OcdsRelease.process_id, OcdsRelease.number)
    )
    found: dict[int, list[ReleaseView]] = {}
    for row in rows:
        found.setdefault(row[-1], []).append(_view(*row[:-1]))
    return [
        RecordView(found[each][0].ocid, tuple(found[each])) for each in process_ids if each in found
    ]


def every_record(session: Session, community_id: int, step: int = 200) -> Iterator[RecordView]:
    """Give every record of a community, a few hundred at a time."""
    after = 0
    while process_ids := _process_ids(session, community_id, after, step):
        yield from records_of(session, community_id, process_ids)
        after = process_ids[-1]


def every_release(session: Session, community_id: int) -> Iterator[ReleaseView]:
    """Give every release of a community in the feed's order, a few hundred at a time."""
    after = 0
    while found := releases_after(session, community_id, after, 500):
        yield from found
        after = found[-1].place


def publishing_communities(session: Session) -> tuple[Publishing, ...]:
    """List the communities that have published anything, by their word in addresses."""
    rows = session.execute(
        select(Community.id, Community.slug, Community.name)
        .where(Community.id.in_(select(OcdsFeed.community_id)))
        .order_by(Community.slug)
    )
    return tuple(Publishing(*row) for row in rows)


def process_count(session: Session, community_id: int) -> int:
    """Count the processes published so far."""
    found = select(func.count(OcdsProcess.id)).where(OcdsProcess.community_id == community_id)
    return session.scalar(found) or 0


def processes_of(session: Session, community_id: int, project_id: int) -> tuple[str, ...]:
    """List the numbers of a project's processes, the first attempt first."""
    rows = session.scalars(
        select(OcdsProcess.ocid)
        .where(OcdsProcess.community_id == community_id, OcdsProcess.project_id == project_id)
        .order_by(OcdsProcess.attempt)
    )
    return tuple(rows)


def _process_ids(session: Session, community_id: int, after: int, most: int) -> list[int]:
    found = (
        select(OcdsProcess.id)
        .where(OcdsProcess.community_id == community_id, OcdsProcess.id > after)
        .order_by(OcdsProcess.id)
        .limit(most)
    )
    return list(session.scalars(found))


_COLUMNS = (
    OcdsRelease.feed_place,
    OcdsProcess.ocid,
    OcdsRelease.release_id,
    OcdsRelease.tags,
    OcdsRelease.published_at,
    OcdsRelease.content,
)


def _releases(community_id: int) -> Select[int, str, str, str, datetime, bytes]:
    return (
        select(*_COLUMNS)
        .join(OcdsProcess, OcdsProcess.id == OcdsRelease.process_id)
        .where(OcdsRelease.community_id == community_id)
    )


def _view(
    place: int, ocid: str, release_id: str, tags: str, published_at: datetime, content: bytes
) -> ReleaseView:
    return ReleaseView(place, ocid, release_id, tuple(tags.split(",")), published_at, content)
