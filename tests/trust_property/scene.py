"""An estate whose fund is being prepared: the firm, the committee, two buildings and owners."""

from __future__ import annotations

from dataclasses import dataclass

from community import identity
from community.kernel import db
from community.kernel.actor import Actor
from community.kernel.permissions import Role
from community.trust_property.rules.fund import BankUse
from community.trust_property.service.fund import add_bank_account, prepare_fund
from tests import builders
from tests.scenes import kept


@dataclass(frozen=True, slots=True)
class Scene:
    """Who and what there is before anything was spent."""

    community_id: int
    fund_id: int
    bank_account_id: int
    firm_id: int
    staff: Actor
    firm: Actor
    second_firm: Actor
    committee: Actor
    second_committee: Actor
    auditor: Actor
    owner: Actor
    neighbour: Actor


@kept
def make_scene(slug: str = "guihua", name: str = "桂花里小区") -> Scene:
    """Set the scene in a community of its own."""
    community = builders.make_community(slug, "桂花里社区")
    home = builders.make_household(community, "3 号楼", "2 单元 301", 8_900)
    next_home = builders.make_household(community, "5 号楼", "1 单元 102", 12_050)
    staff = person(community, "周敏", Role.STAFF)
    firm_id = builders.make_organization(
        community, f"安居物业{slug}", identity.OrganizationKind.PROPERTY
    )
    with db.read() as session:
        houses = tuple(each.id for each in identity.buildings(session, community))
    fund_id = db.write(prepare_fund, staff, name, firm_id, houses)
    account = db.write(
        add_bank_account, staff, fund_id, "建设银行桂花支行", "6688", BankUse.OPERATING
    )
    return Scene(
        community,
        fund_id,
        account,
        firm_id,
        staff,
        firm_person(community, firm_id, "陈立"),
        firm_person(community, firm_id, "孙倩"),
        person(community, "赵国华", Role.COMMITTEE),
        person(community, "钱慧", Role.COMMITTEE),
        person(community, "沈默", Role.AUDITOR),
        person(community, "王秀英", home=home),
        person(community, "李国强", home=next_home),
    )


def person(community_id: int, name: str, *roles: Role, home: int | None = None) -> Actor:
    """Let somebody be a member with roles."""
    made = builders.make_person(community_id, name, roles=roles, household_id=home)
    return builders.actor(community_id, made)


def firm_person(community_id: int, firm_id: int, name: str) -> Actor:
    """Let somebody work for the property firm."""
    made = builders.make_person(community_id, name)
    builders.grant(community_id, made, Role.PROPERTY, firm_id)
    return builders.actor(community_id, made)
