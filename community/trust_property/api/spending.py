"""API rows of budgets, spending, payments, remuneration and approvals."""

from __future__ import annotations

from community.trust_property import permissions
from community.trust_property.api.room import api
from community.trust_property.queries import budget_votes as vote_queries
from community.trust_property.queries import budgets as budget_queries
from community.trust_property.queries import matters as matter_queries
from community.trust_property.queries import remunerations as remuneration_queries
from community.trust_property.queries import spending as spending_queries
from community.trust_property.schemas import spending as schemas
from community.trust_property.service import (
    budget_votes,
    budgets,
    emergencies,
    matters,
    payments,
    remunerations,
    spending,
)

READ, PREPARE, APPROVE = permissions.READ, permissions.PREPARE, permissions.APPROVE
ONE = "/funds/<int:fund_id>"
REQUEST = f"{ONE}/requests/<int:request_id>"
MATTER = f"{ONE}/matters/<int:matter_id>"
VOTE = f"{ONE}/budget-votes/<int:vote_id>"
PAYMENT = f"{ONE}/payments/<int:payment_id>"

api.show(f"{ONE}/matters", matter_queries.matters, READ)
api.show(MATTER, matter_queries.get_matter, READ)
api.show(f"{ONE}/budgets/<int:year>", budget_queries.budget_standing, READ)
api.show(f"{ONE}/budgets/<int:year>/versions", budget_queries.budget_versions, READ)
api.show(f"{ONE}/budgets/<int:year>/votes", vote_queries.budget_votes, READ)
api.show(f"{ONE}/requests", spending_queries.requests, READ)
api.show(REQUEST, spending_queries.get_request, READ)
api.show(f"{REQUEST}/versions", spending_queries.request_versions, READ)
api.show(f"{REQUEST}/papers", spending_queries.request_papers, READ)
api.show(f"{REQUEST}/payments", spending_queries.payments_of, READ)
api.show(f"{ONE}/remunerations", remuneration_queries.remunerations, READ)

api.act(f"{MATTER}/approve", matters.approve_matter, APPROVE, schemas.ApproveBody)
api.act(f"{MATTER}/reject", matters.reject_matter, APPROVE, schemas.ReasonBody)
api.act(f"{MATTER}/withdraw", matters.withdraw_matter, PREPARE, schemas.ReasonBody)
api.act(f"{ONE}/budgets", budgets.propose_budget, PREPARE, schemas.BudgetBody)
api.act(f"{ONE}/budget-votes", budget_votes.ask_budget_vote, PREPARE, schemas.BudgetVoteBody)
api.act(f"{VOTE}/propose", budget_votes.propose_voted_budget, PREPARE)
api.act(f"{VOTE}/withdraw", budget_votes.withdraw_budget_vote, PREPARE)
api.act(f"{ONE}/budgets/interim", budgets.open_interim, PREPARE, schemas.YearBody)
api.show(f"{ONE}/taken-over-debts", spending_queries.taken_over_debts, READ)
api.act(f"{ONE}/requests", spending.ask_spending, PREPARE, schemas.RequestBody)
api.act(f"{ONE}/emergencies", emergencies.spend_emergency, PREPARE, schemas.RequestBody)
api.act(f"{REQUEST}/edit", spending.edit_spending, PREPARE, schemas.RequestBody)
api.act(f"{REQUEST}/withdraw", spending.withdraw_spending, PREPARE, schemas.ReasonBody)
api.act(f"{REQUEST}/pay", payments.pay_request, PREPARE, schemas.BankPaymentBody)
api.act(f"{PAYMENT}/return", payments.return_payment, PREPARE, schemas.ReturnBody)
api.act(f"{ONE}/remunerations", remunerations.reckon_remuneration, PREPARE, schemas.MonthBody)
api.act(
    f"{ONE}/remunerations/<int:remuneration_id>/pay",
    payments.pay_remuneration,
    PREPARE,
    schemas.BankPaymentBody,
)
