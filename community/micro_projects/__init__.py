"""Micro-projects (民生微实事): from a resident's idea to a paid and judged job.

Proposals, votes' subjects, tenders, awards, contracts and their money; votes themselves, books
and people are other rooms' and are reached through their doors.
"""

from community.micro_projects import models as _models  # noqa: F401  its tables join the metadata
from community.micro_projects.checks import problems
from community.micro_projects.events import (
    ProjectMoved,
    TenderFailed,
    TenderFrozen,
    TenderOpened,
    TenderPublished,
    VoteNoLongerWanted,
    VoteWanted,
)
from community.micro_projects.queries.awards import AwardView, award_amount, find_award
from community.micro_projects.queries.bids import BidView, bids_of
from community.micro_projects.queries.closing import PerformanceView, performance_of
from community.micro_projects.queries.contracts import (
    ContractView,
    MilestoneView,
    find_contract,
    milestones_of,
)
from community.micro_projects.queries.deciding import open_reviews
from community.micro_projects.queries.figures import (
    LateMilestone,
    OrganizationResult,
    ProjectFigures,
    project_figures,
)
from community.micro_projects.queries.panels import SeatView, own_seats
from community.micro_projects.queries.payments import PaymentView, payments_of
from community.micro_projects.queries.personal import export_person
from community.micro_projects.queries.processes import stale_processes
from community.micro_projects.queries.projects import ProjectView, find_project
from community.micro_projects.queries.suppliers import SupplierView, bidder_fit, find_supplier
from community.micro_projects.queries.tenders import TenderView, criteria_of, find_tender
from community.micro_projects.queries.venture_applications import applications_of
from community.micro_projects.queries.venture_calls import find_call
from community.micro_projects.rules.awards import DirectGround
from community.micro_projects.rules.bids import BidContent, BidFile, BidState, write_bid
from community.micro_projects.rules.complaints import ComplaintGround
from community.micro_projects.rules.contracts import PlannedMilestone, Side
from community.micro_projects.rules.deciding import ReviewOutcome, project_in, subject_of
from community.micro_projects.rules.figures import StationTime
from community.micro_projects.rules.milestones import Finding, PaperKind, Verdict
from community.micro_projects.rules.panels import SeatKind, SeedSource
from community.micro_projects.rules.projects import (
    KIND_TITLES,
    ProjectCategory,
    ProjectKind,
    ProposalOrigin,
)
from community.micro_projects.rules.states import STATE_TITLES, ProjectState
from community.micro_projects.rules.suppliers import CertificateKind
from community.micro_projects.rules.surveys import Satisfaction
from community.micro_projects.rules.tenders import CriterionKind, TenderMethod, TenderState
from community.micro_projects.rules.venture_choice import Choice
from community.micro_projects.service.awards import finalize_due_awards, notice_award
from community.micro_projects.service.bidding import submit_bid, submit_sealed_bid
from community.micro_projects.service.certificates import CertificateDraft, add_certificate
from community.micro_projects.service.checking import accept_idea
from community.micro_projects.service.closing import ReportDraft, add_papers, close_project
from community.micro_projects.service.complaints import Verdict as ComplaintVerdict
from community.micro_projects.service.complaints import answer_complaint, object_to
from community.micro_projects.service.contracts import ContractDraft, draft_contract, sign_contract
from community.micro_projects.service.costing import add_quote, cost_project
from community.micro_projects.service.direct_awards import Quote, award_by_quotes, award_directly
from community.micro_projects.service.endorsing import endorse_project
from community.micro_projects.service.enquiries import amend_tender, answer_question, ask_question
from community.micro_projects.service.fitting import begin_telling
from community.micro_projects.service.freezing import follow_frozen_box, freeze_tender
from community.micro_projects.service.granting import grant_slip
from community.micro_projects.service.ideas import (
    IdeaDraft,
    propose_project,
    record_project,
    withdraw_project,
)
from community.micro_projects.service.marking import Mark, keep_marks, sign_sheet
from community.micro_projects.service.milestones import (
    DeliveryDraft,
    judge_delivery,
    submit_milestone,
)
from community.micro_projects.service.moving import move_project
from community.micro_projects.service.opening import follow_opened_box, open_tender
from community.micro_projects.service.panels import add_evaluator, draw_panel, publish_panel_list
from community.micro_projects.service.payments import check_payment, prepare_payment
from community.micro_projects.service.personal import erase_person, merge_person
from community.micro_projects.service.pledging import pledge_money
from community.micro_projects.service.publishing_tenders import (
    check_tender,
    publish_tender,
    submit_for_check,
)
from community.micro_projects.service.quotas import set_quota
from community.micro_projects.service.retendering import cancel_tender, retender
from community.micro_projects.service.reviewing import answer_review
from community.micro_projects.service.reviews import decide_price, explain_price, judge_bid
from community.micro_projects.service.site_notes import NoteDraft, note_spot_check
from community.micro_projects.service.suppliers import (
    NewOrganization,
    SupplierDraft,
    employ_for_supplier,
    register_supplier,
)
from community.micro_projects.service.surveys import answer_survey, open_survey
from community.micro_projects.service.telling import begin_releases
from community.micro_projects.service.tender_drafts import (
    CriterionDraft,
    TenderDraft,
    draft_tender,
)
from community.micro_projects.service.tender_lots import SeedPlan
from community.micro_projects.service.tender_steps import move_tender
from community.micro_projects.service.venture_applications import (
    ApplicationDraft,
    answer_sponsoring,
    submit_application,
    write_application,
)
from community.micro_projects.service.venture_awards import award_venture
from community.micro_projects.service.venture_calls import (
    CallCriterion,
    CallDraft,
    begin_judging,
    draft_call,
    publish_call,
)
from community.micro_projects.service.venture_choice import choose_applications, confirm_choice
from community.micro_projects.service.venture_jury import screen_application, seat_juror
from community.micro_projects.service.venture_matches import decide_match, report_match
from community.micro_projects.service.voting import ask_vote, close_due_notices, take_vote

