"""Rewards: the catalogue, redemption codes, merchants, the reward budget and honours.

It does not know how points are earned: that is another room's business.
"""

from community.rewards.events import RewardCollected

__all__ = ["RewardCollected"]
