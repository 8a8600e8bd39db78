"""What one may do with notices, messages and the working-day calendar."""

from __future__ import annotations

from community.kernel.errors import N_
from community.kernel.permissions import Role, permission

OBJECT = permission("notices.object", N_("对公示提出异议"), Role.RESIDENT)
PUBLISH = permission(
    "notices.publish", N_("发布和撤回公示、记录张贴"), Role.STAFF, Role.COMMITTEE, Role.PROPERTY
)
ANSWER = permission("notices.answer", N_("答复异议"), Role.STAFF, Role.COMMITTEE)
READ_DESK = permission(
    "notices.read_desk",
    N_("查看公示工作台和异议人"),
    Role.STAFF,
    Role.COMMITTEE,
    Role.PROPERTY,
    Role.STREET,
    Role.AUDITOR,
)
EDIT_CALENDAR = permission("notices.edit_calendar", N_("调整本社区的工作日历"), Role.STAFF)
EDIT_SHARED_CALENDAR = permission(
    "notices.edit_shared_calendar", N_("调整全部社区共用的工作日历"), Role.STREET
)
READ_CALENDAR = permission(
    "notices.read_calendar", N_("查看工作日历"), Role.RESIDENT, Role.STREET, Role.AUDITOR
)

READ_JOBS = permission(
    "notices.read_jobs", N_("查看后台任务的进度"), Role.STAFF, Role.STREET, Role.AUDITOR
)

ALL = (
    OBJECT,
    PUBLISH,
    ANSWER,
    READ_DESK,
    EDIT_CALENDAR,
    EDIT_SHARED_CALENDAR,
    READ_CALENDAR,
    READ_JOBS,
)