__all__ = [
    "KIND_TITLES",
    "STATE_TITLES",
    "ApplicationDraft",
    "AwardView",
    "BidContent",
    "BidFile",
    "BidState",
    "BidView",
    "CallCriterion",
    "CallDraft",
    "CertificateDraft",
    "CertificateKind",
    "Choice",
    "ComplaintGround",
    "ComplaintVerdict",
    "ContractDraft",
    "ContractView",
    "CriterionDraft",
    "CriterionKind",
    "DeliveryDraft",
    "DirectGround",
    "Finding",
    "IdeaDraft",
    "LateMilestone",
    "Mark",
    "MilestoneView",
    "NewOrganization",
    "NoteDraft",
    "OrganizationResult",
    "PaperKind",
    "PaymentView",
    "PerformanceView",
    "PlannedMilestone",
    "ProjectCategory",
    "ProjectFigures",
    "ProjectKind",
    "ProjectMoved",
    "ProjectState",
    "ProjectView",
    "ProposalOrigin",
    "Quote",
    "ReportDraft",
    "ReviewOutcome",
    "Satisfaction",
    "SeatKind",
    "SeatView",
    "SeedPlan",
    "SeedSource",
    "Side",
    "StationTime",
    "SupplierDraft",
    "SupplierView",
    "TenderDraft",
    "TenderFailed",
    "TenderFrozen",
    "TenderMethod",
    "TenderOpened",
    "TenderPublished",
    "TenderState",
    "TenderView",
    "Verdict",
    "VoteNoLongerWanted",
    "VoteWanted",
    "accept_idea",
    "add_certificate",
    "add_evaluator",
    "add_papers",
    "add_quote",
    "amend_tender",
    "answer_complaint",
    "answer_question",
    "answer_review",
    "answer_sponsoring",
    "answer_survey",
    "applications_of",
    "ask_question",
    "ask_vote",
    "award_amount",
    "award_by_quotes",
    "award_directly",
    "award_venture",
    "begin_judging",
    "begin_releases",
    "begin_telling",
    "bidder_fit",
    "bids_of",
    "cancel_tender",
    "check_payment",
    "check_tender",
    "choose_applications",
    "close_due_notices",
    "close_project",
    "confirm_choice",
    "cost_project",
    "criteria_of",
    "decide_match",
    "decide_price",
    "draft_call",
    "draft_contract",
    "draft_tender",
    "draw_panel",
    "employ_for_supplier",
    "endorse_project",
    "erase_person",
    "explain_price",
    "export_person",
    "finalize_due_awards",
    "find_award",
    "find_call",
    "find_contract",
    "find_project",
    "find_supplier",
    "find_tender",
    "follow_frozen_box",
    "follow_opened_box",
    "freeze_tender",
    "grant_slip",
    "judge_bid",
    "judge_delivery",
    "keep_marks",
    "merge_person",
    "milestones_of",
    "move_project",
    "move_tender",
    "note_spot_check",
    "notice_award",
    "object_to",
    "open_reviews",
    "open_survey",
    "open_tender",
    "own_seats",
    "payments_of",
    "performance_of",
    "pledge_money",
    "prepare_payment",
    "problems",
    "project_figures",
    "project_in",
    "propose_project",
    "publish_call",
    "publish_panel_list",
    "publish_tender",
    "record_project",
    "register_supplier",
    "report_match",
    "retender",
    "screen_application",
    "seat_juror",
    "set_quota",
    "sign_contract",
    "sign_sheet",
    "stale_processes",
    "subject_of",
    "submit_application",
    "submit_bid",
    "submit_for_check",
    "submit_milestone",
    "submit_sealed_bid",
    "take_vote",
    "withdraw_project",
    "write_application",
    "write_bid",
]
