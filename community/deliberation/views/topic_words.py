"""Words and colours by which pages show topics."""

from __future__ import annotations

from typing import Any

from flask import current_app, url_for
from flask_babel import gettext

from community.deliberation.queries.topics import TopicView
from community.deliberation.rules import discussion as said
from community.deliberation.rules import topics as rules
from community.deliberation.views.blueprint import views
from community.deliberation.views.doing import Doing
from community.kernel import clock

STATE_TAGS = {
    rules.TopicState.DRAFT: "plain",
    rules.TopicState.RAISED: "blue",
    rules.TopicState.ON_AGENDA: "amber",
    rules.TopicState.IN_MEETING: "amber",
    rules.TopicState.IN_VOTE: "amber",
    rules.TopicState.IN_WORK: "amber",
    rules.TopicState.DONE: "done",
    rules.TopicState.CLOSED: "plain",
    rules.TopicState.MERGED: "plain",
    rules.TopicState.WITHDRAWN: "plain",
}
_TITLES: dict[type, dict[Any, str]] = {
    rules.TopicCategory: dict(rules.CATEGORY_TITLES),
    rules.TopicState: dict(rules.STATE_TITLES),
    rules.TopicOrigin: dict(rules.ORIGIN_TITLES),
    rules.TopicOutcome: dict(rules.OUTCOME_TITLES),
    rules.Answerer: dict(rules.ANSWERER_TITLES),
    rules.AnswerState: dict(rules.ANSWER_STATE_TITLES),
    rules.StepKind: dict(rules.STEP_TITLES),
    said.ArgumentSide: dict(said.SIDE_TITLES),
    said.FlagReason: dict(said.FLAG_TITLES),
    said.ModerationKind: dict(said.MODERATION_TITLES),
    said.AppealState: dict(said.APPEAL_TITLES),
    said.MergeState: dict(said.MERGE_TITLES),
}


@views.app_template_filter()
def topic_word(value: Any) -> str:
    """Tell a choice of topics in words."""
    title: str = gettext(_TITLES[type(value)][value])
    return title


@views.app_template_filter()
def topic_tag(topic: TopicView) -> tuple[str, str]:
    """Tell a topic's state in words, and its colour; a late answer is red."""
    if topic.is_hidden:
        return gettext("已隐藏"), "red"
    if topic.is_overdue:
        return gettext("逾期未答复"), "red"
    return topic_word(topic.state), STATE_TAGS[topic.state]


@views.app_template_filter()
def topic_title(topic: TopicView) -> str:
    """Tell a topic's title, or why there is none to tell."""
    gone = gettext("（内容已按提出人要求删除）")
    hidden = gettext("（内容已被隐藏）")
    title: str = topic.title or (hidden if topic.is_hidden else gone)
    return title


@views.app_template_filter()
def days_late(topic: TopicView) -> int:
    """Tell by how many days an answer is late."""
    assert topic.due_on is not None
    return (clock.today() - topic.due_on).days


def options_of(kind: type) -> list[tuple[str, str]]:
    """List the choices of a kind for a form."""
    return [(each.value, gettext(title)) for each, title in _TITLES[kind].items()]


@views.app_template_filter()
def topic_answerer(value: str) -> str:
    """Tell which role a step of the trace named."""
    return topic_word(rules.Answerer(value))


# Where the reference of a trace's step leads, by its first word.
WAYS = {"topic": ("deliberation.topic", "topic_id"), "poll": ("deliberation.poll", "poll_id"),
        "meeting": ("deliberation.meeting", "meeting_id")}  # fmt: skip


@views.app_template_global()
def trace_url(ref: str) -> str:
    """Address what a step of the trace rests on; "" where there is no page."""
    kind, _, number = ref.partition(":")
    endpoint, name = WAYS.get(kind, ("", ""))
    if endpoint not in current_app.view_functions or not number.isdigit():
        return ""
    values: dict[str, Any] = {name: int(number)}
    return url_for(endpoint, **values)


@views.app_template_global()
def room_ways() -> list[Doing]:
    """List the room's other pages that exist and that everybody may open."""
    ways = (
        ("deliberation.polls", "vote", gettext("投票"), gettext("正在投的和结果")),
        ("deliberation.meetings", "users", gettext("会议"), gettext("通知、议程、纪要和决定")),
        (
            "deliberation.opinions",
            "layout-grid",
            gettext("意见图"),
            gettext("哪些大家一致，哪些有分歧"),
        ),
        ("deliberation.panels", "star", gettext("圆桌"), gettext("抽签组成的居民圆桌")),
    )
    return [
        Doing(url_for(endpoint), icon, title, sub)
        for endpoint, icon, title, sub in ways
        if endpoint in current_app.view_functions
    ]
