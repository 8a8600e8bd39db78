"""Commands of an import: keep the sheet, choose its columns, start it; and how one is written.

Nobody is deleted by a file: who is missing from it is only proposed at the desk.
"""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from community.identity.errors import NothingToDecide
from community.identity.importing.headers import Column
from community.identity.models import IMPORT_STEPS, ImportState, ResidentImport
from community.identity.permissions import KEEP_PEOPLE
from community.identity.service.rows import change
from community.kernel import clock, files, jobs
from community.kernel.actor import Actor
from community.kernel.errors import NotFound

IMPORT_JOB = "identity.import_residents"
SHEET_KEPT = timedelta(days=7)


def keep_import(session: Session, actor: Actor, ready: files.Ready) -> int:
    """Keep a cleaned sheet and answer the import's id; nothing is imported yet."""
    actor.check(KEEP_PEOPLE.code)
    row = ResidentImport(
        community_id=actor.community_id,
        file_id=files.keep_file(session, actor, ready),
        columns={},
        state=ImportState.READ,
        made_by=actor.person_id,
        made_at=clock.now(),
    )
    session.add(row)
    session.flush()
    return row.id


def choose_columns(
    session: Session, actor: Actor, import_id: int, sheet: int, columns: tuple[str, ...]
) -> None:
    """Let the office say what each column of a sheet holds; "" leaves one aside.

    Raises: NotFound, NothingToDecide once it was started.
    """
    actor.check(KEEP_PEOPLE.code)
    row = _row(session, actor, import_id)
    if row.state is not ImportState.READ:
        raise NothingToDecide
    chosen = [Column(each).value if each else "" for each in columns]
    row.columns = {**row.columns, str(sheet): chosen}


def start_import(session: Session, actor: Actor, import_id: int) -> int:
    """Import the rows without mistakes as a job; answers the job's id.

    Raises: NotFound, NothingToDecide when it was started or withdrawn before.
    """
    actor.check(KEEP_PEOPLE.code)
    row = _row(session, actor, import_id)
    _step(session, row, ImportState.RUNNING)
    row.job_id = jobs.start_job(session, actor, IMPORT_JOB, {"import_id": import_id})
    return row.job_id


def withdraw_import(session: Session, actor: Actor, import_id: int) -> None:
    """Give up an import before it was started; its file goes.

    Raises: NotFound, NothingToDecide.
    """
    actor.check(KEEP_PEOPLE.code)
    row = _row(session, actor, import_id)
    _step(session, row, ImportState.WITHDRAWN)
    files.drop_file(session, actor, row.file_id)
    row.forgotten_at = clock.now()


def end_import(session: Session, actor: Actor, import_id: int) -> None:
    """Mark an import as done; the job's last act."""
    row = _row(session, actor, import_id)
    row.state, row.ended_at = ImportState.DONE, clock.now()


def forget_sheets(session: Session, actor: Actor) -> int:
    """Give up the files of imports after some days: names and numbers are kept once, not twice.

    One that nobody started is withdrawn with that. Answers how many went.
    """
    old = session.scalars(
        select(ResidentImport).where(
            ResidentImport.community_id == actor.community_id,
            ResidentImport.forgotten_at.is_(None),
            ResidentImport.state != ImportState.RUNNING,
            ResidentImport.made_at < clock.now() - SHEET_KEPT,
        )
    ).all()
    for row in old:
        files.drop_file(session, actor, row.file_id)
        row.forgotten_at = clock.now()
        if row.state is ImportState.READ:
            row.state = ImportState.WITHDRAWN
    return len(old)


def _row(session: Session, actor: Actor, import_id: int) -> ResidentImport:
    row = session.get(ResidentImport, import_id)
    if row is None or row.community_id != actor.community_id:
        raise NotFound
    return row


def _step(session: Session, row: ResidentImport, state: ImportState) -> None:
    """Claim the step from the state that was read, so that two clicks start one job."""
    if state not in IMPORT_STEPS[row.state]:
        raise NothingToDecide
    claimed = change(
        session,
        update(ResidentImport)
        .where(ResidentImport.id == row.id, ResidentImport.state == row.state)
        .values(state=state)
        .execution_options(synchronize_session=False),
    )
    if not claimed:
        raise NothingToDecide
    session.refresh(row)
