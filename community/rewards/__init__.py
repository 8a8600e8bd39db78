"""Rewards: the catalogue, redemption codes, merchants, the reward budget and honours.

It does not know how points are earned: that is another room's business.
"""

from community.rewards.checks import problems
from community.rewards.events import RewardCollected
from community.rewards.queries.budget import reward_budget
from community.rewards.queries.catalogue import catalogue
from community.rewards.queries.honours import honour_board
from community.rewards.queries.personal import export_person, open_redemptions_of
from community.rewards.queries.redemptions import my_redemptions
from community.rewards.queries.settlements import count_settlements_due
from community.rewards.rules.redemptions import ItemState
from community.rewards.service.budget import add_payer, fund_budget
from community.rewards.service.catalogue import (
    ItemDraft,
    MerchantDraft,
    add_item,
    add_merchant,
    change_stock,
    list_item,
)
from community.rewards.service.collecting import collect_code
from community.rewards.service.personal import erase_person, merge_person
from community.rewards.service.redemptions import (
    cancel_open_redemptions,
    expire_redemptions,
    redeem,
)

__all__ = [
    "ItemDraft",
    "ItemState",
    "MerchantDraft",
    "RewardCollected",
    "add_item",
    "add_merchant",
    "add_payer",
    "cancel_open_redemptions",
    "catalogue",
    "change_stock",
    "collect_code",
    "count_settlements_due",
    "erase_person",
    "expire_redemptions",
    "export_person",
    "fund_budget",
    "honour_board",
    "list_item",
    "merge_person",
    "my_redemptions",
    "open_redemptions_of",
    "problems",
    "redeem",
    "reward_budget",
]
