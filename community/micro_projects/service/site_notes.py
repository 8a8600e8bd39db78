"""Spot checks by residents, notes by the supervising organisation, and their answers."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import update
from sqlalchemy.orm import Session

from community import transparency
from community.kernel import clock, files
from community.kernel.actor import Actor
from community.kernel.errors import N_
from community.micro_projects import permissions
from community.micro_projects.errors.contracts import ContractorsOwn, TooManyFiles
from community.micro_projects.errors.surveys import NoteAnswered, NoteNotFound, NotTheSupervisor
from community.micro_projects.models import Contract, SiteNote, SiteNotePicture
from community.micro_projects.rules.milestones import MOST_FILES, Finding, NoteKind
from community.micro_projects.service.contracts import load_active, works_for

transparency.name_kinds(
    {"site_note.kept": N_("项目现场意见"), "site_note.answered": N_("现场意见答复")}
)


@dataclass(frozen=True, slots=True)
class NoteDraft:
    """What somebody saw, with photos."""

    finding: Finding
    words: str
    pictures: tuple[files.Ready, ...] = ()


def note_spot_check(session: Session, actor: Actor, contract_id: int, draft: NoteDraft) -> int:
    """Let a resident write down what they saw at the site; gives the note's id.

    Raises: ContractNotFound, ContractStepRefused, ContractorsOwn, TooManyFiles.
    """
    actor.check(permissions.JUDGE.code)
    row = load_active(session, actor, contract_id)
    if works_for(session, actor, row.organization_id):
        raise ContractorsOwn
    return _keep(session, actor, row, NoteKind.SPOT_CHECK, draft)


def note_supervision(session: Session, actor: Actor, contract_id: int, draft: NoteDraft) -> int:
    """Let the supervising organisation write down what it found; gives the note's id.

    Raises: ContractNotFound, ContractStepRefused, NotTheSupervisor, TooManyFiles.
    """
    actor.check(permissions.DELIVER.code)
    row = load_active(session, actor, contract_id)
    if not works_for(session, actor, row.supervisor_id):
        raise NotTheSupervisor
    return _keep(session, actor, row, NoteKind.SUPERVISION, draft)


def answer_note(session: Session, actor: Actor, note_id: int, words: str) -> None:
    """Answer a note in public, once.

    Raises: NoteNotFound, NoteAnswered.
    """
    actor.check(permissions.CONTRACT.code)
    row = session.get(SiteNote, note_id)
    if row is None or row.community_id != actor.community_id:
        raise NoteNotFound
    answered = session.execute(
        update(SiteNote)
        .where(
            SiteNote.community_id == actor.community_id,
            SiteNote.id == note_id,
            SiteNote.answered_at.is_(None),
        )
        .values(answer=words, answered_by=actor.person_id, answered_at=clock.now())
        .execution_options(synchronize_session=False)
    )
    if answered.rowcount != 1:  # type: ignore[attr-defined]  # an UPDATE's result
        raise NoteAnswered
    session.refresh(row)
    hidden = transparency.hide(session, actor.community_id, f"note:{note_id}|{words}")
    told = {"note": note_id, "contract": row.contract_id, "answer": hidden}
    transparency.publish(session, actor.community_id, "site_note.answered", told, note_id)


def _keep(
    session: Session, actor: Actor, contract: Contract, kind: NoteKind, draft: NoteDraft
) -> int:
    if len(draft.pictures) > MOST_FILES:
        raise TooManyFiles(most=MOST_FILES)
    row = SiteNote(
        community_id=actor.community_id,
        contract_id=contract.id,
        kind=kind,
        finding=draft.finding,
        words=draft.words,
        noted_by=actor.person_id,
        noted_at=clock.now(),
    )
    session.add(row)
    session.flush()
    for each in draft.pictures:
        session.add(
            SiteNotePicture(
                community_id=actor.community_id,
                note_id=row.id,
                file_id=files.keep_file(session, actor, each),
                sha256=each.sha256,
            )
        )
    session.flush()
    told = {
        "note": row.id,
        "contract": contract.id,
        "note_kind": kind.value,
        "finding": draft.finding.value,
        "pictures": [each.sha256 for each in draft.pictures],
        # Words may name people; their hash proves later that none were changed.
        "words": transparency.hide(session, actor.community_id, f"note:{row.id}|{draft.words}"),
    }
    transparency.publish(session, actor.community_id, "site_note.kept", told, row.id)
    return row.id
