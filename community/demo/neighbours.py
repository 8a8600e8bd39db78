"""What neighbours did for one another: visits of the time bank, bags at the bin station."""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta
from functools import partial

from sqlalchemy.orm import Session

from community import identity, volunteering
from community.demo.cast import Cast, act_as
from community.demo.happenings import Happening
from community.kernel import clock, db
from community.kernel.actor import Actor

POOL_MINUTES = 6_000
VISIT_WEEKS = 10
STATION_WEEKS = 6
BAGS_AN_EVENING = 24
RIGHT = 0.88
MINUTES = 45
HELP = (
    (volunteering.ServiceKind.MEAL, "中午取一份软饭送到家，少盐"),
    (volunteering.ServiceKind.HEALTH, "量血压，看看药盒里的药够不够"),
    (volunteering.ServiceKind.ELDER_CARE, "陪着去理发，来回约一个钟头"),
)


def help_one_another(actor: Actor, cast: Cast, today: date) -> list[Happening]:
    """Tell the weekly visits to the older resident and the evenings at the bin station."""
    monday = today - timedelta(days=today.weekday())
    begun = monday - timedelta(weeks=VISIT_WEEKS + 1)
    told = [Happening(clock.at(begun, 9), partial(db.write, open_the_bank, actor, cast))]
    givers = (cast.resident, cast.leaders[1], cast.leaders[4])
    for week in range(VISIT_WEEKS):
        day = begun + timedelta(weeks=week + 1, days=2)
        giver, (kind, words) = givers[week % len(givers)], HELP[week % len(HELP)]
        # At noon, when no shift runs.
        at = clock.at(day, 12)
        act = partial(db.write, pay_a_visit, actor, cast, giver, kind, words, at)
        told.append(Happening(at, act))
    return told + _evenings(actor, cast, today, monday)


def _evenings(actor: Actor, cast: Cast, today: date, monday: date) -> list[Happening]:
    chance = random.Random(today.toordinal() + 2)  # noqa: S311  invented history, no secret
    with db.read() as session:
        homes = [each.id for each in identity.households(session, actor.community_id)]
        own = identity.household_of(session, actor.community_id, cast.resident)
        keeper = identity.household_of(session, actor.community_id, cast.leaders[3])
    homes = [each for each in homes if each not in {own, keeper}]
    began = monday - timedelta(weeks=STATION_WEEKS)
    station: int = db.write(open_station, actor, cast)
    told = []
    for day in (began + timedelta(days=ahead) for ahead in range((today - began).days)):
        if day.weekday() in {0, 2, 5}:
            coming = (own, *chance.sample(homes, BAGS_AN_EVENING))
            right = tuple(chance.random() < RIGHT for _ in coming)
            act = partial(db.write, take_bags, actor, cast, station, coming, right)
            told.append(Happening(clock.at(day, 20), act))
    return told


def open_the_bank(session: Session, actor: Actor, cast: Cast) -> None:
    """Let the street's first coins flow into the pool: proposed by one, granted by another."""
    staff = act_as(session, actor, cast.staff)
    second = act_as(session, actor, cast.second_staff)
    reason = "公共池启动：为高龄老人的上门服务付时间币"
    grant = volunteering.propose_coin_grant(session, staff, None, POOL_MINUTES, reason)
    volunteering.approve_coin_grant(session, second, grant)


def pay_a_visit(
    session: Session,
    actor: Actor,
    cast: Cast,
    giver_id: int,
    kind: volunteering.ServiceKind,
    words: str,
    at: datetime,
) -> None:
    """Put in a need, take it on, come with the household's card shown, go, and be confirmed."""
    staff = act_as(session, actor, cast.staff)
    giver = act_as(session, actor, giver_id)
    card = _household_card(session, actor, cast.elder)
    with clock.fixed(at - timedelta(days=2)):
        draft = volunteering.NeedDraft(cast.elder, kind, words, "家中", at, MINUTES)
        need = volunteering.open_need(session, staff, draft)
        visit = volunteering.accept_need(session, giver, need, giver_id)
    with clock.fixed(at):
        volunteering.arrive(session, giver, visit, volunteering.Proof.CARD, card)
    with clock.fixed(at + timedelta(minutes=MINUTES)):
        volunteering.leave(session, giver, visit, volunteering.Proof.CARD, card)
        volunteering.confirm_service(session, staff, visit, MINUTES)


def arrange_visits(session: Session, actor: Actor, cast: Cast, today: date) -> None:
    """Leave one visit of yesterday to be confirmed and one of tomorrow agreed; offer help."""
    staff = act_as(session, actor, cast.staff)
    giver = act_as(session, actor, cast.resident)
    card = _household_card(session, actor, cast.elder)
    noon = clock.at(today - timedelta(days=1), 12)
    kind, words = HELP[0]
    with clock.fixed(noon - timedelta(days=1)):
        draft = volunteering.NeedDraft(cast.elder, kind, words, "家中", noon, MINUTES)
        need = volunteering.open_need(session, staff, draft)
        visit = volunteering.accept_need(session, giver, need, cast.resident)
    with clock.fixed(noon):
        volunteering.arrive(session, giver, visit, volunteering.Proof.CARD, card)
    with clock.fixed(noon + timedelta(minutes=MINUTES)):
        volunteering.leave(session, giver, visit, volunteering.Proof.CARD, card)
    kind, words = HELP[2]
    later = clock.at(today + timedelta(days=1), 15)
    draft = volunteering.NeedDraft(cast.elder, kind, words, "家中", later, 60)
    need = volunteering.open_need(session, staff, draft)
    volunteering.accept_need(session, giver, need, cast.resident)
    volunteering.open_offer(
        session,
        giver,
        volunteering.OfferDraft(
            cast.resident, volunteering.ServiceKind.REPAIR,
            "会换灯管、修水龙头，自带工具", "周末白天", 60,
        ),
    )  # fmt: skip
    volunteering.donate_coins(session, giver, cast.resident, 15)
    reason = "独居，这个月刚出院"
    volunteering.propose_coin_grant(session, staff, cast.elder, 120, reason)


def open_station(session: Session, actor: Actor, cast: Cast) -> int:
    """Set up the bin station."""
    staff = act_as(session, actor, cast.staff)
    return volunteering.open_bin_station(session, staff, "2 号投放点", "5 号楼东侧")


def take_bags(
    session: Session,
    actor: Actor,
    cast: Cast,
    station: int,
    homes: tuple[int, ...],
    right: tuple[bool, ...],
) -> None:
    """Let the keeper of the evening scan each household's card and look into the bag."""
    keeper = act_as(session, actor, cast.leaders[3])
    known = {each.id: each for each in identity.households(session, actor.community_id)}
    for home, is_right in zip(homes, right, strict=True):
        volunteering.record_drop(session, keeper, station, known[home].card_code, is_right)


def _household_card(session: Session, actor: Actor, person_id: int) -> str:
    home = identity.household_of(session, actor.community_id, person_id)
    assert home is not None
    return identity.get_household(session, actor.community_id, home).card_code
