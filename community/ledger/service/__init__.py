"""Commands of the books: they write what other rooms ask and never know why."""

from community.ledger.service.accounts import (
    change_limits,
    close_account,
    ensure_account,
    ensure_book,
    open_account,
)
from community.ledger.service.holds import hold, release, release_expired, settle
from community.ledger.service.lots import earn_lot, expire_lots, hold_lots, move_lots, spend_lots
from community.ledger.service.posting import post, reverse

__all__ = [
    "change_limits",
    "close_account",
    "earn_lot",
    "ensure_account",
    "ensure_book",
    "expire_lots",
    "hold",
    "hold_lots",
    "move_lots",
    "open_account",
    "post",
    "release",
    "release_expired",
    "reverse",
    "settle",
    "spend_lots",
]
