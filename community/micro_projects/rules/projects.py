"""What a project is: its kind, its field, how it came in and which money line it belongs to."""

from __future__ import annotations

from enum import StrEnum

from community.kernel.errors import N_


class ProjectKind(StrEnum):
    """What is bought: caps and methods differ by it."""

    SERVICE = "service"
    GOODS = "goods"
    WORKS = "works"


KIND_TITLES = {
    ProjectKind.SERVICE: N_("服务类"),
    ProjectKind.GOODS: N_("货物类"),
    ProjectKind.WORKS: N_("工程类"),
}


class Funding(StrEnum):
    """Which programme a project runs under."""

    LIVELIHOOD = "livelihood"
    VENTURE = "venture"


FUNDING_TITLES = {
    Funding.LIVELIHOOD: N_("民生微实事"),
    Funding.VENTURE: N_("公益创投"),
}


class ProjectCategory(StrEnum):
    """What a project is about, in a resident's words."""

    ELDERS = "elders"
    CHILDREN = "children"
    SPORT = "sport"
    CULTURE = "culture"
    HEALTH = "health"
    SAFETY = "safety"
    REPAIR = "repair"
    GREENERY = "greenery"
    TRAFFIC = "traffic"
    ACCESS = "access"
    OTHER = "other"


CATEGORY_TITLES = {
    ProjectCategory.ELDERS: N_("助老"),
    ProjectCategory.CHILDREN: N_("儿童"),
    ProjectCategory.SPORT: N_("健身"),
    ProjectCategory.CULTURE: N_("文化"),
    ProjectCategory.HEALTH: N_("健康"),
    ProjectCategory.SAFETY: N_("安全"),
    ProjectCategory.REPAIR: N_("修缮"),
    ProjectCategory.GREENERY: N_("绿化环境"),
    ProjectCategory.TRAFFIC: N_("停车出行"),
    ProjectCategory.ACCESS: N_("无障碍"),
    ProjectCategory.OTHER: N_("其他"),
}


class ProposalOrigin(StrEnum):
    """How an idea came in."""

    WEB = "web"
    PAPER = "paper"
    PHONE = "phone"


ORIGIN_TITLES = {
    ProposalOrigin.WEB: N_("网上提出"),
    ProposalOrigin.PAPER: N_("纸质填写，服务台录入"),
    ProposalOrigin.PHONE: N_("口头或电话提出，服务台录入"),
}
MOST_PHOTOS = 6
MOST_IDEAS_A_DAY = 3
