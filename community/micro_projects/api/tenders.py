"""API rows of tenders: drafting, checking, publishing, asking, amending and opening."""

from __future__ import annotations

from community.micro_projects import permissions
from community.micro_projects.api.room import api
from community.micro_projects.queries import bids as bid_queries
from community.micro_projects.queries import openings
from community.micro_projects.queries import tenders as queries
from community.micro_projects.schemas import tenders as schemas
from community.micro_projects.service import (
    bidding,
    enquiries,
    opening,
    publishing_tenders,
    retendering,
    tender_drafts,
    tender_rules,
)

SEE, READ, BID = permissions.SEE, permissions.READ, permissions.BID
PREPARE, ONE = permissions.PREPARE_TENDER, "/tenders/<int:tender_id>"

api.show("/tenders", queries.public_tenders, SEE)
api.show(ONE, queries.get_public_tender, SEE)
api.show(f"{ONE}/opening", openings.opened_list, SEE)
api.show("/desk/tenders", queries.desk_tenders, READ)
api.show("/bids", bid_queries.own_bids, BID)

api.act("/tenders", tender_drafts.draft_tender, PREPARE, schemas.NewTenderForm)
api.act(f"{ONE}/change", tender_drafts.change_tender, PREPARE, schemas.TenderForm)
api.act(f"{ONE}/documents", tender_drafts.add_document, PREPARE, schemas.DocumentBody)
api.act(f"{ONE}/documents/<int:document_id>/drop", tender_drafts.drop_document, PREPARE)
api.act(f"{ONE}/submit", publishing_tenders.submit_for_check, PREPARE)
api.act(
    f"{ONE}/check", publishing_tenders.check_tender, permissions.CHECK_TENDER, schemas.CheckForm
)
api.act(f"{ONE}/publish", publishing_tenders.publish_tender, PREPARE)
api.act(f"{ONE}/questions", enquiries.ask_question, BID, schemas.QuestionForm)
api.act(
    "/tenders/questions/<int:question_id>/answer",
    enquiries.answer_question,
    PREPARE,
    schemas.AnswerQuestionForm,
)
api.act(f"{ONE}/amend", enquiries.amend_tender, PREPARE, schemas.AmendmentForm)
api.act(f"{ONE}/open", opening.open_tender, permissions.OPEN_TENDER)
api.act(f"{ONE}/cancel", retendering.cancel_tender, PREPARE, schemas.CancelForm)
api.act(f"{ONE}/retender", retendering.retender, PREPARE)
api.act(
    "/tenders/rules",
    tender_rules.set_tender_rules,
    permissions.SET_TENDER_RULES,
    schemas.RulesForm,
)
# Hidden: that somebody has bid leaves no trace but the bid itself.
api.act(f"{ONE}/bid", bidding.submit_bid, BID, schemas.BidBody, is_hidden=True)
api.act(f"{ONE}/sealed-bid", bidding.submit_sealed_bid, BID, schemas.SealedBidForm, is_hidden=True)
api.act(f"{ONE}/bid/confirm", bidding.confirm_bid, BID, is_hidden=True)
api.act(f"{ONE}/bid/withdraw", bidding.withdraw_bid, BID, is_hidden=True)
