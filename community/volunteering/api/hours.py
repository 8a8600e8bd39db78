"""Hours, doubts, paper and back-filling in the API."""

from __future__ import annotations

from community.volunteering import permissions
from community.volunteering.api.room import api
from community.volunteering.queries import listing
from community.volunteering.schemas import hours as shapes
from community.volunteering.service import attended_hours, back_fills, disputes, hours, paper

LEAD, REVIEW = permissions.LEAD, permissions.REVIEW
PERSON = "/shifts/<int:shift_id>/people/<int:person_id>"

api.show("/mine/hours/<int:record_id>", listing.show_my_record, permissions.SEE_OWN)
api.show("/due", listing.list_due, permissions.SEE_RECORDS)

api.act(
    "/shifts/<int:shift_id>/confirm", attended_hours.confirm_attendance, LEAD, shapes.ConfirmForm
)
api.act(f"{PERSON}/times", attended_hours.correct_times, LEAD, shapes.TimesForm)
api.act(f"{PERSON}/refuse", attended_hours.refuse_attendance, LEAD, shapes.ReasonForm)
api.act("/hours/<int:record_id>/review", hours.review_hours, REVIEW, shapes.ReviewForm)
api.act("/hours/<int:record_id>/correct", hours.correct_hours, REVIEW, shapes.CorrectForm)
api.act("/hours/<int:record_id>/refuse", hours.refuse_hours, REVIEW, shapes.ReasonForm)
api.act(
    "/mine/hours/<int:record_id>/dispute",
    disputes.dispute_hours,
    permissions.SEE_OWN,
    shapes.DisputeForm,
)
api.act("/disputes/<int:dispute_id>/answer", disputes.answer_dispute, REVIEW, shapes.AnswerForm)
api.act("/shifts/<int:shift_id>/sheet", paper.upload_sheet, LEAD, shapes.SheetBody)
api.act("/sheets/<int:sheet_id>/confirm", paper.confirm_sheet, REVIEW)
api.act("/sheets/<int:sheet_id>/refuse", paper.refuse_sheet, REVIEW, shapes.ReasonForm)
api.act("/back-fills", back_fills.ask_back_fill, permissions.SEE_OWN, shapes.BackFillBody)
api.act(
    "/back-fills/<int:back_fill_id>/decide",
    back_fills.decide_back_fill,
    REVIEW,
    shapes.DecideForm,
)
