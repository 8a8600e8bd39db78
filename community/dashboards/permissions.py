"""Who may look at the pages that bring rooms together."""

from __future__ import annotations

from community.kernel.errors import N_
from community.kernel.permissions import Role, permission

HOME = permission("dashboards.home", N_("查看首页和“我的”"), *Role)
DESK = permission(
    "dashboards.desk",
    N_("打开工作台首页"),
    Role.LEADER,
    Role.STAFF,
    Role.COMMITTEE,
    Role.PROPERTY,
    Role.STREET,
    Role.MERCHANT,
    Role.ORGANIZATION,
    Role.AUDITOR,
)
FIGURES = permission(
    "dashboards.see_figures",
    N_("查看志愿参与图表"),
    Role.RESIDENT,
    Role.STAFF,
    Role.COMMITTEE,
    Role.STREET,
    Role.AUDITOR,
)

ALL = (HOME, DESK, FIGURES)
