"""The tables of the fund, split by business word."""

from community.trust_property.models.audits import (
    Audit,
    AuditOpinion,
    AuditSample,
    Finding,
    FindingReply,
)
from community.trust_property.models.bank import (
    BankLine,
    BankMatch,
    BankMatchEntry,
    BankStatement,
    PeriodClosing,
)
from community.trust_property.models.bills import Bill, BillRun, PrepaidUse, Receipt, ReceiptPart
from community.trust_property.models.budget_votes import BudgetVote
from community.trust_property.models.budgets import Budget, BudgetLineRow
from community.trust_property.models.estate import (
    Contract,
    ContractInstalment,
    FundUnit,
    Rate,
)
from community.trust_property.models.fund import BankAccount, Fund, FundBuilding
from community.trust_property.models.handovers import Handover
from community.trust_property.models.held_money import Agency, AgencyMove, CashCount, Deposit
from community.trust_property.models.keys import KeyHolder
from community.trust_property.models.matters import Matter
from community.trust_property.models.opening import Opening, OpeningEntry
from community.trust_property.models.overdue import PaymentPlan, PlanInstalment, Reminder
from community.trust_property.models.papers import PaperOpening, PaperTwin
from community.trust_property.models.payees import Payee, PayeeAccount
from community.trust_property.models.policies import FundRule
from community.trust_property.models.questions import Answer, Question
from community.trust_property.models.remunerations import Remuneration
from community.trust_property.models.reports import PublishedReport
from community.trust_property.models.spending import (
    Payment,
    RequestPaper,
    RequestVersion,
    SpendingRequest,
)
from community.trust_property.models.surplus import Surplus, SurplusShare
from community.trust_property.models.totals import DayTotal, DayTotalMark

__all__ = [
    "Agency",
    "AgencyMove",
    "Answer",
    "Audit",
    "AuditOpinion",
    "AuditSample",
    "BankAccount",
    "BankLine",
    "BankMatch",
    "BankMatchEntry",
    "BankStatement",
    "Bill",
    "BillRun",
    "Budget",
    "BudgetLineRow",
    "BudgetVote",
    "CashCount",
    "Contract",
    "ContractInstalment",
    "DayTotal",
    "DayTotalMark",
    "Deposit",
    "Finding",
    "FindingReply",
    "Fund",
    "FundBuilding",
    "FundRule",
    "FundUnit",
    "Handover",
    "KeyHolder",
    "Matter",
    "Opening",
    "OpeningEntry",
    "PaperOpening",
    "PaperTwin",
    "Payee",
    "PayeeAccount",
    "Payment",
    "PaymentPlan",
    "PeriodClosing",
    "PlanInstalment",
    "PrepaidUse",
    "PublishedReport",
    "Question",
    "Rate",
    "Receipt",
    "ReceiptPart",
    "Reminder",
    "Remuneration",
    "RequestPaper",
    "RequestVersion",
    "SpendingRequest",
    "Surplus",
    "SurplusShare",
]
