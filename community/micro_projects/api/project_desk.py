"""API rows of the desk's acts upon projects."""

from __future__ import annotations

from community.micro_projects import permissions
from community.micro_projects.api.room import api
from community.micro_projects.queries import desk
from community.micro_projects.schemas import projects as schemas
from community.micro_projects.service import (
    checking,
    costing,
    endorsing,
    granting,
    ideas,
    pledging,
    quotas,
    reviewing,
    terms,
    voting,
)

READ, RUN, REVIEW = permissions.READ, permissions.RUN, permissions.REVIEW
ONE = "/desk/projects/<int:project_id>"

api.show("/desk/projects", desk.waiting_projects, READ)
api.act("/desk/projects", ideas.record_project, RUN, schemas.RecordIdeaForm)
api.act(f"{ONE}/accept", checking.accept_idea, RUN)
api.act(f"{ONE}/return", checking.return_idea, RUN, schemas.ReasonForm)
api.act(f"{ONE}/reject", checking.reject_idea, RUN, schemas.ReasonForm)
api.act(f"{ONE}/endorsements", endorsing.record_endorsement, RUN, schemas.PersonForm)
api.act(f"{ONE}/quotes", costing.add_quote, RUN, schemas.QuoteForm)
api.act(f"{ONE}/costing", costing.cost_project, RUN, schemas.CostingForm)
api.act(f"{ONE}/vote", voting.ask_vote, RUN)
api.act(f"{ONE}/vote/recall", voting.recall_vote, RUN, schemas.ReasonForm)
api.act(f"{ONE}/notice", voting.close_notice, RUN)
api.act(f"{ONE}/review", reviewing.ask_review, RUN)
api.act("/desk/reviews/<int:review_id>", reviewing.answer_review, REVIEW, schemas.ReviewForm)
api.act("/desk/rules", terms.adopt_terms, REVIEW, schemas.TermsForm)
api.act("/desk/quota", quotas.set_quota, REVIEW, schemas.QuotaForm)
api.act(f"{ONE}/slips", granting.grant_slip, REVIEW, schemas.SlipBody)
api.act(f"{ONE}/pledges", pledging.record_pledge, RUN, schemas.RecordPledgeForm)
api.act("/desk/pledges/<int:pledge_id>/take", pledging.take_pledge, RUN)
api.act(f"{ONE}/donations", granting.note_donation, RUN, schemas.DonationForm)
api.act("/desk/donations/<int:donation_id>", granting.receive_donation, RUN, schemas.PledgeForm)
