"""The pages of the fund, split by whom they serve; importing a file puts its pages in place."""

from community.trust_property.views.blueprint import views
from community.trust_property.views.due import DESK
from community.trust_property.views.fund import desk_funds

__all__ = ["DESK", "desk_funds", "views"]
