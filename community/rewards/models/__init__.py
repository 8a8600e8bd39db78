"""The tables of rewards, split by business word."""

from community.rewards.models.budget import Payer
from community.rewards.models.catalogue import Item, Merchant, StockChange
from community.rewards.models.honours import Honour, HonourKind
from community.rewards.models.redemptions import CodeAttempt, Redemption
from community.rewards.models.settlements import SettlementSheet

__all__ = [
    "CodeAttempt",
    "Honour",
    "HonourKind",
    "Item",
    "Merchant",
    "Payer",
    "Redemption",
    "SettlementSheet",
    "StockChange",
]
