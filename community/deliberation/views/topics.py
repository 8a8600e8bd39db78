"""Topics for everybody: the 议事 page, a topic with its trace, and what a resident does there."""

from __future__ import annotations

from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from marshmallow import ValidationError

from community import identity
from community.deliberation import permissions
from community.deliberation.queries import discussion, topic_trace
from community.deliberation.queries import topics as queries
from community.deliberation.rules.discussion import ArgumentSide
from community.deliberation.rules.topics import LISTED, TopicCategory, TopicState
from community.deliberation.schemas import topics as schemas
from community.deliberation.service import answering, arguing, endorsing, merging
from community.deliberation.service import topics as service
from community.deliberation.views import topic_words as words
from community.deliberation.views.blueprint import views
from community.deliberation.views.doing import Doing, add_doing, list_doing
from community.kernel.db import write
from community.web import forms
from community.web.access import needs, public, the_actor
from community.web.extensions import db
from community.web.stored_files import send_stored_file


@views.before_request
def choose_tab() -> None:
    """Let every page of the room stand under its tab."""
    g.tab = "deliberation.topics"


@views.get("/topics")
@public
def topics() -> str:
    """Show what can be done now, what is late, and all topics."""
    actor = the_actor()
    wanted = _wanted()
    found = queries.topics(db.session, actor, **wanted)
    is_filtered = any(wanted.values())
    return render_template(
        "deliberation/topics.html",
        doing=[] if is_filtered else list_doing(),
        overdue=[] if is_filtered else queries.overdue_topics(db.session, actor),
        topics=found,
        wanted=wanted,
        is_filtered=is_filtered,
        before=found[-1].id if len(found) == queries.MOST_SHOWN else None,
        categories=words.options_of(TopicCategory),
        states=[
            (value, title)
            for value, title in words.options_of(TopicState)
            if TopicState(value) in LISTED
        ],
        buildings=identity.buildings(db.session, actor.community_id),
    )


@views.get("/topics/mine")
@needs(permissions.PROPOSE)
def my_topics() -> str:
    """Show what one raised and the drafts one keeps."""
    actor = the_actor()
    return render_template(
        "deliberation/my_topics.html",
        topics=queries.own_topics(db.session, actor),
        drafts=[each for each in queries.drafts(db.session, actor) if each.is_mine],
    )


@views.get("/topics/<int:topic_id>")
@public
def topic(topic_id: int) -> str:
    """Show everybody a topic with its trace and discussion."""
    return show_topic(topic_id, forms.Form())


@views.get("/topics/photos/<int:photo_id>")
@public
def topic_photo(photo_id: int) -> ResponseReturnValue:
    """Show a photo of a topic."""
    found, is_public = queries.get_photo(db.session, the_actor(), photo_id)
    return send_stored_file(found, is_public=is_public)


@views.post("/topics/<int:topic_id>/endorse")
@needs(permissions.PROPOSE)
def endorse(topic_id: int) -> ResponseReturnValue:
    """Stand behind a topic."""

    def act(_: dict[str, Any]) -> Any:
        key = forms.request_key()
        return write(endorsing.endorse_topic, the_actor(), topic_id, request_key=key)

    return _press(topic_id, schemas.Nothing(), act, gettext("已附议，谢谢您。"))


@views.post("/topics/<int:topic_id>/withdraw-endorsement")
@needs(permissions.PROPOSE)
def withdraw_endorsement(topic_id: int) -> ResponseReturnValue:
    """Take one's endorsement back."""

    def act(_: dict[str, Any]) -> Any:
        key = forms.request_key()
        return write(endorsing.withdraw_endorsement, the_actor(), topic_id, request_key=key)

    return _press(topic_id, schemas.Nothing(), act, gettext("已撤回您的附议。"))


@views.post("/topics/<int:topic_id>/arguments")
@needs(permissions.PROPOSE)
def argue(topic_id: int) -> ResponseReturnValue:
    """Give a reason."""

    def act(values: dict[str, Any]) -> Any:
        given = (topic_id, values["side"], values["words"])
        return write(arguing.argue, the_actor(), *given, request_key=forms.request_key())

    return _press(topic_id, schemas.ArgueForm(), act, gettext("您的理由已发布。"), "discussion")


@views.post("/topics/<int:topic_id>/arguments/<int:argument_id>/replies")
@needs(permissions.PROPOSE)
def reply(topic_id: int, argument_id: int) -> ResponseReturnValue:
    """Reply to a reason."""

    def act(values: dict[str, Any]) -> Any:
        given = (argument_id, values["words"])
        return write(arguing.reply, the_actor(), *given, request_key=forms.request_key())

    place = f"argument-{argument_id}"
    return _press(topic_id, schemas.WordsForm(), act, gettext("回复已发布。"), place)


@views.post("/topics/<int:topic_id>/arguments/<int:argument_id>/mark")
@needs(permissions.PROPOSE)
def mark(topic_id: int, argument_id: int) -> ResponseReturnValue:
    """Say whether a reason is useful."""

    def act(values: dict[str, Any]) -> Any:
        given = (argument_id, values["is_useful"])
        return write(arguing.mark_useful, the_actor(), *given, request_key=forms.request_key())

    place = f"argument-{argument_id}"
    return _press(topic_id, schemas.MarkForm(), act, gettext("已记下您的评价。"), place)


