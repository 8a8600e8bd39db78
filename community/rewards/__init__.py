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
from community.rewards.service.personal import erase_person, merge_person
from community.rewards.service.redemptions import cancel_open_redemptions, expire_redemptions

__all__ = [
    "RewardCollected",
    "cancel_open_redemptions",
    "catalogue",
    "count_settlements_due",
    "erase_person",
    "expire_redemptions",
    "export_person",
    "honour_board",
    "merge_person",
    "my_redemptions",
    "open_redemptions_of",
    "problems",
    "reward_budget",
]
