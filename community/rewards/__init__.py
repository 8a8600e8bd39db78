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
from community.rewards.queries.settlements import count_settlements_due, months_waiting
from community.rewards.rules.honours import HonouredSubject
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
from community.rewards.service.honours import (
    HonourDraft,
    add_honour_kind,
    answer_honour,
    decide_honour,
    propose_honour,
)
from community.rewards.service.personal import erase_person, merge_person
from community.rewards.service.redemptions import (
    cancel_open_redemptions,
    expire_redemptions,
    redeem,
)
from community.rewards.service.settlements import make_sheet, pay_sheet

__all__ = [
    "HonourDraft",
    "HonouredSubject",
    "ItemDraft",
    "ItemState",
    "MerchantDraft",
    "RewardCollected",
    "add_honour_kind",
    "add_item",
    "add_merchant",
    "add_payer",
    "answer_honour",
    "cancel_open_redemptions",
    "catalogue",
    "change_stock",
    "collect_code",
    "count_settlements_due",
    "decide_honour",
    "erase_person",
    "expire_redemptions",
    "export_person",
    "fund_budget",
    "honour_board",
    "list_item",
    "make_sheet",
    "merge_person",
    "months_waiting",
    "my_redemptions",
    "open_redemptions_of",
    "pay_sheet",
    "problems",
    "propose_honour",
    "redeem",
    "reward_budget",
]
