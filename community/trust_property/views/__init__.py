"""The pages of the fund, split by whom they serve; importing a file puts its pages in place."""

from community.trust_property.views.approvals import approvals
from community.trust_property.views.audits import desk_audits, public_audits
from community.trust_property.views.bank import desk_bank
from community.trust_property.views.bills import bill_runs
from community.trust_property.views.blueprint import views
from community.trust_property.views.budgets import budget
from community.trust_property.views.corrections import desk_corrections
from community.trust_property.views.due import DESK
from community.trust_property.views.fund import desk_funds
from community.trust_property.views.held_money import desk_held_money
from community.trust_property.views.keys import keys
from community.trust_property.views.matching import desk_closing
from community.trust_property.views.open_spending import public_budget
from community.trust_property.views.opening import desk_opening
from community.trust_property.views.overdue import desk_overdue
from community.trust_property.views.own import my_bills
from community.trust_property.views.papers import paper
from community.trust_property.views.public import public_fund
from community.trust_property.views.questions import desk_questions, public_questions
from community.trust_property.views.reports import report_list
from community.trust_property.views.setting_up import rules
from community.trust_property.views.spending import spending
from community.trust_property.views.surplus import desk_surplus

__all__ = [
    "DESK",
    "approvals",
    "bill_runs",
    "budget",
    "desk_audits",
    "desk_bank",
    "desk_closing",
    "desk_corrections",
    "desk_funds",
    "desk_held_money",
    "desk_opening",
    "desk_overdue",
    "desk_questions",
    "desk_surplus",
    "keys",
    "my_bills",
    "paper",
    "public_audits",
    "public_budget",
    "public_fund",
    "public_questions",
    "report_list",
    "rules",
    "spending",
    "views",
]
