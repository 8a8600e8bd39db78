"""All files of a project's contracts and closing, in folders by what they prove."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from community.kernel import files
from community.kernel.errors import N_
from community.micro_projects.models import (
    ClawBack,
    Contract,
    ContractChange,
    ContractSignature,
    Delivery,
    Milestone,
    MilestoneEvidence,
    ProjectPaper,
    ProjectPayment,
    SiteNote,
    SiteNotePicture,
)
from community.micro_projects.rules.milestones import PAPERS


@dataclass(frozen=True, slots=True)
class PackPaper:
    """A file of the pack: in which folder, in which place there, under which name."""

    folder: str
    number: int
    name: str
    file_id: int


def pack_papers(session: Session, community_id: int, project_id: int) -> tuple[PackPaper, ...]:
    """List every file of a project once, folder by folder."""
    found: list[tuple[str, int]] = []
    for folder, chosen in _sources(community_id, project_id):
        found += [(folder, file_id) for file_id in session.scalars(chosen) if file_id is not None]
    papers = session.execute(
        select(ProjectPaper.kind, ProjectPaper.file_id)
        .where(ProjectPaper.community_id == community_id, ProjectPaper.project_id == project_id)
        .order_by(ProjectPaper.id)
    )
    found += [(PAPERS[kind], file_id) for kind, file_id in papers]
    made: list[PackPaper] = []
    for number, (folder, file_id) in enumerate(dict.fromkeys(found), 1):
        view = files.find_file(session, community_id, file_id)
        if view is not None and not view.is_dropped:
            made.append(PackPaper(folder, number, view.name, file_id))
    return tuple(made)


def _sources(community_id: int, project_id: int) -> list[tuple[str, Select[Any]]]:
    """Give for each folder the files that belong there."""
    contracts = select(Contract.id).where(
        Contract.community_id == community_id, Contract.project_id == project_id
    )
    own = Milestone.contract_id.in_(contracts)
    evidence = (
        select(MilestoneEvidence.file_id)
        .join(Delivery, Delivery.id == MilestoneEvidence.delivery_id)
        .join(Milestone, Milestone.id == Delivery.milestone_id)
        .where(MilestoneEvidence.community_id == community_id, own)
        .order_by(MilestoneEvidence.id)
    )
    noted = (
        select(SiteNotePicture.file_id)
        .join(SiteNote, SiteNote.id == SiteNotePicture.note_id)
        .where(SiteNote.community_id == community_id, SiteNote.contract_id.in_(contracts))
        .order_by(SiteNotePicture.id)
    )
    signed = select(ContractSignature.file_id).where(
        ContractSignature.community_id == community_id,
        ContractSignature.contract_id.in_(contracts),
    )
    changed = select(ContractChange.file_id).where(
        ContractChange.community_id == community_id, ContractChange.contract_id.in_(contracts)
    )
    invoices = select(ProjectPayment.file_id).where(
        ProjectPayment.community_id == community_id, ProjectPayment.contract_id.in_(contracts)
    )
    slips = select(ClawBack.file_id).where(
        ClawBack.community_id == community_id, ClawBack.contract_id.in_(contracts)
    )
    return [
        (N_("签字页"), signed),
        (N_("合同变更"), changed),
        (N_("成果证据"), evidence),
        (N_("现场意见"), noted),
        (N_("发票"), invoices),
        (N_("追回款回单"), slips),
    ]
