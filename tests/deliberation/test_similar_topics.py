"""Similar topics: those of one's own community that are shown, with what was hidden left out."""

from __future__ import annotations

from community.deliberation.queries.similar_topics import similar_topics
from community.deliberation.rules.discussion import FlagReason
from community.deliberation.rules.topics import TopicCategory
from community.deliberation.service.moderating import hide
from community.deliberation.service.topics import TopicDraft
from community.kernel import db
from community.kernel.db import Database
from tests.deliberation.topic_scene import make_scene, put
from tests.kernel.paraphrases import PAIRS


def test_a_neighbours_topic_is_found_and_a_hidden_one_is_not(database: Database) -> None:
    scene = make_scene()
    query, target = PAIRS[2]
    made = put(scene.author, TopicDraft(target, "车棚里不够用。", TopicCategory.SAFETY))
    put(scene.author, TopicDraft("建议社区开设书法班", "周末上课。", TopicCategory.CULTURE))

    def shown(besides: int | None = None) -> list[int]:
        with db.read() as session:
            return [
                each.id for each in similar_topics(session, scene.neighbours[0], query, besides)
            ]

    assert shown()[0] == made
    assert made not in shown(besides=made)
    with db.read() as session:
        assert similar_topics(session, scene.outsider, query) == ()
    db.write(hide, scene.staff, made, FlagReason.SPAM, "重复")
    assert made not in shown()
