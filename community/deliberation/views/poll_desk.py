"""The desk's pages of polls: draft by kind, post, freeze, extend, withdraw, close, decide."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from marshmallow import Schema

from community.deliberation import permissions
from community.deliberation.models import PollKind
from community.deliberation.queries import polls as queries
from community.deliberation.queries import roll_works as roll_works_of
from community.deliberation.queries import sealed, turnout
from community.deliberation.queries.bodies import bodies
from community.deliberation.rules.poll_words import KIND_WORDS, OWN_OPTIONS
from community.deliberation.rules.polls import PollState, RollKind
from community.deliberation.rules.sealed import SEALED_KINDS
from community.deliberation.schemas import polls as schemas
from community.deliberation.service import closing, roll_works, rolls
from community.deliberation.service import polls as service
from community.deliberation.views.blueprint import views
from community.deliberation.views.named_voters import named_lines, with_named_voters
from community.deliberation.views.poll_settings import setting_fields, typed_settings
from community.deliberation.views.poll_words import rules_of, steps_of
from community.kernel import clock
from community.kernel import db as kernel_db
from community.web import forms
from community.web.access import needs, the_actor
from community.web.extensions import db


@views.get("/desk/polls")
@needs(permissions.READ)
def desk_polls() -> str:
    """List all polls, and the kinds of which a new one can be made."""
    return render_template(
        "deliberation/desk_polls.html",
        polls=queries.all_polls(db.session, the_actor()),
        kinds=[(kind, KIND_WORDS[kind.value]) for kind in PollKind],
    )


@views.get("/desk/polls/new/<any('" + "','".join(PollKind) + "'):kind>")
@needs(permissions.CONVENE)
def new_poll(kind: str) -> str:
    """Show the form of a new poll of one kind."""
    return _form(PollKind(kind), forms.Form(), None)


@views.post("/desk/polls/new/<any('" + "','".join(PollKind) + "'):kind>")
@needs(permissions.CONVENE)
def add_poll(kind: str) -> ResponseReturnValue:
    """Write a draft."""

    def act(values: dict[str, Any]) -> int:
        draft = _typed(values["draft"])
        made: int = kernel_db.write(
            service.draft_poll, the_actor(), draft, request_key=forms.request_key()
        )
        return made

    return forms.submit(
        schemas.PollForm(),
        act,
        lambda form: _form(PollKind(kind), form, None),
        lambda made: _told(gettext("已存为草稿。请看看规则，再公示名册。"), made),
    )


@views.get("/desk/polls/<int:poll_id>")
@needs(permissions.READ)
def desk_poll(poll_id: int) -> str:
    """Show a poll with its rules in words and the next step."""
    return _desk_poll(poll_id, forms.Form())


@views.get("/desk/polls/<int:poll_id>/edit")
@needs(permissions.CONVENE)
def edit_poll(poll_id: int) -> str:
    """Show the form that changes a draft."""
    found = queries.get_poll(db.session, the_actor().community_id, poll_id)
    return _form(found.kind, forms.Form(), found)


@views.post("/desk/polls/<int:poll_id>/edit")
@needs(permissions.CONVENE)
def change_poll(poll_id: int) -> ResponseReturnValue:
    """Write a draft anew."""

    def act(values: dict[str, Any]) -> None:
        draft = _typed(values["draft"])
        key = forms.request_key()
        kernel_db.write(service.change_draft, the_actor(), poll_id, draft, request_key=key)

    def again(form: forms.Form) -> str:
        found = queries.get_poll(db.session, the_actor().community_id, poll_id)
        return _form(found.kind, form, found)

    return forms.submit(
        schemas.PollForm(), act, again, lambda _: _told(gettext("已保存。"), poll_id)
    )


@views.post("/desk/polls/<int:poll_id>/post-roll")
@needs(permissions.CONVENE)
def post_roll(poll_id: int) -> ResponseReturnValue:
    """Draw up the roll and post it."""

    def act(_: dict[str, Any]) -> int:
        entries: int = kernel_db.write(
            rolls.post_roll, the_actor(), poll_id, request_key=forms.request_key()
        )
        return entries

    def sentence(entries: int) -> str:
        return str(
            gettext("名册已公示。请核对缺口。") if entries else gettext("正在后台编制名册。")
        )

    return on_poll(poll_id, schemas.Empty(), act, sentence)


@views.post("/desk/polls/<int:poll_id>/freeze")
@needs(permissions.CONVENE)
def freeze_poll(poll_id: int) -> ResponseReturnValue:
    """Freeze words, rules and roll."""

    def act(values: dict[str, Any]) -> str:
        key = forms.request_key()
        hashed: str = kernel_db.write(
            service.freeze_poll, the_actor(), poll_id, values["waiver"], request_key=key
        )
        return hashed

    def sentence(hashed: str) -> str:
        return str(gettext("已冻结并写进公开日志。") if hashed else gettext("正在后台冻结名册。"))

    return on_poll(poll_id, schemas.WaiverForm(), act, sentence)


@views.post("/desk/polls/<int:poll_id>/resume")
@needs(permissions.CONVENE)
def resume_roll_work(poll_id: int) -> ResponseReturnValue:
    """Let work at the roll that has stopped go on where it was."""

    def act(_: dict[str, Any]) -> None:
        key = forms.request_key()
        kernel_db.write(roll_works.resume_roll_work, the_actor(), poll_id, request_key=key)

    return on_poll(poll_id, schemas.Empty(), act, gettext("已接着处理。"))


@views.post("/desk/polls/<int:poll_id>/extend")
@needs(permissions.CONVENE)
def extend_poll(poll_id: int) -> ResponseReturnValue:
    """Give a running poll more time."""

    def act(values: dict[str, Any]) -> None:
        key = forms.request_key()
        closes_at = values["closes_at"]
        kernel_db.write(service.extend_poll, the_actor(), poll_id, closes_at, request_key=key)

    return on_poll(poll_id, schemas.EndForm(), act, gettext("已延期，会再提醒一次。"))


@views.post("/desk/polls/<int:poll_id>/withdraw")
@needs(permissions.CONVENE)
def withdraw_poll(poll_id: int) -> ResponseReturnValue:
    """Take a poll back with a public reason."""

    def act(values: dict[str, Any]) -> None:
        key = forms.request_key()
        kernel_db.write(
            service.withdraw_poll, the_actor(), poll_id, values["reason"], request_key=key
        )

    return on_poll(poll_id, schemas.ReasonForm(), act, gettext("已撤回，理由已公布。"))


@views.post("/desk/polls/<int:poll_id>/close")
@needs(permissions.CONVENE)
def close_poll(poll_id: int) -> ResponseReturnValue:
    """Note that a poll's time is over."""

    def act(_: dict[str, Any]) -> None:
        kernel_db.write(closing.close_poll, the_actor(), poll_id, request_key=forms.request_key())

    return on_poll(poll_id, schemas.Empty(), act, gettext("投票已截止。"))


