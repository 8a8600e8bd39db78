"""The kinds of service and of good deeds; what each is worth stands in a rule set, not here."""

from __future__ import annotations

from enum import StrEnum

from community.kernel.errors import N_


class ServiceKind(StrEnum):
    """What an hour is served for; a rule set gives each a coefficient."""

    ENVIRONMENT = "environment"
    PATROL = "patrol"
    ELDER_CARE = "elder_care"
    MEAL = "meal"
    CHILDREN = "children"
    TEACHING = "teaching"
    HEALTH = "health"
    CULTURE = "culture"
    MEDIATION = "mediation"
    SORTING = "sorting"
    REPAIR = "repair"
    OFFICE = "office"
    OTHER = "other"


SERVICE_TITLES = {
    ServiceKind.ENVIRONMENT: N_("环境清洁"),
    ServiceKind.PATROL: N_("治安巡逻"),
    ServiceKind.ELDER_CARE: N_("助老陪伴"),
    ServiceKind.MEAL: N_("送餐助餐"),
    ServiceKind.CHILDREN: N_("关爱儿童"),
    ServiceKind.TEACHING: N_("辅导教学"),
    ServiceKind.HEALTH: N_("健康义诊"),
    ServiceKind.CULTURE: N_("文体活动"),
    ServiceKind.MEDIATION: N_("邻里调解"),
    ServiceKind.SORTING: N_("垃圾分类值守"),
    ServiceKind.REPAIR: N_("便民维修"),
    ServiceKind.OFFICE: N_("社区事务"),
    ServiceKind.OTHER: N_("其他服务"),
}


class HoursClass(StrEnum):
    """How sure an hour is: in, out and confirmed; waiting; on a signed sheet; filled in later."""

    VERIFIED = "verified"
    PENDING = "pending"
    PAPER = "paper"
    BACK_FILLED = "back_filled"
    IMPORTED = "imported"


class DeedKind(StrEnum):
    """A good deed that earns an award; never how somebody votes."""

    MEDIATION = "mediation"
    CIVILITY = "civility"
    MEETING = "meeting"
    RESCUE = "rescue"
    REPORTING = "reporting"
    OTHER = "other"


DEED_TITLES = {
    DeedKind.MEDIATION: N_("参与调解"),
    DeedKind.CIVILITY: N_("文明创建"),
    DeedKind.MEETING: N_("参加会议"),
    DeedKind.RESCUE: N_("见义勇为"),
    DeedKind.REPORTING: N_("发现隐患"),
    DeedKind.OTHER: N_("其他好事"),
}
