"""The pages of the fund, split by whom they serve; importing a file puts its pages in place."""

from community.trust_property.views.bills import bill_runs
from community.trust_property.views.blueprint import views
from community.trust_property.views.due import DESK
from community.trust_property.views.fund import desk_funds
from community.trust_property.views.own import my_bills

__all__ = ["DESK", "bill_runs", "desk_funds", "my_bills", "views"]
