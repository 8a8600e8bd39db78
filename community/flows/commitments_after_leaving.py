"""When a person dies, moves away or erases themselves, what lay ahead of them is given up.

It comes before the coins pass on: coins that were on hold for a visit are free again by then.
"""

from __future__ import annotations

from flask_babel import gettext
from sqlalchemy.orm import Session

from community import identity, rewards, volunteering
from community.kernel import events
from community.kernel.actor import Actor
from community.kernel.errors import N_

DIED = "居民已去世"
MOVED = "居民已搬离"
ERASED = "居民已注销"
# Acts after which somebody no longer takes part.
LEAVING = frozenset({"died", "moved", "tenancy-ended", "erased"})


def listen() -> None:
    """Hear of deaths, moves and erasures, and say beforehand at the desk what will follow."""
    events.subscribe(identity.PersonDied, _died)
    events.subscribe(identity.PersonMoved, _moved)
    events.subscribe(identity.TenancyEnded, _tenancy_ended)
    events.subscribe(identity.PersonErased, _erased)
    identity.add_consequence_source(what_follows)


def what_follows(session: Session, community_id: int, person_id: int, act: str) -> tuple[str, ...]:
    """Tell the clerk what the act will give up, in the order in which it happens."""
    if act not in LEAVING:
        return ()
    ahead = volunteering.commitments_ahead(session, community_id, person_id)
    waiting = rewards.open_redemptions_of(session, community_id, person_id)
    said = (
        (ahead.shifts, N_("取消 {number} 个已报名的班次，名额让给候补的人")),
        (ahead.services, N_("取消 {number} 次已约好的上门服务，并通知对方")),
        (ahead.needs_and_offers, N_("撤下 {number} 条互助需求或意愿")),
        (waiting, N_("取消 {number} 件待领取的兑换，积分退还，奖品放回库存")),
    )
    return tuple(gettext(sentence).format(number=number) for number, sentence in said if number)


def _died(session: Session, told: identity.PersonDied) -> None:
    _give_up(session, told.community_id, told.person_id, DIED)


def _moved(session: Session, told: identity.PersonMoved) -> None:
    if told.household_id is None:
        _give_up(session, told.community_id, told.person_id, MOVED)


def _erased(session: Session, told: identity.PersonErased) -> None:
    _give_up(session, told.community_id, told.person_id, ERASED)


def _tenancy_ended(session: Session, told: identity.TenancyEnded) -> None:
    # A tenant who took another home in the community stays with all they signed up for.
    if identity.household_of(session, told.community_id, told.person_id) is None:
        _give_up(session, told.community_id, told.person_id, MOVED)


def _give_up(session: Session, community_id: int, person_id: int, reason: str) -> None:
    actor = Actor.system(community_id)
    volunteering.give_up_commitments(session, actor, person_id, reason)
    rewards.cancel_open_redemptions(session, actor, person_id, reason)
