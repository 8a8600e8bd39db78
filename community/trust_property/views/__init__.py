"""The pages of the fund, split by whom they serve; importing a file puts its pages in place."""

from community.trust_property.views.bank import desk_bank
from community.trust_property.views.bills import bill_runs
from community.trust_property.views.blueprint import views
from community.trust_property.views.due import DESK
from community.trust_property.views.fund import desk_funds
from community.trust_property.views.matching import desk_closing
from community.trust_property.views.own import my_bills
from community.trust_property.views.public import public_fund

__all__ = [
    "DESK",
    "bill_runs",
    "desk_bank",
    "desk_closing",
    "desk_funds",
    "my_bills",
    "public_fund",
    "views",
]
