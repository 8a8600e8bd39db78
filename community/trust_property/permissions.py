"""Who may look into the fund, prepare its acts, turn the second key, and appoint key holders."""

from __future__ import annotations

from community.kernel.errors import N_
from community.kernel.permissions import Role, permission

SEE = permission(
    "trust_property.see_fund", N_("查看物业资金的公开账目和自己的账单"), Role.RESIDENT, Role.AUDITOR
)
READ = permission(
    "trust_property.read",
    N_("查看物业资金工作台"),
    Role.STAFF,
    Role.COMMITTEE,
    Role.PROPERTY,
    Role.STREET,
    Role.AUDITOR,
)
FOUND = permission(
    "trust_property.found", N_("建立物业资金，登记银行账户和持钥人，办理交接"), Role.STAFF
)
PREPARE = permission(
    "trust_property.prepare", N_("编制预算，提出用款申请，登记收付款"), Role.PROPERTY
)
APPROVE = permission("trust_property.approve", N_("用第二把钥匙批准或退回"), Role.COMMITTEE)
ASK = permission("trust_property.ask_question", N_("对公开账目提问"), Role.RESIDENT)
ANSWER = permission(
    "trust_property.answer_question", N_("公开答复业主提问"), Role.PROPERTY, Role.COMMITTEE
)
AUDIT = permission("trust_property.audit", N_("抽查账目，写审计发现和审计意见"), Role.AUDITOR)

ALL = (SEE, READ, FOUND, PREPARE, APPROVE, ASK, ANSWER, AUDIT)
