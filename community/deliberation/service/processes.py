"""Commands of 四议两公开: begin a matter, record each step with its counts and signatures."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from community import notices
from community.deliberation.errors.processes import (
    PostingNotOver,
    ProcessNotFound,
    ProcessOver,
    SharesUnclear,
    SignersMissing,
)
from community.deliberation.models import GuidedProcess, ProcessStep
from community.deliberation.permissions import CONVENE
from community.deliberation.rules.processes import (
    MEETING_STEPS,
    ORDER,
    ProcessState,
    Step,
    StepCount,
    Thresholds,
    check_counts,
    check_order,
    is_step_passed,
)
from community.deliberation.service.meeting_log import publish
from community.kernel import clock, files
from community.kernel.actor import Actor


@dataclass(frozen=True, slots=True)
class StepReport:
    """What is recorded of a step."""

    step: Step
    held_on: date
    place: str
    words: str
    count: StepCount
    signers: tuple[str, ...]


def begin_process(
    session: Session,
    actor: Actor,
    title: str,
    words: str,
    thresholds: Thresholds,
    subject: str = "",
) -> int:
    """Begin a matter's way through the six steps, held to shares that are kept; gives its id.

    Raises: NotAllowed, SharesUnclear.
    """
    actor.check(CONVENE.code)
    shares = (
        (thresholds.review_num, thresholds.review_den),
        (thresholds.attend_num, thresholds.attend_den),
        (thresholds.passing_num, thresholds.passing_den),
    )
    if any(not 0 < part <= whole for part, whole in shares):
        raise SharesUnclear
    if 2 * thresholds.passing_num < thresholds.passing_den:
        raise SharesUnclear
    row = GuidedProcess(
        community_id=actor.community_id,
        title=title,
        words=words,
        subject=subject,
        state=ProcessState.RUNNING,
        legal_basis=thresholds.legal_basis,
        review_num=thresholds.review_num,
        review_den=thresholds.review_den,
        attend_num=thresholds.attend_num,
        attend_den=thresholds.attend_den,
        passing_num=thresholds.passing_num,
        passing_den=thresholds.passing_den,
        posting_days=thresholds.posting_days,
        begun_by=actor.person_id,
        begun_at=clock.now(),
    )
    session.add(row)
    session.flush()
    return row.id


def record_step(
    session: Session,
    actor: Actor,
    process_id: int,
    report: StepReport,
    paper: files.Ready | None = None,
) -> bool:
    """Record the next step with who should have come, who came, the result and the signed paper.

    A posting is published at once and must be over before the next step. Gives whether it passed.
    Raises: NotAllowed, ProcessNotFound, ProcessOver, StepSkipped, CountsUnclear, TooFewAttend,
    SignersMissing, PostingNotOver.
    """
    actor.check(CONVENE.code)
    row = load_process(session, actor.community_id, process_id)
    if row.state is not ProcessState.RUNNING:
        raise ProcessOver
    done = _done(session, row)
    check_order(report.step, done)
    _check_last_posting(session, row, done)
    thresholds, is_meeting = thresholds_of(row), report.step in MEETING_STEPS
    if is_meeting:
        check_counts(report.step, thresholds, report.count)
    if paper is None or not report.signers:
        raise SignersMissing
    passed = not is_meeting or is_step_passed(thresholds, report.count)
    kept = _keep(session, actor, row, report, paper)
    kept.position, kept.passed = done + 1, passed
    kept.notice_id = None if is_meeting else _post(session, actor, row, report)
    session.add(kept)
    if not passed:
        row.state = ProcessState.STOPPED
    elif done + 1 == len(ORDER):
        row.state = ProcessState.DONE
    session.flush()
    _publish(session, actor, kept)
    return passed


def thresholds_of(row: GuidedProcess) -> Thresholds:
    """Give the shares a process is held to."""
    return Thresholds(
        row.review_num,
        row.review_den,
        row.attend_num,
        row.attend_den,
        row.passing_num,
        row.passing_den,
        row.posting_days,
        row.legal_basis,
    )


def load_process(session: Session, community_id: int, process_id: int) -> GuidedProcess:
    """Load a process's row.

    Raises: ProcessNotFound.
    """
    row = session.get(GuidedProcess, process_id)
    if row is None or row.community_id != community_id:
        raise ProcessNotFound
    return row


def _done(session: Session, row: GuidedProcess) -> int:
    found = session.scalar(
        select(func.count()).where(
            ProcessStep.community_id == row.community_id, ProcessStep.process_id == row.id
        )
    )
    return int(found or 0)


def _check_last_posting(session: Session, row: GuidedProcess, done: int) -> None:
    last = session.scalar(
        select(ProcessStep).where(
            ProcessStep.community_id == row.community_id,
            ProcessStep.process_id == row.id,
            ProcessStep.position == done,
        )
    )
    if last is None or last.notice_id is None:
        return
    notice = notices.get_notice(session, row.community_id, last.notice_id)
    if notice.closes_at > clock.now():
        ends = notice.closes_at.astimezone(clock.SHANGHAI)
        raise PostingNotOver(day=f"{ends:%Y-%m-%d %H:%M}")


def _keep(
    session: Session, actor: Actor, row: GuidedProcess, report: StepReport, paper: files.Ready
) -> ProcessStep:
    count = report.count if report.step in MEETING_STEPS else StepCount(0, 0, 0)
    return ProcessStep(
        community_id=actor.community_id,
        process_id=row.id,
        step=report.step,
        held_on=report.held_on,
        place=report.place,
        words=report.words,
        expected=count.expected,
        present=count.present,
        yes=count.yes,
        signers=list(report.signers),
        file_id=files.keep_file(session, actor, paper),
        file_sha256=paper.sha256,
        recorded_by=actor.person_id,
        recorded_at=clock.now(),
    )


def _post(session: Session, actor: Actor, row: GuidedProcess, report: StepReport) -> int:
    now = clock.now()
    name = "决议公开" if report.step is Step.POST_DECISION else "实施结果公开"
    draft = notices.NoticeDraft(
        title=f"{name}：{row.title}",
        body=report.words,
        kind=notices.NoticeKind.VOTE,
        opens_at=now,
        closes_at=now + timedelta(days=row.posting_days),
        subject=f"process:{row.id}:{report.step.value}",
        least_days=row.posting_days,
    )
    return notices.publish_notice(session, actor, draft)


def _publish(session: Session, actor: Actor, row: ProcessStep) -> None:
    told = {
        "step": row.id,
        "process": row.process_id,
        "name": row.step.value,
        "position": row.position,
        "held_on": row.held_on.isoformat(),
        "counts": [row.expected, row.present, row.yes],
        "passed": row.passed,
        "paper_sha256": row.file_sha256,
    }
    publish(session, actor, "process.step", row.id, told)
