"""Reading 四议两公开: where each matter stands, and its steps as they were signed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from community import notices
from community.deliberation.errors.processes import ProcessNotFound
from community.deliberation.models import GuidedProcess, ProcessStep
from community.deliberation.permissions import READ
from community.deliberation.rules.processes import (
    MEETING_STEPS,
    ORDER,
    ProcessState,
    Step,
    Thresholds,
    attendance_share,
    next_step,
)
from community.kernel import clock, files
from community.kernel.actor import Actor
from community.kernel.errors import NotFound
from community.kernel.masks import mask_name


@dataclass(frozen=True, slots=True)
class StepView:
    """A step as it was held; names of signers are masked for visitors."""

    position: int
    step: Step
    held_on: date
    place: str
    words: str
    expected: int
    present: int
    yes: int
    passed: bool
    signers: tuple[str, ...]
    file_sha256: str
    notice_id: int | None
    posted_until: datetime | None

    @property
    def is_meeting(self) -> bool:
        """Tell whether people met and voted."""
        return self.step in MEETING_STEPS


@dataclass(frozen=True, slots=True)
class ProcessView:
    """A matter on its way."""

    id: int
    title: str
    words: str
    subject: str
    state: ProcessState
    begun_at: datetime
    thresholds: Thresholds
    steps: tuple[StepView, ...]

    @property
    def next_step(self) -> Step | None:
        """Tell which step is to be held now; None where none is."""
        return next_step(len(self.steps)) if self.state is ProcessState.RUNNING else None

    @property
    def next_share(self) -> tuple[int, int]:
        """Tell which share must attend the next step."""
        step = self.next_step
        return (0, 1) if step is None else attendance_share(step, self.thresholds)

    @property
    def is_waiting(self) -> bool:
        """Tell whether the last posting still runs."""
        last = self.steps[-1].posted_until if self.steps else None
        return last is not None and last > clock.now() and self.state is ProcessState.RUNNING

    def station(self, step: Step) -> str:
        """Tell how a station of the way is drawn: done, now or still to come."""
        at = ORDER.index(step)
        if at < len(self.steps):
            return "done" if self.steps[at].passed else "now"
        return "now" if at == len(self.steps) and self.state is ProcessState.RUNNING else ""


def processes(session: Session, actor: Actor) -> tuple[ProcessView, ...]:
    """List all matters, the latest first."""
    rows = session.scalars(
        select(GuidedProcess)
        .where(GuidedProcess.community_id == actor.community_id)
        .order_by(GuidedProcess.id.desc())
    ).all()
    return tuple(_view(session, actor, row) for row in rows)


def get_process(session: Session, actor: Actor, process_id: int) -> ProcessView:
    """Get a matter with its steps.

    Raises: ProcessNotFound.
    """
    row = session.get(GuidedProcess, process_id)
    if row is None or row.community_id != actor.community_id:
        raise ProcessNotFound
    return _view(session, actor, row)


def get_step_paper(
    session: Session, actor: Actor, process_id: int, position: int
) -> files.FileView:
    """Get the photo of a step's signed paper, for the desk.

    Raises: NotFound.
    """
    actor.check(READ.code)
    file_id = session.scalar(
        select(ProcessStep.file_id).where(
            ProcessStep.community_id == actor.community_id,
            ProcessStep.process_id == process_id,
            ProcessStep.position == position,
        )
    )
    if file_id is None:
        raise NotFound
    return files.get_file(session, actor.community_id, file_id)


def _view(session: Session, actor: Actor, row: GuidedProcess) -> ProcessView:
    steps = session.scalars(
        select(ProcessStep)
        .where(ProcessStep.community_id == row.community_id, ProcessStep.process_id == row.id)
        .order_by(ProcessStep.position)
    )
    thresholds = Thresholds(
        row.review_num,
        row.review_den,
        row.attend_num,
        row.attend_den,
        row.passing_num,
        row.passing_den,
        row.posting_days,
        row.legal_basis,
    )
    return ProcessView(
        row.id,
        row.title,
        row.words,
        row.subject,
        row.state,
        row.begun_at,
        thresholds,
        tuple(_step(session, actor, each) for each in steps),
    )


def _step(session: Session, actor: Actor, row: ProcessStep) -> StepView:
    until = None
    if row.notice_id is not None:
        until = notices.get_notice(session, row.community_id, row.notice_id).closes_at
    is_whole = actor.may(READ.code)
    return StepView(
        row.position,
        row.step,
        row.held_on,
        row.place,
        row.words,
        row.expected,
        row.present,
        row.yes,
        row.passed,
        tuple(name if is_whole else mask_name(name) for name in row.signers),
        row.file_sha256,
        row.notice_id,
        until,
    )