@views.post("/topics/<int:topic_id>/additions")
@needs(permissions.PROPOSE)
def add_to_topic(topic_id: int) -> ResponseReturnValue:
    """Add to one's own topic."""

    def act(values: dict[str, Any]) -> Any:
        given = (topic_id, values["words"])
        return write(service.add_to_topic, the_actor(), *given, request_key=forms.request_key())

    return _press(topic_id, schemas.WordsForm(), act, gettext("补充说明已发布。"))


@views.post("/topics/<int:topic_id>/withdraw")
@needs(permissions.PROPOSE)
def withdraw_topic(topic_id: int) -> ResponseReturnValue:
    """Take one's own topic back."""

    def act(values: dict[str, Any]) -> Any:
        given = (topic_id, values["reason"])
        return write(service.withdraw_topic, the_actor(), *given, request_key=forms.request_key())

    return _press(topic_id, schemas.WithdrawForm(), act, gettext("议题已撤回。"))


@views.post("/topics/<int:topic_id>/judge")
@needs(permissions.PROPOSE)
def judge_topic_answer(topic_id: int) -> ResponseReturnValue:
    """Say whether the answer satisfies."""

    def act(values: dict[str, Any]) -> Any:
        given = (topic_id, values["is_satisfied"], values["words"])
        return write(answering.judge_answer, the_actor(), *given, request_key=forms.request_key())

    return _press(topic_id, schemas.JudgeForm(), act, gettext("已记下您的评价。"))


@views.post("/topics/<int:topic_id>/mergers/<int:merge_id>/answer")
@needs(permissions.PROPOSE)
def answer_merge(topic_id: int, merge_id: int) -> ResponseReturnValue:
    """Agree to a merger, or decline it."""

    def act(values: dict[str, Any]) -> Any:
        given = (merge_id, values["agrees"])
        return write(merging.answer_merge, the_actor(), *given, request_key=forms.request_key())

    return _press(topic_id, schemas.ConsentForm(), act, gettext("已记下您的决定。"))


@views.post("/topics/<int:topic_id>/mergers/<int:merge_id>/undo")
@needs(permissions.PROPOSE)
def undo_merge(topic_id: int, merge_id: int) -> ResponseReturnValue:
    """Part two topics again."""

    def act(values: dict[str, Any]) -> Any:
        given = (merge_id, values["reason"])
        return write(merging.undo_merge, the_actor(), *given, request_key=forms.request_key())

    return _press(topic_id, schemas.TopicReasonForm(), act, gettext("已恢复为两个议题。"))


def show_topic(topic_id: int, form: forms.Form) -> str:
    """Show a topic, with what was typed on it."""
    actor = the_actor()
    return render_template(
        "deliberation/topic.html",
        form=form,
        trace=topic_trace.get_trace(db.session, actor, topic_id),
        discussion=discussion.get_discussion(db.session, actor, topic_id),
        sides=words.options_of(ArgumentSide),
    )


def _press(
    topic_id: int, shape: Any, act: Any, sentence: str, place: str = ""
) -> ResponseReturnValue:
    def done(_: Any) -> ResponseReturnValue:
        flash(sentence)
        address = url_for("deliberation.topic", topic_id=topic_id, _anchor=place or None)
        return redirect(address, 303)

    return forms.submit(shape, act, lambda form: show_topic(topic_id, form), done)


def _wanted() -> dict[str, Any]:
    """Read the filters in the address; what is wrong there is left out."""
    shape = schemas.TopicsQuery()
    given = {name: value for name, value in request.args.items() if value}
    try:
        return dict(shape.load(given))
    except ValidationError as error:
        wrong = set(error.messages_dict)
        return dict(shape.load({name: given[name] for name in given if name not in wrong}))


@add_doing
def topics_to_do() -> list[Doing]:
    """List answers to judge, mergers to decide and drafts to send."""
    actor = the_actor()
    if actor.subject_id is None or not actor.may(permissions.PROPOSE.code):
        return []
    found = []
    for asked in topic_trace.merges_asked(db.session, actor):
        url = url_for("deliberation.topic", topic_id=asked.topic_id)
        title = gettext("两个议题要不要合并，请您决定")
        found.append(Doing(url, "link", title, asked.title, gettext("等您决定"), order=20))
    for each in queries.own_topics(db.session, actor):
        if each.answer_state.value == "answered" and each.state in LISTED and not each.is_hidden:
            url = url_for("deliberation.topic", topic_id=each.id)
            title = gettext("看看答复，满意不满意")
            found.append(Doing(url, "star", title, each.title, gettext("等您评价"), order=30))
    for each in queries.drafts(db.session, actor):
        if each.is_mine:
            url = url_for("deliberation.check_draft", topic_id=each.id)
            title = gettext("还没提交的议题")
            found.append(Doing(url, "pencil", title, each.title, gettext("草稿"), "plain", 60))
    return found
