"""Beginning and ending long work at a roll; while it is at hand nothing else touches the roll."""

from __future__ import annotations

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from community.deliberation import permissions
from community.deliberation.errors.polls import NothingToResume, RollAtWork, WorkSuperseded
from community.deliberation.models import Poll, RollWork, RollWorkKind
from community.deliberation.service.poll_rows import get_poll_row
from community.kernel import clock, jobs
from community.kernel.actor import Actor
from community.kernel.jobs.kinds import Arguments

JOBS = {
    RollWorkKind.POST: "deliberation.post_roll",
    RollWorkKind.FREEZE: "deliberation.freeze_roll",
    RollWorkKind.CITY: "deliberation.import_city_ballots",
}
# A roll up to this long is worked at in its command, within some tenths of a second.
MOST_AT_ONCE = 500


def check_idle(session: Session, row: Poll) -> None:
    """Refuse to touch a roll that is being worked at; work that failed lets others go on.

    Raises: RollAtWork.
    """
    work = find_at_hand(session, row)
    if work is not None and not _has_stopped(session, work):
        raise RollAtWork


def find_at_hand(session: Session, row: Poll) -> RollWork | None:
    """Find the work of a poll that has not come to its end."""
    return session.scalar(
        select(RollWork).where(
            RollWork.community_id == row.community_id,
            RollWork.poll_id == row.id,
            RollWork.ended_at.is_(None),
        )
    )


def begin(
    session: Session,
    actor: Actor,
    row: Poll,
    kind: RollWorkKind,
    waiver: str = "",
    lines: str | None = None,
) -> RollWork:
    """Begin work as a job; what failed before is given up, and its job cannot go on.

    Raises: RollAtWork.
    """
    check_idle(session, row)
    give_up(session, row)
    work = RollWork(
        community_id=row.community_id,
        poll_id=row.id,
        kind=kind,
        waiver=waiver,
        lines=lines,
        passed_over=[],
        begun_at=clock.now(),
    )
    session.add(work)
    session.flush()
    link = f"desk/polls/{row.id}"
    work.job_id = jobs.start_job(session, actor, JOBS[kind], {"work_id": work.id}, link)
    session.flush()
    return work


def give_up(session: Session, row: Poll) -> None:
    """End what has failed before."""
    session.execute(
        update(RollWork)
        .where(
            RollWork.community_id == row.community_id,
            RollWork.poll_id == row.id,
            RollWork.ended_at.is_(None),
        )
        .values(ended_at=clock.now(), lines=None)
        .execution_options(synchronize_session="fetch")
    )


def resume_roll_work(session: Session, actor: Actor, poll_id: int) -> int:
    """Let work that has failed go on where it stopped; gives its job.

    Raises: PollNotFound, NothingToResume.
    """
    actor.check(permissions.CONVENE.code)
    row = get_poll_row(session, actor.community_id, poll_id)
    work = find_at_hand(session, row)
    if work is None or work.job_id is None or not _has_stopped(session, work):
        raise NothingToResume
    # Whoever convenes may go on with a colleague's work; it runs with the colleague's grants.
    jobs.retry_job(session, Actor.system(row.community_id), work.job_id)
    return work.job_id


def load_work(session: Session, actor: Actor, args: Arguments) -> RollWork:
    """Give a job its work, unless newer work has taken its place.

    Raises: WorkSuperseded.
    """
    work = session.get(RollWork, args["work_id"])
    if work is None or work.community_id != actor.community_id or work.ended_at is not None:
        raise WorkSuperseded
    return work


def end(session: Session, work: RollWork) -> None:
    """End work; what it kept to itself goes."""
    work.lines, work.ended_at = None, clock.now()
    session.flush()


def _has_stopped(session: Session, work: RollWork) -> bool:
    job = None if work.job_id is None else jobs.find_job(session, work.community_id, work.job_id)
    return job is None or job.is_over
