"""Reading the books: plain frozen values, natural signs, expired holds and lots left out."""

from community.ledger.queries.balances import (
    AccountBalance,
    Lot,
    balance_of,
    balance_on,
    balances_on,
    find_account,
    get_account,
    lots_of,
)
from community.ledger.queries.statements import StatementEntry, StatementPage, statement
from community.ledger.queries.totals import states_of_holds, total_balance

__all__ = [
    "AccountBalance",
    "Lot",
    "StatementEntry",
    "StatementPage",
    "balance_of",
    "balance_on",
    "balances_on",
    "find_account",
    "get_account",
    "lots_of",
    "statement",
    "states_of_holds",
    "total_balance",
]
