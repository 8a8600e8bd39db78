"""An invented neighbourhood for tests of points, the time bank and records."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from community.identity import models as identity_models
from community.kernel import clock, db, ids
from community.kernel.actor import Actor
from community.kernel.permissions import Role
from community.volunteering.queries.balances import balance_of
from community.volunteering.queries.rule_sets import get_preset
from community.volunteering.rules.drafts import HoursDraft
from community.volunteering.rules.kinds import HoursClass, ServiceKind
from community.volunteering.rules.points import Book, person_owner
from community.volunteering.rules.rule_sets import RuleSet
from community.volunteering.rules.states import HoursSource
from community.volunteering.service.hours import confirm_record, record_hours
from community.volunteering.service.rule_sets import adopt_rule_set, change_rule_set
from tests import builders
from tests.scenes import kept


@dataclass(frozen=True)
class Neighbours:
    """Two staff members, a volunteer, an older resident with her daughter, and homes."""

    community_id: int
    clerk: int
    chief: int
    volunteer: int
    granny: int
    daughter: int
    granny_home: int
    volunteer_home: int

    def actor(self, person_id: int, *, on_behalf_of: int | None = None) -> Actor:
        return builders.actor(self.community_id, person_id, on_behalf_of=on_behalf_of)

    def balance(self, book: Book, owner: str) -> int:
        with db.read() as session:
            return balance_of(session, self.community_id, book, owner).available

    def points(self, person_id: int) -> int:
        return self.balance(Book.POINTS, person_owner(person_id))

    def coins(self, person_id: int) -> int:
        return self.balance(Book.TIME, person_owner(person_id))

    def card(self, household_id: int) -> str:
        with db.read() as session:
            return session.get_one(identity_models.Household, household_id).card_code


@kept
def make_neighbours(preset: str = "plain", *, since: date | None = None) -> Neighbours:
    """Make the neighbourhood, under a preset that holds since a day."""
    community = builders.make_community()
    home = builders.make_household(community, "1 号楼", "101")
    granny_home = builders.make_household(community, "3 号楼", "301")
    volunteer_home = builders.make_household(community, "4 号楼", "402")
    made = Neighbours(
        community_id=community,
        clerk=builders.make_person(
            community, "李桂芳", household_id=home, roles=(Role.STAFF,), birth_year=1985
        ),
        chief=builders.make_person(community, "赵建国", roles=(Role.STAFF,), birth_year=1970),
        volunteer=builders.make_person(
            community, "王秀英", household_id=volunteer_home, birth_year=1980
        ),
        granny=builders.make_person(community, "孙玉兰", household_id=granny_home, birth_year=1948),
        daughter=builders.make_person(community, "周敏", birth_year=1975),
        granny_home=granny_home,
        volunteer_home=volunteer_home,
    )
    db.write(adopt_rule_set, made.actor(made.chief), preset, since or clock.today())
    return made


def change_rules(world: Neighbours, rules: RuleSet, valid_from: date) -> int:
    found: int = db.write(change_rule_set, world.actor(world.chief), rules, valid_from)
    return found


def preset_rules(code: str) -> RuleSet:
    return get_preset(code).rules


def confirm_hours(
    session: Session,
    actor: Actor,
    person_id: int,
    minutes: int,
    kind: ServiceKind = ServiceKind.PATROL,
    hours_class: HoursClass = HoursClass.VERIFIED,
    served_on: date | None = None,
    organization_id: int | None = None,
) -> int:
    """Write a confirmed record of hours and tell it, as confirming does."""
    draft = HoursDraft(
        person_id=person_id, source=HoursSource.PAPER_SHEET, kind=kind,
        source_key=ids.random_code(20),
        title="夜间巡逻", organising_unit="桂花里社区", place="小区南门", minutes=minutes,
        served_on=served_on or clock.today(), hours_class=hours_class,
        organization_id=organization_id, reason="当面服务",
    )  # fmt: skip
    row = record_hours(session, actor, draft, is_vouched=False)
    row.confirmed_by = actor.person_id
    confirm_record(session, actor, row)
    return row.id
