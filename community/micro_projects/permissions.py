"""Who may look at projects, propose, run them, and review them for the street."""

from __future__ import annotations

from community.kernel.errors import N_
from community.kernel.permissions import Role, permission

SEE = permission(
    "micro_projects.see", N_("查看民生微实事项目"), Role.RESIDENT, Role.ORGANIZATION, Role.AUDITOR
)
PROPOSE = permission("micro_projects.propose", N_("提出、附议和认筹项目"), Role.RESIDENT)
READ = permission(
    "micro_projects.read", N_("查看项目工作台"), Role.STAFF, Role.STREET, Role.AUDITOR
)
RUN = permission("micro_projects.run", N_("核对、测算和推进项目（项目专员）"), Role.STAFF)
REVIEW = permission(
    "micro_projects.review", N_("审核项目，安排年度额度，拨付财政资金"), Role.STREET
)

ALL = (SEE, PROPOSE, READ, RUN, REVIEW)
