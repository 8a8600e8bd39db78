"""The tables of micro-projects, split by business word."""

from community.micro_projects.models.award_rules import AwardRules
from community.micro_projects.models.awards import Award, BidReview, Complaint, LowPriceQuery
from community.micro_projects.models.bids import Bid, BidEvent, BidFile
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
from community.micro_projects.models.deciding import (
    ProjectCosting,
    ProjectQuote,
    ProjectReview,
    ProjectRuleSet,
    ProjectVote,
)
from community.micro_projects.models.funding import (
    Donation,
    FiscalSlip,
    Pledge,
    ProjectQuota,
    QuotaUse,
)
from community.micro_projects.models.joining import ProjectEndorsement, ProjectMerge
from community.micro_projects.models.milestones import (
    Delivery,
    DeliveryAcceptance,
    Milestone,
    MilestoneEvidence,
    SiteNote,
    SiteNotePicture,
)
from community.micro_projects.models.money import AwardHold, Payout
from community.micro_projects.models.open_data import OcdsFeed, OcdsProcess, OcdsRelease
from community.micro_projects.models.panels import (
    Evaluator,
    PanelSeat,
    ScoreMark,
    ScoreSheet,
    TenderLot,
    TenderLotLine,
)
from community.micro_projects.models.payments import ClawBack, ProjectPayment
from community.micro_projects.models.projects import Project, ProjectPhoto, ProjectStep
from community.micro_projects.models.suppliers import (
    DeclaredConflict,
    Supplier,
    SupplierCertificate,
    SupplierSuspension,
)
from community.micro_projects.models.tenders import (
    Tender,
    TenderAmendment,
    TenderCriterion,
    TenderDocument,
    TenderOpener,
    TenderQuestion,
    TenderRules,
    TenderStep,
)
from community.micro_projects.models.venture import (
    JuryOffer,
    VentureApplication,
    VentureCall,
    VentureCriterion,
    VentureMatch,
)

__all__ = [
    "Award",
    "AwardHold",
    "AwardRules",
    "Bid",
    "BidEvent",
    "BidFile",
    "BidReview",
    "ClawBack",
    "ClosingReport",
    "ClosingRules",
    "Complaint",
    "Contract",
    "ContractChange",
    "ContractSignature",
    "DeclaredConflict",
    "Delivery",
    "DeliveryAcceptance",
    "Donation",
    "Evaluator",
    "FiscalSlip",
    "JuryOffer",
    "LowPriceQuery",
    "Milestone",
    "MilestoneEvidence",
    "OcdsFeed",
    "OcdsProcess",
    "OcdsRelease",
    "PanelSeat",
    "Payout",
    "Performance",
    "Pledge",
    "Project",
    "ProjectCosting",
    "ProjectEndorsement",
    "ProjectMerge",
    "ProjectPaper",
    "ProjectPayment",
    "ProjectPhoto",
    "ProjectQuota",
    "ProjectQuote",
    "ProjectReview",
    "ProjectRuleSet",
    "ProjectStep",
    "ProjectVote",
    "QuotaUse",
    "ScoreMark",
    "ScoreSheet",
    "SiteNote",
    "SiteNotePicture",
    "Supplier",
    "SupplierCertificate",
    "SupplierSuspension",
    "Survey",
    "SurveyAnswer",
    "Tender",
    "TenderAmendment",
    "TenderCriterion",
    "TenderDocument",
    "TenderLot",
    "TenderLotLine",
    "TenderOpener",
    "TenderQuestion",
    "TenderRules",
    "TenderStep",
    "VentureApplication",
    "VentureCall",
    "VentureCriterion",
    "VentureMatch",
    "YearEnd",
]
