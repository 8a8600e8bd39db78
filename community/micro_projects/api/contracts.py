"""API rows of contracts, deliveries, payments and endings."""

from __future__ import annotations

from community.micro_projects import permissions
from community.micro_projects.api.room import api
from community.micro_projects.queries import contract_pages as pages
from community.micro_projects.schemas import closing as closing_schemas
from community.micro_projects.schemas import contract_papers as papers
from community.micro_projects.schemas import contracts as schemas
from community.micro_projects.service import (
    changes,
    closing,
    contracts,
    endings,
    milestones,
    payments,
    site_notes,
    surveys,
    year_end,
)

ONE = "/contracts/<int:contract_id>"
PROJECT = "/projects/<int:project_id>"
CONTRACT, DELIVER = permissions.CONTRACT, permissions.DELIVER

api.show(f"{PROJECT}/contracts", pages.public_contracts, permissions.SEE)
api.show(ONE, pages.get_public_contract, permissions.SEE)

api.act("/awards/<int:award_id>/contract", contracts.draft_contract, CONTRACT, schemas.ContractBody)
# Either side signs: the command itself tells them apart.
api.act(f"{ONE}/sign", contracts.sign_contract, permissions.SEE, papers.SignBody)
api.act(f"{ONE}/cancel", contracts.cancel_contract, CONTRACT, schemas.ReasonBody)
api.act(f"{ONE}/changes", changes.propose_change, CONTRACT, schemas.ChangeBody)
api.act(
    "/contract-changes/<int:change_id>",
    changes.decide_change,
    permissions.APPROVE_CHANGE,
    schemas.DecisionBody,
)
api.act(
    "/milestones/<int:milestone_id>/submit",
    milestones.submit_milestone,
    DELIVER,
    papers.DeliveryBody,
)
api.act(
    "/deliveries/<int:delivery_id>/judge",
    milestones.judge_delivery,
    permissions.ACCEPT,
    schemas.VerdictBody,
)
api.act(f"{ONE}/spot-check", site_notes.note_spot_check, permissions.JUDGE, papers.NoteBody)
api.act(f"{ONE}/supervision", site_notes.note_supervision, DELIVER, papers.NoteBody)
api.act("/site-notes/<int:note_id>/answer", site_notes.answer_note, CONTRACT, schemas.AnswerBody)
api.act(
    "/milestones/<int:milestone_id>/payment",
    payments.prepare_payment,
    permissions.PREPARE_PAYMENT,
    papers.InvoiceBody,
)
api.act(
    "/payments/<int:payment_id>/check",
    payments.check_payment,
    permissions.CHECK_PAYMENT,
    schemas.DecisionBody,
)
api.act(f"{ONE}/end", endings.break_off, permissions.END_CONTRACT, schemas.EndingBody)
api.act(f"{ONE}/claw-backs", endings.ask_back, permissions.END_CONTRACT, schemas.ClawBackBody)
api.act(
    "/claw-backs/<int:claw_back_id>/settle",
    endings.settle_claw_back,
    permissions.CHECK_PAYMENT,
    schemas.SettledBody,
)
api.act(f"{PROJECT}/papers", closing.add_papers, CONTRACT, papers.PapersBody)
api.act(f"{PROJECT}/survey", surveys.open_survey, CONTRACT, closing_schemas.SurveyBody)
api.act(
    f"{PROJECT}/survey/answer",
    surveys.answer_survey,
    permissions.JUDGE,
    closing_schemas.SurveyAnswerBody,
)
api.act(f"{PROJECT}/close", closing.close_project, CONTRACT, closing_schemas.ReportBody)
api.act("/closing-rules", year_end.set_closing_rules, permissions.REVIEW, closing_schemas.RulesBody)
api.act("/year-end", year_end.close_year, permissions.END_CONTRACT, closing_schemas.YearBody)
