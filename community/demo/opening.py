"""Opening the demo community, step by step, and telling how to sign in to it."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from community import identity, notices, transparency, volunteering
from community.demo import cast as casting
from community.demo.bidders import GREEN_SHOOTS
from community.demo.budget_votes import vote_on_budgets
from community.demo.catalogue import open_shop, praise, redeem_one, tell_neighbours
from community.demo.council import sit_in_council
from community.demo.counter import keep_the_counter, serve_customers
from community.demo.desk_work import (
    bring_sheets,
    draw_papers,
    hand_in_sheet,
    hang_notices,
    honour_people,
    receive_people,
    write_papers,
    write_sheets,
)
from community.demo.fund_months import keep_the_fund
from community.demo.happenings import Happening, live
from community.demo.invention import invent_homes
from community.demo.neighbours import arrange_visits, help_one_another
from community.demo.opener_keys import register_opener_keys
from community.demo.residents import settle
from community.demo.round_table import hold_round_tables
from community.demo.service_year import WEEKS_BEFORE, live_half_a_year, open_drill
from community.demo.small_projects import carry_projects
from community.demo.topic_life import bring_topics
from community.demo.votes_held import hold_votes
from community.kernel import clock, db
from community.kernel.actor import Actor
from community.kernel.permissions import Role
from community.kernel.tables import Community
from community.web.operations import DemoAccount

SLUG = "guihua"
RULES = "plain"
FIRMS = {
    Role.MERCHANT: ("便民超市", identity.OrganizationKind.MERCHANT, ""),
    Role.PROPERTY: ("恒安物业服务有限公司", identity.OrganizationKind.PROPERTY, ""),
    Role.ORGANIZATION: (GREEN_SHOOTS.name, identity.OrganizationKind.SOCIAL, GREEN_SHOOTS.code),
}


def load() -> None:
    """Load the demo community into an empty database; about half a minute."""
    today = clock.today()
    began = clock.at(today - timedelta(weeks=WEEKS_BEFORE + 2), 9)
    homes = invent_homes(today)
    with clock.fixed(began):
        click.echo("  · 建立社区和规则 / the community and its rules")
        actor = Actor.system(db.write(open_demo_community, Actor.system(0)))
        click.echo(f"  · 登记 {len(homes)} 户居民 / residents")
        settle(actor, homes)
        click.echo("  · 分配角色 / roles")
        cast = _give_parts(actor, today)
        items = db.write(open_shop, actor, cast, today.year)
        db.write(register_opener_keys, actor, cast)
    click.echo(f"  · 补上 {WEEKS_BEFORE} 周的志愿服务 / half a year of volunteering")
    shifts = live_half_a_year(actor, cast, today)
    since = clock.day_of(began)
    year = (today - timedelta(days=90)).year
    praised = partial(db.write, honour_people, actor, cast, year)
    # What came since is still to be read.
    reading = partial(db.write, read_messages, actor, cast.players)
    live(
        [
            *shifts,
            *keep_the_counter(actor, cast, items, since, today),
            *help_one_another(actor, cast, today),
            *keep_the_fund(actor, cast, since, today),
            *sit_in_council(actor, cast, since, today),
            *vote_on_budgets(actor, cast, today),
            *hold_round_tables(actor, cast, today),
            *carry_projects(actor, cast, today),
            *_seal_weekly(actor, since, today),
            Happening(clock.at(today - timedelta(days=3), 13), praised),
            Happening(clock.at(today - timedelta(days=2), 8), reading),
        ]
    )
    click.echo("  · 议题 / topics")
    db.write(bring_topics, actor, cast, today)
    click.echo("  · 表决 / votes")
    db.write(hold_votes, actor, cast, today)
    click.echo("  · 兑换、通知和需求 / redemptions, notices and needs")
    db.write(open_drill, actor, cast, today)
    db.write(redeem_one, actor, cast, items)
    db.write(serve_customers, actor, cast, today, items)
    db.write(tell_neighbours, actor, cast)
    db.write(praise, actor, cast)
    db.write(arrange_visits, actor, cast, today)
    click.echo("  · 办公桌上的事 / what lies on the desk")
    _fill_the_desk(actor, cast, today)
    db.write(transparency.checkpoint_now, actor)


def _seal_weekly(actor: Actor, since: date, today: date) -> list[Happening]:
    """Sign the log once a week; a running site does so by the minute."""
    seal = partial(db.write, transparency.seal_community, actor)
    weeks = (today - since).days // 7
    return [
        Happening(clock.at(since + timedelta(weeks=week), 20), seal) for week in range(1, weeks + 1)
    ]


def _fill_the_desk(actor: Actor, cast: casting.Cast, today: date) -> None:
    posted, *proofs, signed = draw_papers()
    db.write(hang_notices, actor, cast, posted)
    db.write(write_papers, actor, cast, today, tuple(proofs))
    db.write(hand_in_sheet, actor, cast, signed)
    db.write(bring_sheets, actor, cast, today, write_sheets(_some_with_phones(actor), today))
    db.write(receive_people, actor, cast, today)


def _some_with_phones(actor: Actor) -> tuple[tuple[str, str], ...]:
    homes = invent_homes(clock.today())
    people = [person for home in homes[40:60] for person in home.people if person.phone]
    return tuple((person.name, person.phone) for person in people[:6])


def read_messages(session: Session, actor: Actor, people: tuple[int, ...]) -> None:
    """Let people read what they were told so far."""
    for person_id in people:
        notices.read_all_messages(session, casting.act_as(session, actor, person_id))


def open_demo_community(session: Session, actor: Actor) -> int:
    """Open the community itself, marked so that no production server accepts it."""
    row = Community(
        slug=SLUG,
        name="桂花里社区",
        street="梧桐街道",
        district="示范区",
        is_demo=True,
        opened_at=clock.now(),
    )
    session.add(row)
    session.flush()
    volunteering.adopt_rule_set(session, Actor.system(row.id), RULES, clock.today())
    return row.id


def accounts(session: Session) -> list[DemoAccount]:
    """List one account per role, as it is printed at every start."""
    community = session.scalar(select(Community).where(Community.slug == SLUG))
    assert community is not None
    today = clock.day_of(community.opened_at) + timedelta(weeks=WEEKS_BEFORE + 2)
    return [
        DemoAccount(part.title, part.person.name, part.person.phone, casting.PASSWORD)
        for part in casting.choose_parts(invent_homes(today), today)
    ]


def _give_parts(actor: Actor, today: date) -> casting.Cast:
    homes = invent_homes(today)
    parts = casting.choose_parts(homes, today)
    played = {part.title: casting.find_person(actor, part.person) for part in parts}
    hashed = identity.hash_password(casting.PASSWORD)
    db.write(casting.keep_demo_password, actor, tuple(played.values()), hashed)
    firms = db.write(give_roles, actor, tuple((part.role, played[part.title]) for part in parts))
    elder = next(
        person
        for home in homes
        for person in home.people
        if not person.phone and today.year - person.birth_year >= 70
    )
    leaders = tuple(played[part.title] for part in parts if part.role is Role.LEADER)
    return casting.Cast(
        staff=played["社区工作人员"],
        second_staff=played["社区工作人员（第二位）"],
        players=tuple(played.values()),
        leaders=leaders,
        resident=played["居民"],
        elder=casting.find_person(actor, elder),
        merchant=played["商户"],
        shop=firms[0],
        firm=played["物业"],
        committee=played["业主委员会"],
        second_committee=played["业主委员会（第二位）"],
        auditor=played["审计"],
    )


def give_roles(
    session: Session, actor: Actor, parts: tuple[tuple[Role, int], ...]
) -> tuple[int, ...]:
    """Register the firms and give each player the role; tells the firms' ids, the shop first."""
    firms = {}
    for role, (name, kind, code) in FIRMS.items():
        firms[role] = identity.add_organization(session, actor, name, kind, code)
    for role, person_id in parts:
        firm = firms.get(role)
        if firm is not None:
            identity.employ_staff(session, actor, firm, person_id)
        if role is not Role.RESIDENT:
            identity.grant_role(session, actor, person_id, role, organization_id=firm)
    return tuple(firms.values())
