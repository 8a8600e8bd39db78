"""A community that answers opinions or draws a panel, and the steps tests take."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import timedelta

from community.deliberation.queries.opinions import next_turn
from community.deliberation.rules.opinions import Stance
from community.deliberation.service.opinions import (
    ConversationDraft,
    answer_viewpoint,
    open_conversation,
)
from community.kernel import clock, db, jobs
from community.kernel.actor import Actor
from community.kernel.permissions import Role
from tests import builders
from tests.scenes import kept

OPINIONS = (
    "电动车应该集中充电",
    "地面停车位先给老人用",
    "夜里十点后不准跳广场舞",
    "垃圾桶要搬到楼后面",
    "每季度公布一次公共收益",
    "门口要装人脸识别门禁",
    "宠物要牵绳",
    "楼道里不准堆东西",
)
LASTS = timedelta(days=14)


@dataclass
class Talk:
    """A community, who runs it and who lives there."""

    community_id: int
    staff: Actor
    auditor: Actor
    people: list[int] = field(default_factory=list)
    homes: list[int] = field(default_factory=list)

    def actor(self, number: int) -> Actor:
        return builders.actor(self.community_id, self.people[number])


@kept
def make_talk(people: int = 3, slug: str = "guihua") -> Talk:
    """Let people live in ten buildings, two in a home."""
    community_id = builders.make_community(slug)
    staff = builders.make_person(community_id, "周敏", roles=(Role.STAFF,))
    auditor = builders.make_person(community_id, "审计员", roles=(Role.AUDITOR,))
    talk = Talk(
        community_id, builders.actor(community_id, staff), builders.actor(community_id, auditor)
    )
    for number in range(people):
        if number % 2 == 0:
            home = number // 2
            building, unit = f"{home % 5 + 1} 号楼", f"{home + 1} 室"
            talk.homes.append(builders.make_household(community_id, building, unit))
        talk.people.append(
            builders.make_person(
                community_id,
                f"居民{number:03d}",
                birth_year=1940 + (number * 7) % 65,
                household_id=talk.homes[-1],
            )
        )
    return talk


def open_talk(talk: Talk, **changes: object) -> int:
    """Open a conversation of eight opinions."""
    values: dict[str, object] = {
        "title": "院子怎么管",
        "text": "说说院里的停车、充电和安静。",
        "closes_at": clock.now() + LASTS,
        "viewpoints": OPINIONS,
    } | changes
    made: int = db.write(open_conversation, talk.staff, ConversationDraft(**values))  # type: ignore[arg-type]
    return made


def answer_all(talk: Talk, conversation_id: int, camps: int = 2) -> None:
    """Let everybody answer everything, leaning by camp: the first opinion unites."""
    dice = random.Random(4)
    leaning = [[dice.choice((1, -1)) for _ in range(40)] for _ in range(camps)]
    for number, person_id in enumerate(talk.people):
        actor = builders.actor(talk.community_id, person_id)
        while True:
            with db.read() as session:
                turn = next_turn(session, actor, conversation_id)
            if turn.viewpoint is None:
                break
            place = turn.viewpoint.number - 1
            agrees = place == 0 or leaning[number % camps][place] > 0
            stance = Stance.AGREE if agrees else Stance.DISAGREE
            db.write(answer_viewpoint, actor, turn.viewpoint.id, stance)


def work() -> int:
    """Run the tidy-ups and jobs that are due."""
    return jobs.run_due()
