"""The owners' fund under a trust: budget, bills, receipts, bank statements and reports.

It knows the fund and who may spend from it, and nothing about projects that others pay with it.
"""

from community.trust_property.checks import problems
from community.trust_property.queries.fund import FundView, find_fund, funds, get_fund
from community.trust_property.queries.personal import export_person
from community.trust_property.rules.fund import BankUse, FundState
from community.trust_property.service.fund import add_bank_account, prepare_fund
from community.trust_property.service.personal import erase_person, merge_person

__all__ = [
    "BankUse",
    "FundState",
    "FundView",
    "add_bank_account",
    "erase_person",
    "export_person",
    "find_fund",
    "funds",
    "get_fund",
    "merge_person",
    "prepare_fund",
    "problems",
]
