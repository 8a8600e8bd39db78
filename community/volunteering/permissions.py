"""What one may do in volunteering, and which roles may."""

from __future__ import annotations

from community.kernel.errors import N_
from community.kernel.permissions import Role, permission

RULES = permission("volunteering.rules", N_("订立和修改积分、时长与时间银行的规则"), Role.STAFF)
BROWSE = permission(
    "volunteering.browse", N_("查看志愿活动"), Role.RESIDENT, Role.STREET, Role.AUDITOR
)
SIGN_UP = permission("volunteering.sign_up", N_("报名、取消和换班"), Role.RESIDENT)
CHECK_IN = permission("volunteering.check_in", N_("扫屏幕上的动态码签到签退"), Role.RESIDENT)
SEE_OWN = permission("volunteering.see_own", N_("查看自己的班次和时长"), Role.RESIDENT)
PLAN = permission("volunteering.plan", N_("发起和安排活动"), Role.LEADER, Role.STAFF)
LEAD = permission(
    "volunteering.lead", N_("带自己负责的活动：名册、扫码、确认时长"), Role.LEADER, Role.STAFF
)
LEAD_ANY = permission("volunteering.lead_any", N_("带本社区任何活动"), Role.STAFF)
REVIEW = permission("volunteering.review", N_("复核时长、答复异议、确认纸质签到表"), Role.STAFF)
BLOCK = permission("volunteering.block", N_("暂停一个人参加志愿活动"), Role.STAFF)
SEE_RECORDS = permission(
    "volunteering.see_records",
    N_("查看本社区的志愿记录和统计"),
    Role.STAFF,
    Role.STREET,
    Role.AUDITOR,
)

ALL = (
    RULES,
    BROWSE,
    SIGN_UP,
    CHECK_IN,
    SEE_OWN,
    PLAN,
    LEAD,
    LEAD_ANY,
    REVIEW,
    BLOCK,
    SEE_RECORDS,
)
