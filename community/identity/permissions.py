"""What may be done with people, places, standing and help, and by which roles."""

from __future__ import annotations

from community.kernel.errors import N_
from community.kernel.permissions import Role, permission

SEE_PEOPLE = permission(
    "identity.see_people", N_("查找居民、查看住户档案"), Role.STAFF, Role.AUDITOR
)
KEEP_PEOPLE = permission("identity.keep_people", N_("登记和更正居民、住户、房屋"), Role.STAFF)
MERGE_PEOPLE = permission("identity.merge_people", N_("合并重复的居民档案"), Role.STAFF)
SEE_ROLES = permission(
    "identity.see_roles", N_("查看谁有什么角色"), Role.STAFF, Role.STREET, Role.AUDITOR
)
GRANT_ROLES = permission("identity.grant_roles", N_("授予和收回角色"), Role.STAFF, Role.STREET)
SEE_PERMISSIONS = permission("identity.see_permissions", N_("查看权限表"), *Role)
ASK_ACCESS = permission("identity.ask_access", N_("申请替他人代办"), Role.RESIDENT)
RECORD_CONSENT = permission(
    "identity.record_consent", N_("凭签字表登记代办授权、监护和亲属关系"), Role.STAFF
)
GIVE_DESK_SLIP = permission("identity.give_desk_slip", N_("在服务台开一次性登录凭条"), Role.STAFF)
PRINT_CARDS = permission("identity.print_cards", N_("打印和作废个人卡、住户卡"), Role.STAFF)
MAKE_DEVICE_TOKENS = permission(
    "identity.make_device_tokens", N_("给扫码设备发令牌"), Role.STAFF, Role.LEADER
)
DECIDE_JOINING = permission("identity.decide_joining", N_("审批加入社区的申请"), Role.STAFF)
KEEP_ORGANIZATIONS = permission(
    "identity.keep_organizations", N_("登记商户、物业和社会组织及其人员"), Role.STAFF
)
INVITE = permission("identity.invite", N_("打印、重开和作废住户邀请信"), Role.STAFF)
RECORD_CHANGES = permission("identity.record_changes", N_("登记去世、搬走、卖房和退租"), Role.STAFF)
KEEP_BACKUPS = permission(
    "identity.keep_backups", N_("备份和恢复整个系统"), Role.STAFF, Role.STREET
)
SEE_BACKUPS = permission(
    "identity.see_backups", N_("查看有哪些备份"), Role.STAFF, Role.STREET, Role.AUDITOR
)

ALL = (
    KEEP_ORGANIZATIONS,
    SEE_PEOPLE,
    KEEP_PEOPLE,
    MERGE_PEOPLE,
    SEE_ROLES,
    GRANT_ROLES,
    SEE_PERMISSIONS,
    ASK_ACCESS,
    RECORD_CONSENT,
    GIVE_DESK_SLIP,
    PRINT_CARDS,
    MAKE_DEVICE_TOKENS,
    DECIDE_JOINING,
    INVITE,
    RECORD_CHANGES,
    KEEP_BACKUPS,
    SEE_BACKUPS,
)
