"""A community with residents and offices, and topics raised in it."""

from __future__ import annotations

from dataclasses import dataclass

from community.deliberation.rules.topics import TopicCategory
from community.deliberation.service.endorsing import endorse_topic
from community.deliberation.service.topics import (
    TopicDraft,
    keep_draft,
    raise_topic,
    set_topic_rules,
)
from community.kernel import db
from community.kernel.actor import Actor
from community.kernel.permissions import Role
from tests import builders
from tests.scenes import kept

LAMP = TopicDraft(
    "3 号楼前的路灯不亮", "连着一个星期晚上都是黑的，老人下楼看不清台阶。", TopicCategory.REPAIR
)
NAMES = ("王秀英", "李国强", "陈建华", "赵玉兰", "孙志远", "周美玲", "吴春生", "郑晓东")


@dataclass(frozen=True, slots=True)
class Scene:
    """Who is there."""

    community_id: int
    author: Actor
    neighbours: tuple[Actor, ...]
    staff: Actor
    second_staff: Actor
    committee: Actor
    firm: Actor
    auditor: Actor
    outsider: Actor


@kept
def make_scene(threshold: int = 3) -> Scene:
    """Let people live and work somewhere; a topic needs `threshold` endorsing adults."""
    here = builders.make_community()
    there = builders.make_community("lanting", "兰亭社区")

    def person(name: str, *roles: Role) -> Actor:
        return builders.actor(here, builders.make_person(here, name, roles=roles))

    firm_id = builders.make_organization(here, "安居物业")
    worker = builders.make_person(here, "何立新")
    builders.grant(here, worker, Role.PROPERTY, firm_id)
    scene = Scene(
        here,
        person(NAMES[0]),
        tuple(person(name) for name in NAMES[1:]),
        person("沈文静", Role.STAFF),
        person("韩冬梅", Role.STAFF),
        person("冯远", Role.COMMITTEE),
        builders.actor(here, worker),
        person("曹敏", Role.AUDITOR),
        builders.actor(there, builders.make_person(there, "蒋海波", roles=(Role.STAFF,))),
    )
    db.write(set_topic_rules, scene.staff, threshold, 5, 5, 7, 7)
    return scene


def put(author: Actor, draft: TopicDraft = LAMP) -> int:
    """Raise a topic."""
    kept: int = db.write(keep_draft, author, draft)
    made: int = db.write(raise_topic, author, kept)
    return made


def endorse(topic_id: int, *people: Actor) -> None:
    """Let people stand behind a topic."""
    for each in people:
        db.write(endorse_topic, each, topic_id)
