"""Reading the books: plain frozen values, natural signs, expired holds and lots left out."""

from community.ledger.queries.balances import (
    AccountBalance,
    Lot,
    balance_of,
    balance_on,
    balances_on,
    find_account,
    find_accounts,
    get_account,
    lots_of,
)
from community.ledger.queries.moves import Move, closed_periods, get_move, lines_of, moves_of
from community.ledger.queries.personal import export_person
from community.ledger.queries.policies import (
    ProposalView,
    VoucherView,
    get_proposal,
    keys_needed,
    open_proposals,
    vouchers_of,
)
from community.ledger.queries.statements import StatementEntry, StatementPage, statement
from community.ledger.queries.totals import moved_between, states_of_holds, total_balance

__all__ = [
    "AccountBalance",
    "Lot",
    "Move",
    "ProposalView",
    "StatementEntry",
    "StatementPage",
    "VoucherView",
    "balance_of",
    "balance_on",
    "balances_on",
    "closed_periods",
    "export_person",
    "find_account",
    "find_accounts",
    "get_account",
    "get_move",
    "get_proposal",
    "keys_needed",
    "lines_of",
    "lots_of",
    "moved_between",
    "moves_of",
    "open_proposals",
    "statement",
    "states_of_holds",
    "total_balance",
    "vouchers_of",
]
