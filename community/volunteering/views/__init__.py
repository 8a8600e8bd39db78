"""The pages of volunteering, split by business word; importing a file registers its pages."""

from community.volunteering.views import (
    awards,
    bin_station,
    coins,
    records,
    rule_sets,
    statements,
    time_bank,
    time_desk,
)
from community.volunteering.views.desk_links import DESK
from community.volunteering.views.pages import views, world

__all__ = [
    "DESK",
    "awards",
    "bin_station",
    "coins",
    "records",
    "rule_sets",
    "statements",
    "time_bank",
    "time_desk",
    "views",
    "world",
]
