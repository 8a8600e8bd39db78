"""The pages of volunteering, split by business word; importing a file registers its pages."""

from community.volunteering.views import (
    activities,
    awards,
    back_fills,
    bin_station,
    coins,
    exchange,
    gate,
    hours_desk,
    my_shifts,
    paper,
    planning,
    records,
    roster,
    rule_sets,
    statements,
    street_forms,
    time_bank,
    time_desk,
)
from community.volunteering.views.desk_links import DESK
from community.volunteering.views.gate import LEAN
from community.volunteering.views.pages import views, world

__all__ = [
    "DESK",
    "LEAN",
    "activities",
    "awards",
    "back_fills",
    "bin_station",
    "coins",
    "exchange",
    "gate",
    "hours_desk",
    "my_shifts",
    "paper",
    "planning",
    "records",
    "roster",
    "rule_sets",
    "statements",
    "street_forms",
    "time_bank",
    "time_desk",
    "views",
    "world",
]
