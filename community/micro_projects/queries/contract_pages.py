"""What one page of a contract shows, gathered: the contract with all that belongs to it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from community import identity
from community.kernel.actor import Actor
from community.kernel.errors import NotFound
from community.micro_projects import permissions
from community.micro_projects.errors.contracts import ContractNotFound
from community.micro_projects.models import (
    ClawBack,
    ContractChange,
    ContractSignature,
    Delivery,
    DeliveryAcceptance,
    Milestone,
    MilestoneEvidence,
    ProjectPaper,
    ProjectPayment,
    SiteNote,
    SiteNotePicture,
)
from community.micro_projects.queries.closing import YearEndView, year_ends_of
from community.micro_projects.queries.contracts import (
    ChangeView,
    ContractView,
    MilestoneView,
    SignatureView,
    changes_of,
    contracts_of,
    find_contract,
    milestones_of,
    signatures_of,
)
from community.micro_projects.queries.deliveries import (
    DeliveryView,
    NoteView,
    deliveries_of,
    notes_of,
)
from community.micro_projects.queries.payments import (
    ClawBackView,
    PaymentView,
    claw_backs_of,
    payments_of,
)
from community.micro_projects.queries.projects import get_public_project
from community.micro_projects.rules.contracts import ContractState
from community.micro_projects.rules.milestones import GALLERY, Verdict
from community.micro_projects.rules.payments import PaymentState

_UNSIGNED = frozenset({ContractState.PENDING, ContractState.CANCELLED})


@dataclass(frozen=True, slots=True)
class ContractPage:
    """A contract with its plan, deliveries, money, notes and ends of years."""

    contract: ContractView
    milestones: tuple[MilestoneView, ...]
    deliveries: dict[int, tuple[DeliveryView, ...]]
    payments: tuple[PaymentView, ...]
    notes: tuple[NoteView, ...]
    changes: tuple[ChangeView, ...]
    signatures: tuple[SignatureView, ...]
    claw_backs: tuple[ClawBackView, ...]
    year_ends: tuple[YearEndView, ...]

    def payment_of(self, milestone_id: int) -> PaymentView | None:
        """Find the payment of a milestone that was not returned."""
        for each in self.payments:
            if each.milestone_id == milestone_id and each.state is not PaymentState.RETURNED:
                return each
        return None


def contract_page(session: Session, community_id: int, contract_id: int) -> ContractPage:
    """Gather a contract's page.

    Raises: ContractNotFound.
    """
    contract = find_contract(session, community_id, contract_id)
    plan = milestones_of(session, community_id, contract_id)
    return ContractPage(
        contract,
        plan,
        deliveries_of(session, community_id, [each.id for each in plan]),
        payments_of(session, community_id, contract_id),
        notes_of(session, community_id, contract_id),
        changes_of(session, community_id, contract_id),
        signatures_of(session, community_id, contract_id),
        claw_backs_of(session, community_id, contract_id),
        year_ends_of(session, community_id, contract_id),
    )


def public_contracts(session: Session, actor: Actor, project_id: int) -> tuple[ContractView, ...]:
    """List a project's contracts that were signed, for everybody.

    Raises: ProjectNotFound.
    """
    get_public_project(session, actor, project_id)
    found = contracts_of(session, actor.community_id, project_id)
    return tuple(each for each in found if each.state not in _UNSIGNED)


def get_public_contract(session: Session, actor: Actor, contract_id: int) -> ContractView:
    """Get a signed contract for everybody; a draft only for its two sides.

    Raises: ContractNotFound.
    """
    found = find_contract(session, actor.community_id, contract_id)
    if found.state in _UNSIGNED and not may_see_inside(session, actor, found):
        raise ContractNotFound
    return found


def get_own_contract(session: Session, actor: Actor, contract_id: int) -> ContractView:
    """Get a contract that the actor's organisation delivers or supervises.

    Raises: ContractNotFound.
    """
    found = find_contract(session, actor.community_id, contract_id)
    employer = employer_of(session, actor)
    if employer is None or employer not in {found.organization_id, found.supervisor_id}:
        raise ContractNotFound
    return found


def employer_of(session: Session, actor: Actor) -> int | None:
    """Find the organisation the actor works for today."""
    if actor.person_id is None:
        return None
    return identity.employer_of(session, actor.community_id, actor.person_id)


def may_see_inside(session: Session, actor: Actor, contract: ContractView) -> bool:
    """Tell whether the actor is of one of the sides, the street or the audit."""
    if actor.may(permissions.READ.code):
        return True
    employer = employer_of(session, actor)
    return employer is not None and employer in {
        contract.organization_id,
        contract.supervisor_id,
    }


def check_file(session: Session, actor: Actor, contract_id: int, file_id: int) -> bool:
    """Tell whether a file of a contract is public, and refuse who may not see it.

    Everybody sees pictures of accepted work and of notes from the site; scans, invoices and what
    waits for its verdict only the sides. Raises: NotFound.
    """
    contract = find_contract(session, actor.community_id, contract_id)
    if _is_open(session, actor, contract_id, file_id):
        return True
    known = file_id in _files(session, actor.community_id, contract_id)
    if not known or not may_see_inside(session, actor, contract):
        raise NotFound
    return False


def check_paper(session: Session, actor: Actor, project_id: int, file_id: int) -> bool:
    """Tell whether a project's paper is public, and refuse who may not see it.

    Raises: NotFound.
    """
    kind = session.scalar(
        select(ProjectPaper.kind).where(
            ProjectPaper.community_id == actor.community_id,
            ProjectPaper.project_id == project_id,
            ProjectPaper.file_id == file_id,
        )
    )
    if kind is None or (kind not in GALLERY and not actor.may(permissions.READ.code)):
        raise NotFound
    return kind in GALLERY


def _is_open(session: Session, actor: Actor, contract_id: int, file_id: int) -> bool:
    community_id = actor.community_id
    accepted = (
        select(MilestoneEvidence.id)
        .join(Delivery, Delivery.id == MilestoneEvidence.delivery_id)
        .join(Milestone, Milestone.id == Delivery.milestone_id)
        .join(DeliveryAcceptance, DeliveryAcceptance.delivery_id == Delivery.id)
        .where(
            MilestoneEvidence.community_id == community_id,
            MilestoneEvidence.file_id == file_id,
            Milestone.contract_id == contract_id,
            DeliveryAcceptance.verdict == Verdict.ACCEPTED,
        )
    )
    noted = (
        select(SiteNotePicture.id)
        .join(SiteNote, SiteNote.id == SiteNotePicture.note_id)
        .where(
            SiteNotePicture.community_id == community_id,
            SiteNotePicture.file_id == file_id,
            SiteNote.contract_id == contract_id,
        )
    )
    return any(session.scalar(each.limit(1)) is not None for each in (accepted, noted))


def _files(session: Session, community_id: int, contract_id: int) -> set[int | None]:
    """List all files of a contract: evidence, scans, invoices, slips."""
    evidence = (
        select(MilestoneEvidence.file_id)
        .join(Delivery, Delivery.id == MilestoneEvidence.delivery_id)
        .join(Milestone, Milestone.id == Delivery.milestone_id)
        .where(Milestone.community_id == community_id, Milestone.contract_id == contract_id)
    )
    found: set[int | None] = set(session.scalars(evidence))
    for table in (ContractSignature, ContractChange, ProjectPayment, ClawBack):
        chosen = select(table.file_id).where(
            table.community_id == community_id, table.contract_id == contract_id
        )
        found |= set(session.scalars(chosen))
    return found
