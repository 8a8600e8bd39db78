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
SEE_DESK = permission(
    "volunteering.see_desk",
    N_("查看规则、时间银行、导入和报表的工作台，以及签到表和补录凭证"),
    Role.STAFF,
    Role.AUDITOR,
)

AWARD = permission(
    "volunteering.award", N_("为好人好事申报积分奖励"), Role.LEADER, Role.STAFF, Role.COMMITTEE
)
SEE_AWARDS = permission(
    "volunteering.see_awards",
    N_("查看好人好事奖励"),
    Role.LEADER,
    Role.STAFF,
    Role.COMMITTEE,
    Role.AUDITOR,
)
APPROVE = permission(
    "volunteering.approve", N_("批准超过限额的积分奖励和时间币发放"), Role.STAFF, Role.COMMITTEE
)
TIME_BANK = permission(
    "volunteering.time_bank", N_("提出需求、提供服务、接单、转赠时间币"), Role.RESIDENT
)
TIME_DESK = permission(
    "volunteering.time_desk", N_("在服务台替居民登记时间银行的需求和服务、答复争议"), Role.STAFF
)
BIN_SCAN = permission(
    "volunteering.bin_scan", N_("在垃圾分类投放点扫住户卡"), Role.LEADER, Role.STAFF
)
BIN_SET_UP = permission("volunteering.bin_set_up", N_("设置垃圾分类投放点"), Role.STAFF)
SEE_STATEMENT = permission(
    "volunteering.see_statement", N_("查看自己的积分、时间币和时长明细"), Role.RESIDENT
)
MAKE_RECORD = permission("volunteering.make_record", N_("开具自己的志愿服务记录"), Role.RESIDENT)
SEAL_RECORD = permission(
    "volunteering.seal_record", N_("出具并盖章志愿服务证明"), Role.STAFF, Role.ORGANIZATION
)
SEE_SEALED = permission(
    "volunteering.see_sealed",
    N_("查看开具的志愿服务记录"),
    Role.STAFF,
    Role.ORGANIZATION,
    Role.AUDITOR,
)
EXCHANGE = permission("volunteering.exchange", N_("导入导出时长、填报街道报表"), Role.STAFF)
SEE_FIGURES = permission(
    "volunteering.see_figures",
    N_("查看志愿服务统计图表"),
    Role.STAFF,
    Role.COMMITTEE,
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
    SEE_DESK,
    AWARD,
    SEE_AWARDS,
    APPROVE,
    TIME_BANK,
    TIME_DESK,
    BIN_SCAN,
    BIN_SET_UP,
    SEE_STATEMENT,
    MAKE_RECORD,
    SEAL_RECORD,
    SEE_SEALED,
    EXCHANGE,
    SEE_FIGURES,
)
