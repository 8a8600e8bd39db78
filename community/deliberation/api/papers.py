"""API rows of papers, deliveries, mandates and calls."""

from __future__ import annotations

from community.deliberation import permissions
from community.deliberation.api.room import api
from community.deliberation.queries import deliveries, roll_corrections
from community.deliberation.queries import papers as queries
from community.deliberation.schemas import papers as schemas
from community.deliberation.service import delivery, mandates, papers
from community.deliberation.service import roll_corrections as correcting

POLL = "/polls/<int:poll_id>"
ENTRY = "/roll-entries/<int:roll_entry_id>"
PAPER = "/ballot-papers/<string:code>"
OPERATE, COUNT, VOTE = permissions.OPERATE, permissions.COUNT, permissions.VOTE

api.show(f"{POLL}/papers", queries.papers_of, COUNT)
api.show(f"{POLL}/deliveries", deliveries.deliveries_of, OPERATE)
api.show(f"{POLL}/corrections", roll_corrections.corrections_of, permissions.READ)
api.act(f"{POLL}/papers", papers.print_papers, OPERATE)
api.act(f"{PAPER}/return", papers.log_return, OPERATE, is_hidden=True)
api.act(f"{POLL}/paper-count", papers.begin_count, permissions.CONVENE, schemas.WitnessesForm)
api.act(f"{PAPER}/readings", papers.read_paper, COUNT, schemas.ReadingBody)
api.act(f"{PAPER}/settle", papers.settle_paper, COUNT, schemas.ReadingBody)
api.act(f"{ENTRY}/delivery", delivery.record_delivery, OPERATE, schemas.DeliveryForm)
api.act(f"{ENTRY}/mandate", mandates.record_mandate, OPERATE, schemas.MandateForm)
api.act(
    f"{ENTRY}/mandate/ballot",
    mandates.vote_by_mandate,
    OPERATE,
    schemas.ChoiceBody,
    is_hidden=True,
)
api.act(f"{ENTRY}/ballot", mandates.record_at_desk, OPERATE, schemas.ChoiceBody, is_hidden=True)
api.act(f"{ENTRY}/call", mandates.vote_by_phone, OPERATE, schemas.PhoneBody, is_hidden=True)
api.act(f"{ENTRY}/delivery/dispute", delivery.dispute_delivery, VOTE, schemas.DisputeForm)
api.act(f"{POLL}/corrections", correcting.ask_correction, VOTE, schemas.CorrectionForm)
api.act(
    "/roll-corrections/<int:correction_id>/answer",
    correcting.answer_correction,
    permissions.CONVENE,
    schemas.CorrectionAnswerForm,
)
