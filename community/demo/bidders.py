"""The organisations of the demo that bid: their entries, certificates, and who works for them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy.orm import Session

from community import identity, micro_projects
from community.demo.cast import Cast, act_as
from community.demo.project_way import grown_ups
from community.kernel import clock, db
from community.kernel.actor import Actor
from community.kernel.permissions import Role
from community.micro_projects import (
    CertificateDraft,
    CertificateKind,
    NewOrganization,
    ProjectKind,
    SupplierDraft,
)


@dataclass(frozen=True, slots=True)
class Bidder:
    """An invented organisation, its invented code, and what it does."""

    name: str
    code: str
    kinds: tuple[ProjectKind, ...]
    about: str


SERVICE, GOODS, WORKS = (ProjectKind.SERVICE,), (ProjectKind.GOODS,), (ProjectKind.WORKS,)
# The demo's own organisation account signs in for this one.
GREEN_SHOOTS = Bidder("青禾社会工作服务中心", "52440300MJL5DEM2B1", SERVICE, "助老、儿童和社区活动")
GOLDEN_EAR = Bidder("金穗餐饮服务有限公司", "91440300MA5DEM1XAQ", SERVICE, "社区食堂、送餐")
WARM_NEXT = Bidder("暖邻养老服务中心", "92440300MA5DEM3XC7", SERVICE, "居家养老、助餐助浴")
FOUR_SEASONS = Bidder("四季鲜餐饮服务部", "92440300MA5DEM8XH3", SERVICE, "团餐、盒饭")
ONE_HEART = Bidder("同心家政服务社", "52440300MJLQ1NGHEB", SERVICE, "保洁、陪护、跑腿")
CLEAR_DRAIN = Bidder("畅通市政工程有限公司", "91440300MA5DEM4XD3", WORKS, "排水、管道、路面")
STEADY = Bidder("稳筑建设工程有限公司", "91440300MA5DEM5XEU", WORKS, "小型土建、翻修")
RAIN_BRIDGE = Bidder("雨桥园林市政工程队", "91440300MA5DEM6XFL", WORKS, "排水沟、花坛、步道")
NEAR_TOOLS = Bidder("近邻五金建材店", "92440300MA5DEM7XGA", GOODS, "五金、折叠椅、公告栏")
LAMP_BEARER = Bidder("掌灯文化用品店", "92440300MA5DEM0XKU", GOODS, "展板、文化用品")
BRIGHT_SIGN = Bidder("明朗标识制品厂", "92440300MA5DEM9XJU", GOODS, "公告栏、标牌")

NEEDED = {
    ProjectKind.SERVICE: ((CertificateKind.LICENCE, "营业执照或登记证书"),),
    ProjectKind.GOODS: ((CertificateKind.LICENCE, "营业执照"),),
    ProjectKind.WORKS: (
        (CertificateKind.LICENCE, "营业执照"),
        (CertificateKind.QUALIFICATION, "市政公用工程施工资质"),
    ),
}
# Whoever works for a bidder lives at the far end of the list: nobody who proposes or is drawn.
FROM_THE_END = 12


def register_bidders(
    actor: Actor, cast: Cast, found: dict[str, int], bidders: tuple[Bidder, ...]
) -> None:
    """Write organisations into the register, each with its papers and one employee."""
    with db.read() as session:
        staff = act_as(session, actor, cast.staff)
        people = [each for each in reversed(grown_ups(session, actor)) if each not in cast.players]
    for each in bidders:
        place = FROM_THE_END + sum(key.startswith("works:") for key in found)
        db.write(_register, staff, each, people[place])
        with db.read() as session:
            here = identity.organizations(session, actor.community_id)
        found[f"firm:{each.name}"] = next(one.id for one in here if one.name == each.name)
        found[f"works:{each.name}"] = _worker(actor, found, each)


def _register(session: Session, staff: Actor, bidder: Bidder, person_id: int) -> None:
    here = identity.organizations(session, staff.community_id)
    known = next((one.id for one in here if one.name == bidder.name), None)
    new = None if known else NewOrganization(bidder.name, bidder.code)
    drafted = SupplierDraft(bidder.kinds, bidder.about, "0755-00000000")
    entry = micro_projects.register_supplier(session, staff, drafted, known, new)
    today = clock.today()
    for kind, title in (paper for each in bidder.kinds for paper in NEEDED[each]):
        draft = CertificateDraft(
            kind, title, "", today - timedelta(days=500), today + timedelta(days=900)
        )
        micro_projects.add_certificate(session, staff, entry, draft)
    if known is None:
        micro_projects.employ_for_supplier(session, staff, entry, person_id)
        system = Actor.system(staff.community_id)
        firm = identity.employer_of(session, staff.community_id, person_id)
        identity.grant_role(session, system, person_id, Role.ORGANIZATION, organization_id=firm)


def _worker(actor: Actor, found: dict[str, int], bidder: Bidder) -> int:
    with db.read() as session:
        staff = identity.staff_of(session, actor.community_id, found[f"firm:{bidder.name}"])
    return staff[0]


def bidder_actor(session: Session, actor: Actor, found: dict[str, int], bidder: Bidder) -> Actor:
    """Give the actor who acts for a bidder."""
    return act_as(session, actor, found[f"works:{bidder.name}"])
