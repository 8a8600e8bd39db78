"""API rows of small awards, evaluation, awards, objections and complaints."""

from __future__ import annotations

from community.micro_projects import permissions
from community.micro_projects.api.room import api
from community.micro_projects.queries import award_pages
from community.micro_projects.queries import complaints as complaint_queries
from community.micro_projects.queries import panels as panel_queries
from community.micro_projects.schemas import awards as schemas
from community.micro_projects.schemas.award_rules import AwardRulesBody
from community.micro_projects.service import (
    award_rules,
    awards,
    complaints,
    direct_awards,
    marking,
    panels,
    reviews,
)

SEE, READ, AWARD = permissions.SEE, permissions.READ, permissions.AWARD
SCORE, SUPPLY, OBJECT = permissions.SCORE, permissions.SUPPLY, permissions.OBJECT
PROJECT, TENDER = "/projects/<int:project_id>", "/tenders/<int:tender_id>"
BID, LOT = "/bids/<int:bid_id>", "/lots/<int:lot_id>"
SEAT, ONE = "/seats/<int:seat_id>", "/awards/<int:award_id>"

api.show("/awards", award_pages.award_list, SEE)
api.show(ONE, award_pages.award_page, SEE)
api.show(f"{ONE}/complaints", complaint_queries.complaints_of, SEE)
api.show(f"{TENDER}/evaluation", award_pages.evaluation_told, SEE)
api.show(LOT, award_pages.lot_file, SEE)
api.show("/seats", panel_queries.own_seats, SCORE)
api.show("/desk/evaluators", award_pages.evaluators, READ)
api.show("/desk/complaints", complaint_queries.open_complaints, READ)

api.act(f"{PROJECT}/direct-award", direct_awards.award_directly, AWARD, schemas.DirectBody)
api.act(f"{PROJECT}/quotation", direct_awards.award_by_quotes, AWARD, schemas.QuotesBody)
api.act(f"{BID}/judge", reviews.judge_bid, AWARD, schemas.JudgeBody)
api.act(f"{BID}/explain", reviews.explain_price, SUPPLY, schemas.ExplainBody)
api.act(f"{BID}/price", reviews.decide_price, AWARD, schemas.DecideBody)
api.act("/evaluators", panels.add_evaluator, AWARD, schemas.EvaluatorBody)
api.act("/evaluators/<int:evaluator_id>/remove", panels.remove_evaluator, AWARD)
api.act(f"{TENDER}/panel", panels.publish_panel_list, AWARD, schemas.LotSeedBody)
api.act(f"{TENDER}/panel/give-up", panels.give_up_panel, AWARD)
api.act(f"{LOT}/panel", panels.draw_panel, AWARD, schemas.LotDrawBody)
api.act(f"{SEAT}/recuse", panels.recuse, SCORE, schemas.RecuseBody)
api.act(f"{SEAT}/marks", marking.keep_marks, SCORE, schemas.MarksBody)
api.act(f"{SEAT}/sign", marking.sign_sheet, SCORE, schemas.SheetBody)
api.act(f"{TENDER}/tie", awards.publish_tie_list, AWARD, schemas.LotSeedBody)
api.act(f"{LOT}/tie", awards.draw_tie, AWARD, schemas.LotDrawBody)
api.act(f"{TENDER}/notice", awards.notice_award, AWARD)
api.act(f"{TENDER}/failed", awards.declare_failed, AWARD)
api.act(f"{ONE}/final", awards.finalize_award, AWARD)
api.act(f"{ONE}/refuse", awards.refuse_award, SUPPLY, schemas.WordsBody)
api.act(f"{ONE}/refusal", awards.record_refusal, AWARD, schemas.WordsBody)
api.act(f"{ONE}/cancel", awards.cancel_award, AWARD, schemas.WordsBody)
api.act(f"{ONE}/object", complaints.object_to, OBJECT, schemas.ObjectBody)
api.act(
    "/complaints/<int:objection_id>/complain", complaints.complain, OBJECT, schemas.ComplainBody
)
api.act("/complaints/<int:complaint_id>/withdraw", complaints.withdraw_complaint, OBJECT)
api.act(
    "/complaints/<int:complaint_id>/answer",
    complaints.answer_complaint,
    READ,
    schemas.ComplaintAnswerBody,
)
api.act(
    "/desk/award-rules", award_rules.set_award_rules, permissions.SET_TENDER_RULES, AwardRulesBody
)
