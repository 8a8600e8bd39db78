"""Pages of conversations for everybody: the question, answering, the map, what is published."""

from __future__ import annotations

import csv
import io
from enum import Enum
from typing import Any

from flask import Response, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from community.deliberation import permissions
from community.deliberation.queries import opinions as queries
from community.deliberation.rules.opinions import LONGEST_VIEWPOINT, TITLES, Stance
from community.deliberation.schemas import opinions as schemas
from community.deliberation.service import opinions as service
from community.deliberation.views.blueprint import views
from community.deliberation.views.doing import Doing, add_doing
from community.deliberation.views.opinion_picture import draw_picture, group_name
from community.kernel import db as kernel_db
from community.web import forms
from community.web.access import needs, public, the_actor
from community.web.extensions import db

WORDS: dict[tuple[type[Enum], Enum], str] = {
    (type(value), value): words for value, words in TITLES.items()
}


@views.app_template_filter("opinion_word")
def opinion_word(value: Enum) -> str:
    """Tell a state or an answer in words."""
    return str(gettext(WORDS[type(value), value]))


@views.app_template_filter("stance_word")
def stance_word(value: str) -> str:
    """Tell a side of a drawn map in words."""
    return opinion_word(Stance(value))


views.add_app_template_filter(group_name)


@views.get("/opinions")
@public
def conversations() -> str:
    """List the conversations."""
    return render_template(
        "deliberation/conversations.html",
        conversations=queries.conversations(db.session, the_actor()),
    )


@views.get("/opinions/<int:conversation_id>")
@public
def conversation(conversation_id: int) -> str:
    """Show what is asked, how far one has come, and the way to the map."""
    actor = the_actor()
    found = queries.get_conversation(db.session, actor, conversation_id)
    may_answer = actor.may(permissions.VOTE.code)
    return render_template(
        "deliberation/conversation.html",
        conversation=found,
        turn=queries.next_turn(db.session, actor, conversation_id) if may_answer else None,
        hidden=queries.hidden_viewpoints(db.session, actor, conversation_id),
        drawn=queries.latest_map(db.session, actor, conversation_id),
    )


@views.get("/opinions/<int:conversation_id>/answer")
@needs(permissions.VOTE)
def answer(conversation_id: int) -> ResponseReturnValue:
    """Ask one viewpoint; when all are answered, say so."""
    return _ask(conversation_id, forms.Form())


@views.post("/opinions/viewpoints/<int:viewpoint_id>/answer")
@needs(permissions.VOTE)
def answer_viewpoint(viewpoint_id: int) -> ResponseReturnValue:
    """Agree, disagree or pass, and go on to the next."""

    def act(values: dict[str, Any]) -> int:
        key = forms.request_key()
        stance = values["stance"]
        found: int = kernel_db.write(
            service.answer_viewpoint, the_actor(), viewpoint_id, stance, request_key=key
        )
        return found

    def again(form: forms.Form) -> str:
        viewpoint = queries.viewpoint_row(db.session, the_actor().community_id, viewpoint_id)
        return _ask(viewpoint.conversation_id, form)

    def done(conversation_id: int) -> ResponseReturnValue:
        return redirect(url_for("deliberation.answer", conversation_id=conversation_id), 303)

    return forms.submit(schemas.StanceForm(), act, again, done)


@views.get("/opinions/<int:conversation_id>/mine")
@needs(permissions.VOTE)
def my_answers(conversation_id: int) -> str:
    """Show one's own answers and what one said, with the form to say more."""
    return _mine(conversation_id, forms.Form())


@views.post("/opinions/<int:conversation_id>/propose")
@needs(permissions.PROPOSE)
def propose_viewpoint(conversation_id: int) -> ResponseReturnValue:
    """Say something oneself."""

    def act(values: dict[str, Any]) -> int:
        key = forms.request_key()
        made: int = kernel_db.write(
            service.propose_viewpoint,
            the_actor(),
            conversation_id,
            values["text"],
            request_key=key,
        )
        return made

    def done(_: int) -> ResponseReturnValue:
        flash(gettext("收到了。社区工作人员看过后上墙，结果会通知您。"))
        return redirect(url_for("deliberation.my_answers", conversation_id=conversation_id), 303)

    return forms.submit(
        schemas.ViewpointForm(), act, lambda form: _mine(conversation_id, form), done
    )


@views.get("/opinions/<int:conversation_id>/map")
@public
def opinion_map(conversation_id: int) -> str:
    """Show the groups as a picture, what unites and what divides."""
    found = queries.get_conversation(db.session, the_actor(), conversation_id)
    drawn = queries.latest_map(db.session, the_actor(), conversation_id)
    picture = None if drawn is None else drawn.picture
    return render_template(
        "deliberation/opinion_map.html",
        conversation=found,
        drawn=drawn,
        picture=picture,
        chart=None if picture is None else draw_picture(picture),
    )


@views.get("/opinions/<int:conversation_id>/answers.csv")
@public
def answers_file(conversation_id: int) -> ResponseReturnValue:
    """Give all answers of a conversation that is over, without whose they are."""
    found = queries.published_answers(db.session, the_actor(), conversation_id)
    if found is None:
        abort(404)
    texts, lines = found
    written = io.StringIO()
    # A sheet program would run a text that begins like a formula.
    csv.writer(written).writerow([f" {one}" if one[:1] in "=+-@" else one for one in texts])
    written.writelines(f"{line}\r\n" for line in lines)
    return Response(
        "\ufeff" + written.getvalue(),
        mimetype="text/csv",
        headers={"Content-Disposition": f'attachment; filename="answers-{conversation_id}.csv"'},
    )


def _ask(conversation_id: int, form: forms.Form) -> str:
    actor = the_actor()
    return render_template(
        "deliberation/opinion_turn.html",
        form=form,
        conversation=queries.get_conversation(db.session, actor, conversation_id),
        turn=queries.next_turn(db.session, actor, conversation_id),
        stances=Stance,
    )


def _mine(conversation_id: int, form: forms.Form) -> str:
    actor = the_actor()
    return render_template(
        "deliberation/my_answers.html",
        form=form,
        conversation=queries.get_conversation(db.session, actor, conversation_id),
        answers=queries.own_answers(db.session, actor, conversation_id),
        said=queries.own_viewpoints(db.session, actor, conversation_id),
        stances=Stance,
        longest=LONGEST_VIEWPOINT,
    )


@add_doing
def open_conversations() -> list[Doing]:
    """Lead to the conversations that are open."""
    return [
        Doing(
            url_for("deliberation.conversation", conversation_id=one.id),
            "message-square",
            one.title,
            gettext("意见征集 · %(people)s 人回答", people=one.people),
            order=40,
        )
        for one in queries.conversations(db.session, the_actor())
        if one.is_open
    ]