@views.post("/desk/polls/<int:poll_id>/decide")
@needs(permissions.CONVENE)
def decide_poll(poll_id: int) -> ResponseReturnValue:
    """Count and publish."""

    def act(_: dict[str, Any]) -> None:
        kernel_db.write(closing.decide_poll, the_actor(), poll_id, request_key=forms.request_key())

    return on_poll(poll_id, schemas.Empty(), act, gettext("已计票，结果已公布。"))


def _typed(draft: service.PollDraft) -> service.PollDraft:
    """Give a draft what the page asks beside its shape: settings of its kind, people by name."""
    return with_named_voters(typed_settings(draft, request.form), request.form.get("names", ""))


def _form(kind: PollKind, form: forms.Form, poll: queries.PollView | None) -> str:
    opens = clock.now() + timedelta(days=16 if kind is PollKind.OWNERS else 1)
    closes = opens + timedelta(days=14 if kind is PollKind.OWNERS else 7)
    return render_template(
        "deliberation/poll_form.html",
        kind=kind.value,
        form=form,
        poll=poll,
        opens_at=poll.opens_at if poll else opens,
        closes_at=poll.closes_at if poll else closes,
        roll_kinds=[RollKind.OWNERS] if kind is PollKind.OWNERS else list(RollKind),
        bodies=bodies(db.session, the_actor()),
        has_options=kind.value not in OWN_OPTIONS or kind is PollKind.OWNERS,
        settings=setting_fields(kind, poll),
        named=named_lines(poll),
        **_openers(kind, poll),
    )


def _openers(kind: PollKind, poll: queries.PollView | None) -> dict[str, Any]:
    """Offer who may open ballots, where this kind can be sealed."""
    if kind.value not in SEALED_KINDS:
        return {"can_seal": False}
    community_id = the_actor().community_id
    chosen = sealed.chosen_openers(db.session, community_id, poll.id) if poll else ()
    people = sealed.possible_openers(db.session, community_id)
    return {"can_seal": True, "possible_openers": people, "chosen_openers": chosen}


def _desk_poll(poll_id: int, form: forms.Form) -> str:
    found = queries.get_poll(db.session, the_actor().community_id, poll_id)
    return render_template(
        "deliberation/desk_poll.html",
        poll=found,
        form=form,
        rules=rules_of(found),
        steps=steps_of(found),
        states=PollState,
        work=roll_works_of.roll_work_of(db.session, the_actor(), poll_id),
        turnout=turnout.find_turnout(db.session, the_actor(), poll_id),
        sealing=sealed.find_sealing(db.session, the_actor().community_id, poll_id),
    )


def on_poll(
    poll_id: int,
    shape: Schema,
    act: Callable[[dict[str, Any]], Any],
    sentence: str | Callable[[Any], str],
) -> ResponseReturnValue:
    """Take a step of a poll, and show the poll again."""
    return forms.submit(
        shape,
        act,
        lambda form: _desk_poll(poll_id, form),
        lambda done: _told(sentence if isinstance(sentence, str) else sentence(done), poll_id),
    )


def _told(sentence: str, poll_id: int) -> ResponseReturnValue:
    flash(sentence)
    return redirect(url_for("deliberation.desk_poll", poll_id=poll_id), 303)
