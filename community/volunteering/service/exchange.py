"""Taking hours over from other platforms: labelled, overlaps waiting, never points or coins."""

from __future__ import annotations

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from community.kernel import clock, files, jobs
from community.kernel.actor import Actor
from community.kernel.errors import N_
from community.kernel.jobs.kinds import Arguments
from community.volunteering import permissions
from community.volunteering.errors.exchange import AlreadyImported, ImportStarted
from community.volunteering.models import ExchangeLayout, HoursImport
from community.volunteering.queries.exchange import (
    Layout,
    Matched,
    get_import,
    layout_of,
    match_rows,
    read_rows,
)
from community.volunteering.rules.drafts import HoursDraft
from community.volunteering.rules.kinds import HoursClass, ServiceKind
from community.volunteering.rules.sheets import source_key
from community.volunteering.rules.states import HoursSource
from community.volunteering.service.hours import record_hours

JOB = "volunteering.import_hours"
ROWS_AT_ONCE = 50


def keep_hours_import(session: Session, actor: Actor, platform: str, ready: files.Ready) -> int:
    """Keep an uploaded sheet; nothing is imported before somebody has looked at it.

    Raises: NotFound for an unknown platform, AlreadyImported.
    """
    actor.check(permissions.EXCHANGE.code)
    layout_of(session, actor.community_id, platform)
    before = session.scalar(
        select(HoursImport.file_name).where(
            HoursImport.community_id == actor.community_id, HoursImport.digest == ready.sha256
        )
    )
    if before is not None:
        raise AlreadyImported(file_name=before)
    row = HoursImport(
        community_id=actor.community_id, platform=platform, file_name=ready.name[:120],
        file_id=files.keep_file(session, actor, ready), digest=ready.sha256,
        uploaded_by=actor.person_id, uploaded_at=clock.now(),
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row.id


def start_hours_import(session: Session, actor: Actor, import_id: int) -> int:
    """Start importing the rows without mistakes, as long work with progress.

    Raises: NotFound, ImportStarted.
    """
    actor.check(permissions.EXCHANGE.code)
    get_import(session, actor.community_id, import_id)
    job_id = jobs.start_job(session, actor, JOB, {"import_id": import_id})
    claimed = session.execute(
        update(HoursImport)
        .where(
            HoursImport.community_id == actor.community_id,
            HoursImport.id == import_id,
            HoursImport.job_id.is_(None),
        )
        .values(job_id=job_id)
    )
    if claimed.rowcount != 1:  # type: ignore[attr-defined]  # a CursorResult
        raise ImportStarted
    return job_id


def change_layout(
    session: Session, actor: Actor, platform: str, columns: tuple[tuple[str, str], ...]
) -> None:
    """Say which heading of a platform's sheet means what, when it differs from the reported one.

    Raises: NotFound.
    """
    actor.check(permissions.EXCHANGE.code)
    layout: Layout = layout_of(session, actor.community_id, platform)
    row = session.scalar(
        select(ExchangeLayout).where(
            ExchangeLayout.community_id == actor.community_id,
            ExchangeLayout.platform == layout.platform,
        )
    )
    if row is None:
        row = ExchangeLayout(community_id=actor.community_id, platform=platform)
        session.add(row)
    row.columns = dict(columns)
    row.changed_by = actor.person_id or 0
    row.changed_at = clock.now()


def import_row(session: Session, actor: Actor, platform: str, name: str, matched: Matched) -> None:
    """Write one row down: labelled as imported; one that overlaps waits for somebody to look.

    A part of the import job; whoever started it has been checked.
    """
    row = matched.row
    if matched.person_id is None or row.served_on is None:
        return
    draft = HoursDraft(
        person_id=matched.person_id, source=HoursSource.IMPORT,
        source_key=source_key(platform, matched.person_id, row), kind=ServiceKind.OTHER,
        title=row.title, organising_unit=(row.unit or name)[:60], served_on=row.served_on,
        minutes=row.minutes, hours_class=HoursClass.IMPORTED, content=name,
        starts_at=row.starts_at,
        reason=N_("与本社区当天的记录重叠，请核对") if matched.overlaps else "",
    )  # fmt: skip
    record_hours(session, actor, draft, is_vouched=not matched.overlaps)


def plan_import(session: Session, actor: Actor, args: Arguments) -> int:
    """Tell how many rows the file has."""
    found = get_import(session, actor.community_id, args["import_id"])
    return len(read_rows(session, actor.community_id, found))


def prepare_import(
    session: Session, actor: Actor, args: Arguments, position: int
) -> tuple[Matched, ...]:
    """Read the next rows and find whom they name, outside the writer."""
    found = get_import(session, actor.community_id, args["import_id"])
    rows = read_rows(session, actor.community_id, found)
    return match_rows(session, actor, rows[position : position + ROWS_AT_ONCE])


def write_import(session: Session, actor: Actor, args: Arguments, step: jobs.Step) -> int:
    """Write rows down while the chunk's time lasts; at least one."""
    row = session.get_one(HoursImport, args["import_id"])
    name = layout_of(session, actor.community_id, row.platform).name
    done = 0
    for matched in step.ready:
        import_row(session, actor, row.platform, name, matched)
        row.rows_taken += matched.person_id is not None
        row.rows_overlapping += matched.overlaps
        done += 1
        if not step.budget.lasts():
            break
    return step.position + done


def finish_import(session: Session, actor: Actor, args: Arguments) -> None:
    """Note that the import has ended."""
    session.get_one(HoursImport, args["import_id"]).ended_at = clock.now()
