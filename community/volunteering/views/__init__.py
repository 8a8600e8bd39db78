"""The pages of volunteering, split by business word; importing a file registers its pages."""

from community.volunteering.views import coins, rule_sets, statements, time_bank, time_desk
from community.volunteering.views.desk_links import DESK
from community.volunteering.views.pages import views, world

__all__ = ["DESK", "coins", "rule_sets", "statements", "time_bank", "time_desk", "views", "world"]
