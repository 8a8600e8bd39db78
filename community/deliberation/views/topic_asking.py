"""Pages on which a resident flags, appeals, or proposes to merge two topics."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from community.deliberation import permissions
from community.deliberation.errors.discussion import AppealNotFound
from community.deliberation.queries import discussion
from community.deliberation.queries import topics as queries
from community.deliberation.queries.similar_topics import similar_topics
from community.deliberation.rules.discussion import FlagReason
from community.deliberation.rules.topics import TopicState
from community.deliberation.schemas import topics as schemas
from community.deliberation.service import appealing, merging, moderating
from community.deliberation.views.blueprint import views
from community.deliberation.views.topic_words import options_of
from community.kernel.db import write
from community.web import forms
from community.web.access import needs, the_actor
from community.web.extensions import db

TAKES_IN = frozenset({TopicState.RAISED, TopicState.ON_AGENDA})


@views.get("/topics/<int:topic_id>/flag")
@needs(permissions.PROPOSE)
def flag_form(topic_id: int) -> str:
    """Say what is wrong with a topic, or with a reason in it."""
    return _flag(topic_id, forms.Form())


@views.post("/topics/<int:topic_id>/flag")
@needs(permissions.PROPOSE)
def flag(topic_id: int) -> ResponseReturnValue:
    """Ask the moderator to look."""

    def act(values: dict[str, Any]) -> Any:
        given = (topic_id, values["reason"], values["words"], values["argument_id"])
        return write(moderating.flag, the_actor(), *given, request_key=forms.request_key())

    def done(_: int) -> ResponseReturnValue:
        return _told(topic_id, gettext("已交给管理员，处理后会告诉您结果。"))

    return forms.submit(schemas.FlagForm(), act, lambda form: _flag(topic_id, form), done)


@views.get("/topics/<int:topic_id>/appeal/<int:moderation_id>")
@needs(permissions.PROPOSE)
def appeal_form(topic_id: int, moderation_id: int) -> str:
    """Write why something should be shown again."""
    return _appeal(topic_id, moderation_id, forms.Form())


@views.post("/topics/<int:topic_id>/appeal/<int:moderation_id>")
@needs(permissions.PROPOSE)
def appeal_hiding(topic_id: int, moderation_id: int) -> ResponseReturnValue:
    """Appeal."""

    def act(values: dict[str, Any]) -> Any:
        given = (moderation_id, values["words"])
        return write(appealing.appeal_hiding, the_actor(), *given, request_key=forms.request_key())

    def done(_: int) -> ResponseReturnValue:
        return _told(topic_id, gettext("申诉已提交，由另一位管理人员决定。"))

    again = lambda form: _appeal(topic_id, moderation_id, form)  # noqa: E731  one line
    return forms.submit(schemas.AppealForm(), act, again, done)


@views.get("/topics/<int:topic_id>/merge")
@needs(permissions.PROPOSE)
def merge_form(topic_id: int) -> str:
    """Choose the topic into which this one should go."""
    return _merge(topic_id, forms.Form())


@views.post("/topics/<int:topic_id>/merge")
@needs(permissions.PROPOSE)
def propose_merge(topic_id: int) -> ResponseReturnValue:
    """Propose the merger to both authors."""

    def act(values: dict[str, Any]) -> Any:
        given = (topic_id, values["into_id"], values["reason"])
        return write(merging.propose_merge, the_actor(), *given, request_key=forms.request_key())

    def done(_: int) -> ResponseReturnValue:
        return _told(topic_id, gettext("合并提议已发给提出人，双方都同意才合并。"))

    return forms.submit(schemas.MergeForm(), act, lambda form: _merge(topic_id, form), done)


def _flag(topic_id: int, form: forms.Form) -> str:
    actor = the_actor()
    asked = forms.read_number(str(form.value("argument_id"))) or forms.asked_number("argument")
    return render_template(
        "deliberation/flag.html",
        form=form,
        topic=queries.get_topic(db.session, actor, topic_id),
        argument=discussion.get_argument(db.session, actor, topic_id, asked) if asked else None,
        reasons=options_of(FlagReason),
    )


def _appeal(topic_id: int, moderation_id: int, form: forms.Form) -> str:
    actor = the_actor()
    found = discussion.get_discussion(db.session, actor, topic_id)
    everything = [*found.pros, *found.cons]
    everything += [
        each for side in (found.pros, found.cons) for one in side for each in one.replies
    ]
    acts = [*found.acts, *(act for each in everything for act in each.acts)]
    act = next((each for each in acts if each.id == moderation_id), None)
    if act is None:
        raise AppealNotFound
    topic = queries.get_topic(db.session, actor, topic_id)
    return render_template("deliberation/appeal.html", form=form, topic=topic, act=act)


def _merge(topic_id: int, form: forms.Form) -> str:
    actor = the_actor()
    topic = queries.get_topic(db.session, actor, topic_id)
    alike = similar_topics(db.session, actor, f"{topic.title} {topic.words}", topic.id)
    offered = [each for each in alike if each.state in TAKES_IN]
    chosen = forms.asked_number("into")
    if chosen and chosen != topic_id and all(each.id != chosen for each in offered):
        offered.insert(0, queries.get_topic(db.session, actor, chosen))
    return render_template("deliberation/merge.html", form=form, topic=topic, offered=offered)


def _told(topic_id: int, sentence: str) -> ResponseReturnValue:
    flash(sentence)
    return redirect(url_for("deliberation.topic", topic_id=topic_id), 303)
