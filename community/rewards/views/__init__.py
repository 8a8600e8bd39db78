"""The pages of rewards, split by whom they serve."""

from community.rewards.views import catalogue as _catalogue
from community.rewards.views import desk as _desk
from community.rewards.views import honours as _honours
from community.rewards.views import merchant as _merchant
from community.rewards.views import money as _money
from community.rewards.views.blueprint import landing, views
from community.rewards.views.due import DESK

__all__ = ["DESK", "landing", "views"]

# Importing the files puts their pages on the blueprint.
PAGES = (_catalogue, _desk, _honours, _merchant, _money)
