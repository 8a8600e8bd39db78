"""What was handed in and said to it, what others saw at the site, and what is due now."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from community.kernel import clock, files
from community.micro_projects.errors.surveys import NoteNotFound
from community.micro_projects.models import (
    Contract,
    Delivery,
    DeliveryAcceptance,
    Milestone,
    MilestoneEvidence,
    SiteNote,
    SiteNotePicture,
)
from community.micro_projects.rules.contracts import ContractState
from community.micro_projects.rules.milestones import (
    OWED,
    Finding,
    MilestoneState,
    NoteKind,
    Verdict,
)


@dataclass(frozen=True, slots=True)
class DeliveryView:
    """One attempt at a milestone, its evidence, and the verdict once there is one."""

    id: int
    milestone_id: int
    attempt: int
    words: str
    place: str
    happened_at: datetime | None
    submitted_by: int
    submitted_at: datetime
    # File, hash, and whether a page can show it in place.
    evidence: tuple[tuple[int, str, bool], ...]
    verdict: Verdict | None
    verdict_words: str
    judged_at: datetime | None


@dataclass(frozen=True, slots=True)
class NoteView:
    """What somebody saw at the site, and the answer."""

    id: int
    contract_id: int
    kind: NoteKind
    finding: Finding
    words: str
    noted_by: int
    noted_at: datetime
    pictures: tuple[int, ...]
    answer: str
    answered_at: datetime | None


@dataclass(frozen=True, slots=True)
class DueMilestone:
    """A milestone that an organisation owes or that waits for acceptance."""

    milestone_id: int
    contract_id: int
    project_id: int
    organization_id: int
    party_name: str
    contract_title: str
    title: str
    state: MilestoneState
    amount_fen: int
    due_on: date
    is_overdue: bool
    late_days: int


def deliveries_of(
    session: Session, community_id: int, milestone_ids: list[int]
) -> dict[int, tuple[DeliveryView, ...]]:
    """Give each milestone's attempts, the newest first."""
    rows = session.execute(
        select(
            Delivery,
            DeliveryAcceptance.verdict,
            DeliveryAcceptance.words,
            DeliveryAcceptance.accepted_at,
        )
        .outerjoin(
            DeliveryAcceptance,
            (DeliveryAcceptance.community_id == Delivery.community_id)
            & (DeliveryAcceptance.delivery_id == Delivery.id),
        )
        .where(Delivery.community_id == community_id, Delivery.milestone_id.in_(milestone_ids))
        .order_by(Delivery.id.desc())
    ).all()
    evidence: dict[int, list[tuple[int, str, bool]]] = defaultdict(list)
    for paper, kind in session.execute(
        select(MilestoneEvidence, files.StoredFile.kind)
        .join(files.StoredFile, files.StoredFile.id == MilestoneEvidence.file_id)
        .where(
            MilestoneEvidence.community_id == community_id,
            MilestoneEvidence.delivery_id.in_([each.id for each, *_ in rows]),
        )
        .order_by(MilestoneEvidence.id)
    ):
        evidence[paper.delivery_id].append((paper.file_id, paper.sha256, kind in files.IMAGES))
    found: dict[int, list[DeliveryView]] = defaultdict(list)
    for row, verdict, verdict_words, judged_at in rows:
        found[row.milestone_id].append(
            DeliveryView(
                row.id,
                row.milestone_id,
                row.attempt,
                row.words,
                row.place,
                row.happened_at,
                row.submitted_by,
                row.submitted_at,
                tuple(evidence[row.id]),
                verdict,
                verdict_words or "",
                judged_at,
            )
        )
    return {milestone_id: tuple(each) for milestone_id, each in found.items()}


def notes_of(session: Session, community_id: int, contract_id: int) -> tuple[NoteView, ...]:
    """List what was seen at the site, unanswered problems first, then the newest."""
    rows = session.scalars(
        select(SiteNote)
        .where(SiteNote.community_id == community_id, SiteNote.contract_id == contract_id)
        .order_by(SiteNote.id.desc())
    ).all()
    pictures: dict[int, list[int]] = defaultdict(list)
    for note_id, file_id in session.execute(
        select(SiteNotePicture.note_id, SiteNotePicture.file_id)
        .where(
            SiteNotePicture.community_id == community_id,
            SiteNotePicture.note_id.in_([row.id for row in rows]),
        )
        .order_by(SiteNotePicture.id)
    ):
        pictures[note_id].append(file_id)
    found = [_note(row, tuple(pictures[row.id])) for row in rows]
    return tuple(sorted(found, key=lambda each: not is_waiting(each)))


def is_waiting(note: NoteView) -> bool:
    """Tell whether a problem has no answer yet."""
    return note.finding is Finding.PROBLEM and note.answered_at is None


def get_note(session: Session, community_id: int, note_id: int) -> NoteView:
    """Get a note from the site, without its pictures.

    Raises: NoteNotFound.
    """
    row = session.get(SiteNote, note_id)
    if row is None or row.community_id != community_id:
        raise NoteNotFound
    return _note(row, ())


def waiting_notes(session: Session, community_id: int, contract_id: int) -> int:
    """Count the problems of a contract that have no answer."""
    found = session.scalar(
        select(func.count()).where(
            SiteNote.community_id == community_id,
            SiteNote.contract_id == contract_id,
            SiteNote.finding == Finding.PROBLEM,
            SiteNote.answered_at.is_(None),
        )
    )
    return int(found or 0)


def due_milestones(
    session: Session, community_id: int, organization_id: int | None = None
) -> tuple[DueMilestone, ...]:
    """List what running contracts owe or have waiting for acceptance, the most overdue first."""
    chosen = (
        select(Milestone, Contract)
        .join(
            Contract,
            (Contract.community_id == Milestone.community_id)
            & (Contract.id == Milestone.contract_id),
        )
        .where(
            Milestone.community_id == community_id,
            Milestone.state.in_(OWED | {MilestoneState.SUBMITTED}),
            Contract.state.in_([ContractState.ACTIVE, ContractState.TERMINATED]),
        )
        .order_by(Milestone.due_on, Milestone.id)
    )
    if organization_id is not None:
        chosen = chosen.where(Contract.organization_id == organization_id)
    today = clock.today()
    return tuple(_due(row, contract, today) for row, contract in session.execute(chosen))


def _due(row: Milestone, contract: Contract, today: date) -> DueMilestone:
    is_late = row.state in OWED and today > row.due_on
    return DueMilestone(
        row.id,
        contract.id,
        contract.project_id,
        contract.organization_id,
        contract.party_name,
        contract.title,
        row.title,
        row.state,
        row.amount_fen,
        row.due_on,
        is_late,
        (today - row.due_on).days if is_late else 0,
    )


def _note(row: SiteNote, pictures: tuple[int, ...]) -> NoteView:
    return NoteView(
        row.id,
        row.contract_id,
        row.kind,
        row.finding,
        row.words,
        row.noted_by,
        row.noted_at,
        pictures,
        row.answer,
        row.answered_at,
    )
