"""The owners' fund under a trust: budget, bills, receipts, bank statements and reports.

It knows the fund and who may spend from it, and nothing about projects that others pay with it.
"""

from community.trust_property.checks import problems
from community.trust_property.errors.spending import NothingReceived
from community.trust_property.events import BudgetVoteWanted
from community.trust_property.queries.audits import audits, get_audit
from community.trust_property.queries.bank import bank_lines
from community.trust_property.queries.bills import open_bills
from community.trust_property.queries.closing import closing
from community.trust_property.queries.estate import fund_units
from community.trust_property.queries.fund import (
    FundView,
    find_fund,
    funds,
    get_bank_account,
    get_fund,
)
from community.trust_property.queries.held_money import deposits
from community.trust_property.queries.matching import candidates_near
from community.trust_property.queries.matters import get_matter
from community.trust_property.queries.overdue import overdue_units
from community.trust_property.queries.payees import payees
from community.trust_property.queries.personal import export_person
from community.trust_property.queries.questions import questions
from community.trust_property.queries.remunerations import remunerations
from community.trust_property.queries.spending import get_request
from community.trust_property.queries.surplus import surpluses
from community.trust_property.rules.audits import OpinionKind, Severity
from community.trust_property.rules.bank import Candidate, MatchKind
from community.trust_property.rules.bills import Channel
from community.trust_property.rules.budget import TAKEN_OVER, BudgetLine
from community.trust_property.rules.budget_votes import budget_vote_in
from community.trust_property.rules.estate import ContractKind, UnitUse
from community.trust_property.rules.fund import BankUse, FundState
from community.trust_property.rules.keys import KeySide
from community.trust_property.rules.matters import MatterState
from community.trust_property.rules.opening import OpeningItem, OpeningKind
from community.trust_property.rules.policies import Basis, Terms
from community.trust_property.rules.questions import SubjectKind
from community.trust_property.service.agencies import add_agency, collect_for_others, pass_on
from community.trust_property.service.audits import (
    AuditPlan,
    add_finding,
    announce_audit,
    check_entry,
    draw_sample,
    give_opinion,
    reply_to_finding,
)
from community.trust_property.service.billing import post_bills, prepare_bills
from community.trust_property.service.budget_votes import (
    ask_budget_vote,
    propose_voted_budget,
    take_budget_vote,
)
from community.trust_property.service.budgets import propose_budget
from community.trust_property.service.closing import close_for_good, close_softly
from community.trust_property.service.contracts import (
    ContractDraft,
    book_instalments,
    propose_contract,
)
from community.trust_property.service.deposits import return_deposit, take_deposit
from community.trust_property.service.estate import propose_rate, take_units
from community.trust_property.service.fund import add_bank_account, prepare_fund
from community.trust_property.service.handovers import hand_over
from community.trust_property.service.keys import register_key_holder
from community.trust_property.service.matching import book_line, match_lines
from community.trust_property.service.matters import approve_matter
from community.trust_property.service.money_ways import Way
from community.trust_property.service.opening import propose_opening
from community.trust_property.service.opening_drafts import (
    BankProof,
    add_opening_item,
    start_opening,
    state_bank_balance,
)
from community.trust_property.service.overdue import agree_plan, propose_refund, send_reminders
from community.trust_property.service.payees import PayeeDraft, propose_payee
from community.trust_property.service.payments import PaymentDraft, pay_remuneration, pay_request
from community.trust_property.service.personal import erase_person, merge_person
from community.trust_property.service.policies import propose_rules
from community.trust_property.service.questions import answer_question, ask_question, judge_answer
from community.trust_property.service.receipts import Payment, take_payment
from community.trust_property.service.remunerations import reckon_remuneration
from community.trust_property.service.reports import publish_report
from community.trust_property.service.spending import RequestDraft, ask_spending
from community.trust_property.service.statements import (
    add_statement,
    keep_statement,
    take_statement,
)
from community.trust_property.service.surplus import propose_surplus
from community.trust_property.service.vouchers import Paper

__all__ = [
    "TAKEN_OVER",
    "AuditPlan",
    "BankProof",
    "BankUse",
    "Basis",
    "BudgetLine",
    "BudgetVoteWanted",
    "Candidate",
    "Channel",
    "ContractDraft",
    "ContractKind",
    "FundState",
    "FundView",
    "KeySide",
    "MatchKind",
    "MatterState",
    "NothingReceived",
    "OpeningItem",
    "OpeningKind",
    "OpinionKind",
    "Paper",
    "PayeeDraft",
    "Payment",
    "PaymentDraft",
    "RequestDraft",
    "Severity",
    "SubjectKind",
    "Terms",
    "UnitUse",
    "Way",
    "add_agency",
    "add_bank_account",
    "add_finding",
    "add_opening_item",
    "add_statement",
    "agree_plan",
    "announce_audit",
    "answer_question",
    "approve_matter",
    "ask_budget_vote",
    "ask_question",
    "ask_spending",
    "audits",
    "bank_lines",
    "book_instalments",
    "book_line",
    "budget_vote_in",
    "candidates_near",
    "check_entry",
    "close_for_good",
    "close_softly",
    "closing",
    "collect_for_others",
    "deposits",
    "draw_sample",
    "erase_person",
    "export_person",
    "find_fund",
    "fund_units",
    "funds",
    "get_audit",
    "get_bank_account",
    "get_fund",
    "get_matter",
    "get_request",
    "give_opinion",
    "hand_over",
    "judge_answer",
    "keep_statement",
    "match_lines",
    "merge_person",
    "open_bills",
    "overdue_units",
    "pass_on",
    "pay_remuneration",
    "pay_request",
    "payees",
    "post_bills",
    "prepare_bills",
    "prepare_fund",
    "problems",
    "propose_budget",
    "propose_contract",
    "propose_opening",
    "propose_payee",
    "propose_rate",
    "propose_refund",
    "propose_rules",
    "propose_surplus",
    "propose_voted_budget",
    "publish_report",
    "questions",
    "reckon_remuneration",
    "register_key_holder",
    "remunerations",
    "reply_to_finding",
    "return_deposit",
    "send_reminders",
    "start_opening",
    "state_bank_balance",
    "surpluses",
    "take_budget_vote",
    "take_deposit",
    "take_payment",
    "take_statement",
    "take_units",
]
