"""Raising a topic in two steps: write it, see what is alike, put it before everybody."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from community import identity
from community.deliberation import permissions
from community.deliberation.queries import topics as queries
from community.deliberation.queries.similar_topics import similar_topics as find_similar
from community.deliberation.queries.topic_terms import topic_terms
from community.deliberation.rules.topics import MOST_PHOTOS, TopicCategory
from community.deliberation.schemas import topics as schemas
from community.deliberation.service import topics as service
from community.deliberation.views.blueprint import views
from community.deliberation.views.topic_words import options_of
from community.kernel import files
from community.kernel.db import write
from community.web import forms
from community.web.access import needs, the_actor
from community.web.extensions import db
from community.web.stored_files import take_pictures


@views.get("/topics/new")
@needs(permissions.PROPOSE)
def new_topic() -> str:
    """Write a topic."""
    return _form(forms.Form(), None)


@views.post("/topics/new")
@needs(permissions.PROPOSE)
def keep_draft() -> ResponseReturnValue:
    """Keep it and go on to the check."""

    def act(values: dict[str, Any]) -> Any:
        given = (values["draft"], taken_photos())
        return write(service.keep_draft, the_actor(), *given, request_key=forms.request_key())

    return forms.submit(schemas.TopicForm(), act, lambda form: _form(form, None), _to_check)


@views.get("/topics/similar")
@needs(permissions.PROPOSE)
def similar_topics() -> str:
    """Show topics alike what is being typed; a part of a page."""
    found = find_similar(db.session, the_actor(), request.args.get("words", "")[:400])
    return render_template("deliberation/similar.html", similar=found)


@views.get("/topics/drafts/<int:topic_id>")
@needs(permissions.PROPOSE)
def check_draft(topic_id: int) -> str:
    """Show the draft as it will be read, and what is alike."""
    return _check(topic_id, forms.Form())


@views.get("/topics/drafts/<int:topic_id>/edit")
@needs(permissions.PROPOSE)
def edit_draft(topic_id: int) -> str:
    """Change the draft."""
    return _form(forms.Form(), queries.get_draft(db.session, the_actor(), topic_id))


@views.post("/topics/drafts/<int:topic_id>/edit")
@needs(permissions.PROPOSE)
def change_draft(topic_id: int) -> ResponseReturnValue:
    """Keep the changed draft."""

    def act(values: dict[str, Any]) -> int:
        given = (topic_id, values["draft"], values["dropped"], taken_photos())
        write(service.change_draft, the_actor(), *given, request_key=forms.request_key())
        return topic_id

    def again(form: forms.Form) -> str:
        return _form(form, queries.get_draft(db.session, the_actor(), topic_id))

    return forms.submit(schemas.ChangeForm(), act, again, _to_check)


@views.post("/topics/drafts/<int:topic_id>/raise")
@needs(permissions.PROPOSE)
def raise_topic(topic_id: int) -> ResponseReturnValue:
    """Put it before everybody."""

    def act(_: dict[str, Any]) -> Any:
        key = forms.request_key()
        return write(service.raise_topic, the_actor(), topic_id, request_key=key)

    def done(made: int) -> ResponseReturnValue:
        flash(gettext("议题已提交，到期没有答复会公开标红。"))
        return redirect(url_for("deliberation.topic", topic_id=made), 303)

    return forms.submit(schemas.Nothing(), act, lambda form: _check(topic_id, form), done)


@views.post("/topics/drafts/<int:topic_id>/discard")
@needs(permissions.PROPOSE)
def discard_draft(topic_id: int) -> ResponseReturnValue:
    """Delete the draft."""

    def act(_: dict[str, Any]) -> Any:
        key = forms.request_key()
        return write(service.discard_draft, the_actor(), topic_id, request_key=key)

    def done(_: None) -> ResponseReturnValue:
        flash(gettext("草稿已删除。"))
        return redirect(url_for("deliberation.topics"), 303)

    return forms.submit(schemas.Nothing(), act, lambda form: _check(topic_id, form), done)


def taken_photos() -> tuple[files.Ready, ...]:
    """Take in the form's photos. Raises: the refusals of `files.take_in`."""
    return take_pictures("photos", MOST_PHOTOS)


def form_facts() -> dict[str, Any]:
    """Give what every form of a topic offers."""
    actor = the_actor()
    return {
        "categories": options_of(TopicCategory),
        "buildings": identity.buildings(db.session, actor.community_id),
        "most_photos": MOST_PHOTOS,
        "terms": topic_terms(db.session, actor.community_id),
    }


def _form(form: forms.Form, draft: queries.TopicView | None) -> str:
    return render_template("deliberation/topic_form.html", form=form, draft=draft, **form_facts())


def _check(topic_id: int, form: forms.Form) -> str:
    actor = the_actor()
    draft = queries.get_draft(db.session, actor, topic_id)
    words = f"{draft.title} {draft.words}"
    return render_template(
        "deliberation/topic_check.html",
        form=form,
        draft=draft,
        similar=find_similar(db.session, actor, words),
        terms=topic_terms(db.session, actor.community_id),
    )


def _to_check(topic_id: int) -> ResponseReturnValue:
    return redirect(url_for("deliberation.check_draft", topic_id=topic_id), 303)
