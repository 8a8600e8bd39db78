"""The pages of volunteering, split by business word; importing a file registers its pages."""

from community.volunteering.views import rule_sets
from community.volunteering.views.desk_links import DESK
from community.volunteering.views.pages import views, world

__all__ = ["DESK", "rule_sets", "views", "world"]
