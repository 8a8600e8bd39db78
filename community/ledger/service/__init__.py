"""Commands of the books: they write what other rooms ask and never know why."""

from community.ledger.service.accounts import (
    change_limits,
    close_account,
    ensure_account,
    ensure_accounts,
    ensure_book,
    open_account,
)
from community.ledger.service.approvals import Approved, approve, propose, reject, withdraw
from community.ledger.service.holds import hold, release, release_expired, settle
from community.ledger.service.lots import earn_lot, expire_lots, hold_lots, move_lots, spend_lots
from community.ledger.service.periods import close_period
from community.ledger.service.personal import move_balances
from community.ledger.service.policies import set_first_policies, set_first_policy
from community.ledger.service.posting import post, post_all, reverse
from community.ledger.service.vouchers import add_voucher, redact_voucher

__all__ = [
    "Approved",
    "add_voucher",
    "approve",
    "change_limits",
    "close_account",
    "close_period",
    "earn_lot",
    "ensure_account",
    "ensure_accounts",
    "ensure_book",
    "expire_lots",
    "hold",
    "hold_lots",
    "move_balances",
    "move_lots",
    "open_account",
    "post",
    "post_all",
    "propose",
    "redact_voucher",
    "reject",
    "release",
    "release_expired",
    "reverse",
    "set_first_policies",
    "set_first_policy",
    "settle",
    "spend_lots",
    "withdraw",
]
