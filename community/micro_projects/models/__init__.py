"""The tables of micro-projects, split by business word."""

from community.micro_projects.models.closing import (
    ClosingReport,
    ClosingRules,
    Performance,
    ProjectPaper,
    Survey,
    SurveyAnswer,
    YearEnd,
)
from community.micro_projects.models.contracts import Contract, ContractChange, ContractSignature
from community.micro_projects.models.milestones import (
    Delivery,
    DeliveryAcceptance,
    Milestone,
    MilestoneEvidence,
    SiteNote,
    SiteNotePicture,
)
from community.micro_projects.models.money import AwardHold, Payout
from community.micro_projects.models.payments import ClawBack, ProjectPayment
from community.micro_projects.models.projects import Project, ProjectPhoto, ProjectStep

__all__ = [
    "AwardHold",
    "ClawBack",
    "ClosingReport",
    "ClosingRules",
    "Contract",
    "ContractChange",
    "ContractSignature",
    "Delivery",
    "DeliveryAcceptance",
    "Milestone",
    "MilestoneEvidence",
    "Payout",
    "Performance",
    "Project",
    "ProjectPaper",
    "ProjectPayment",
    "ProjectPhoto",
    "ProjectStep",
    "SiteNote",
    "SiteNotePicture",
    "Survey",
    "SurveyAnswer",
    "YearEnd",
]
