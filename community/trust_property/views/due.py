"""The desk's links to the fund, with what is due behind each."""

from __future__ import annotations

from community.kernel.errors import N_
from community.trust_property import permissions
from community.web.layout import DeskLink

GROUP = N_("物业资金")
READ = permissions.READ.code

DESK = (DeskLink(N_("资金概况"), "trust_property.desk_funds", READ, 400, group=GROUP),)
