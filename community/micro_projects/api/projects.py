"""API rows of proposing projects, supporting them and following them."""

from __future__ import annotations

from community.micro_projects import permissions
from community.micro_projects.api.room import api
from community.micro_projects.queries import deciding, following, listing, similar_projects, terms
from community.micro_projects.queries import projects as queries
from community.micro_projects.schemas import projects as schemas
from community.micro_projects.service import (
    endorsing,
    ideas,
    library,
    merging,
    pledging,
)

SEE, PROPOSE = permissions.SEE, permissions.PROPOSE
ONE = "/projects/<int:project_id>"

api.show("/projects", listing.projects, SEE, schemas.ProjectsQuery)
api.show("/projects/mine", listing.own_projects, PROPOSE)
api.show("/projects/similar", similar_projects.similar_projects, PROPOSE, schemas.SimilarQuery)
api.show("/projects/rules", terms.present_rules, SEE)
api.show("/projects/quotas", deciding.quotas, SEE)
api.show("/library", listing.library_projects, SEE, schemas.LibraryQuery)
api.show(ONE, following.follow_project, SEE)
api.show(f"{ONE}/steps", queries.project_steps, SEE)

api.act("/projects", ideas.propose_project, PROPOSE, schemas.IdeaForm)
api.act(f"{ONE}/edit", ideas.change_project, PROPOSE, schemas.IdeaForm)
api.act(f"{ONE}/discard", ideas.discard_project, PROPOSE)
api.act(f"{ONE}/withdraw", ideas.withdraw_project, PROPOSE, schemas.WithdrawForm)
api.act(f"{ONE}/copy", library.copy_project, PROPOSE, schemas.CopyForm)
api.act(f"{ONE}/endorse", endorsing.endorse_project, PROPOSE)
api.act(f"{ONE}/endorse/withdraw", endorsing.withdraw_endorsement, PROPOSE)
api.act(f"{ONE}/pledge", pledging.pledge_money, PROPOSE, schemas.PledgeForm)
api.act(f"{ONE}/pledge/withdraw", pledging.withdraw_pledge, PROPOSE)
api.act(f"{ONE}/merge", merging.propose_merge, PROPOSE, schemas.MergeForm)
api.act("/merges/<int:merge_id>", merging.answer_merge, PROPOSE, schemas.ConsentForm)
