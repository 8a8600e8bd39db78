"""A resident types a topic, sees a neighbour's like it, and endorses that, without a mouse."""

from __future__ import annotations

from flask import Flask
from playwright.sync_api import BrowserContext, Locator, expect

from community.deliberation.queries.topics import get_topic
from community.deliberation.rules.topics import TopicCategory
from community.deliberation.service.topics import TopicDraft
from community.kernel import db
from tests.deliberation.topic_scene import make_scene, put
from tests.kernel.paraphrases import PAIRS
from tests.screenshots import sign_in

MOST_STOPS = 60


def reach(wanted: Locator) -> None:
    """Press Tab until an element has the focus."""
    expect(wanted).to_be_visible()
    for _ in range(MOST_STOPS):
        wanted.page.keyboard.press("Tab")
        if wanted.evaluate("(node) => node === document.activeElement"):
            return
    message = f"{MOST_STOPS} stops do not reach {wanted}"
    raise AssertionError(message)


def test_a_similar_topic_is_shown_while_typing_and_endorsed_by_keyboard(
    app: Flask, site: str, phone: BrowserContext
) -> None:
    scene = make_scene()
    query, target = PAIRS[2]
    made = put(scene.author, TopicDraft(target, "车棚里不够用。", TopicCategory.SAFETY))
    resident = scene.neighbours[0]
    assert resident.person_id is not None
    cookie = sign_in(app, resident.person_id)
    name = app.config["SESSION_COOKIE_NAME"]
    phone.add_cookies([{"name": name, "value": cookie, "url": site}])
    page = phone.new_page()
    page.goto("/c/guihua/topics")
    reach(page.get_by_role("link", name="提一个议题"))
    page.keyboard.press("Enter")
    reach(page.get_by_label("一句话说明"))
    page.keyboard.type(query)
    alike = page.locator("[data-similar-list]").get_by_role("link", name=target)
    reach(alike)
    with phone.expect_page() as opened:
        page.keyboard.press("Enter")
    topic = opened.value
    reach(topic.get_by_role("button", name="附议这个议题"))
    topic.keyboard.press("Enter")
    expect(topic.get_by_role("button", name="撤回我的附议")).to_be_visible()
    # What was typed is still there.
    expect(page.get_by_label("一句话说明")).to_have_value(query)
    with db.read() as session:
        assert get_topic(session, resident, made).endorsers == 2
