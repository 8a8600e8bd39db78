"""The pages of rewards, split by whom they serve; importing a file puts its pages in place."""

from community.rewards.views.blueprint import landing, views
from community.rewards.views.catalogue import catalogue
from community.rewards.views.desk import desk_items
from community.rewards.views.due import DESK
from community.rewards.views.honours import honour_board
from community.rewards.views.merchant import shop
from community.rewards.views.money import budget

__all__ = [
    "DESK",
    "budget",
    "catalogue",
    "desk_items",
    "honour_board",
    "landing",
    "shop",
    "views",
]
