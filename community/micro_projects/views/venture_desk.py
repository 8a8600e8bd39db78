"""The desk of the venture fund: drafting, publishing, screening, the jury, the choice, awards."""

from __future__ import annotations

from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from community.kernel import clock
from community.kernel.db import write
from community.micro_projects import permissions
from community.micro_projects.queries import (
    venture_applications,
    venture_calls,
    venture_desk,
    venture_jury,
    venture_lots,
    venture_matches,
    venture_succession,
)
from community.micro_projects.rules.panels import SEED_TITLES, SeedSource
from community.micro_projects.rules.venture_choice import propose
from community.micro_projects.schemas import awards as award_schemas
from community.micro_projects.schemas import venture as schemas
from community.micro_projects.schemas.suppliers import ButtonForm
from community.micro_projects.service import panels, venture_awards, venture_choice
from community.micro_projects.service import venture_calls as service
from community.micro_projects.service import venture_jury as jury
from community.micro_projects.service import venture_matches as matches
from community.micro_projects.views.blueprint import views
from community.micro_projects.views.pressing import press
from community.micro_projects.views.venture_words import bar_words
from community.web import forms
from community.web.access import needs, the_actor
from community.web.extensions import db
from community.web.stored_files import send_stored_file

CRITERION_ROWS = 6
_COLUMNS = ("criterion_title", "criterion_percent", "criterion_text")


@views.get("/desk/calls")
@needs(permissions.READ)
def desk_calls() -> str:
    """List all calls, drafts among them."""
    found = venture_calls.calls(db.session, the_actor())
    return render_template("micro_projects/desk_calls.html", calls=found)


@views.get("/desk/calls/new")
@needs(permissions.KEEP_CALLS)
def new_call() -> str:
    """Show the form of a call."""
    return _form(None, forms.Form())


@views.post("/desk/calls/new")
@needs(permissions.KEEP_CALLS)
def draft_call() -> ResponseReturnValue:
    """Draft a call."""

    def act(values: dict[str, Any]) -> Any:
        key = forms.request_key()
        return write(service.draft_call, the_actor(), values["draft"], request_key=key)

    return press(
        schemas.CallForm(),
        act,
        lambda form: _form(None, form),
        gettext("草稿已保存，请街道看过后发布。"),
        desk_address,
    )


@views.get("/desk/calls/<int:call_id>")
@needs(permissions.READ)
def desk_call(call_id: int) -> str:
    """Show a call with what is to be done next."""
    return show_desk(call_id, forms.Form())


@views.get("/desk/calls/<int:call_id>/edit")
@needs(permissions.KEEP_CALLS)
def edit_call(call_id: int) -> str:
    """Show the form of a draft again."""
    return _form(venture_calls.find_call(db.session, the_actor(), call_id), forms.Form())


@views.post("/desk/calls/<int:call_id>/edit")
@needs(permissions.KEEP_CALLS)
def change_call(call_id: int) -> ResponseReturnValue:
    """Change a draft."""
    found = venture_calls.find_call(db.session, the_actor(), call_id)

    def act(values: dict[str, Any]) -> None:
        given = (call_id, values["draft"])
        write(service.change_call, the_actor(), *given, request_key=forms.request_key())

    return press(
        schemas.CallForm(),
        act,
        lambda form: _form(found, form),
        gettext("草稿已保存，请街道看过后发布。"),
        lambda _: desk_address(call_id),
    )


@views.post("/desk/calls/<int:call_id>/discard")
@needs(permissions.KEEP_CALLS)
def discard_call(call_id: int) -> ResponseReturnValue:
    """Delete a draft."""

    def act(_: dict[str, Any]) -> None:
        write(service.discard_call, the_actor(), call_id, request_key=forms.request_key())

    def done(_: Any) -> ResponseReturnValue:
        flash(gettext("草稿已删除。"))
        return redirect(url_for("micro_projects.desk_calls"), 303)

    return forms.submit(ButtonForm(), act, lambda form: show_desk(call_id, form), done)


@views.post("/desk/calls/<int:call_id>/publish")
@needs(permissions.PUBLISH_CALL)
def publish_call(call_id: int) -> ResponseReturnValue:
    """Publish a call for the street."""

    def act(_: dict[str, Any]) -> Any:
        return write(service.publish_call, the_actor(), call_id, request_key=forms.request_key())

    return _press(ButtonForm(), act, call_id, gettext("已发布，已通知登记的单位。"))


@views.post("/desk/calls/<int:call_id>/judging")
@needs(permissions.KEEP_CALLS)
def begin_judging(call_id: int) -> ResponseReturnValue:
    """Begin to judge a call."""

    def act(_: dict[str, Any]) -> Any:
        return write(service.begin_judging, the_actor(), call_id, request_key=forms.request_key())

    return _press(ButtonForm(), act, call_id, gettext("申报已公开。请审查资格、请评委就位。"))


@views.post("/desk/calls/<int:call_id>/cancel")
@needs(permissions.KEEP_CALLS)
def cancel_call(call_id: int) -> ResponseReturnValue:
    """Call a call off."""

    def act(values: dict[str, Any]) -> None:
        given = (call_id, values["reason"])
        write(service.cancel_call, the_actor(), *given, request_key=forms.request_key())

    return _press(schemas.CallReasonForm(), act, call_id, gettext("已终止，并已通知申报人。"))


@views.post("/desk/calls/<int:call_id>/close")
@needs(permissions.KEEP_CALLS)
def close_call(call_id: int) -> ResponseReturnValue:
    """End a call whose projects are over."""

    def act(values: dict[str, Any]) -> None:
        given = (call_id, values["words"])
        write(service.close_call, the_actor(), *given, request_key=forms.request_key())

    return _press(schemas.CallWordsForm(), act, call_id, gettext("已结束，成果已公开。"))


@views.post("/desk/calls/<int:call_id>/applications/<int:application_id>/screen")
@needs(permissions.KEEP_CALLS)
def screen_application(call_id: int, application_id: int) -> ResponseReturnValue:
    """Say whether an application meets the call."""

    def act(values: dict[str, Any]) -> None:
        given = (application_id, values["is_eligible"], values["reason"])
        write(jury.screen_application, the_actor(), *given, request_key=forms.request_key())

    return _press(schemas.ScreenForm(), act, call_id, gettext("已记录，申报人会收到通知。"))


@views.post("/desk/calls/<int:call_id>/jurors")
@needs(permissions.KEEP_CALLS)
def seat_juror(call_id: int) -> ResponseReturnValue:
    """Seat somebody of the pool on the jury."""

    def act(values: dict[str, Any]) -> Any:
        given = (call_id, values["person_id"])
        return write(jury.seat_juror, the_actor(), *given, request_key=forms.request_key())

    return _press(schemas.JurorForm(), act, call_id, gettext("评委已就位，并已通知本人。"))


@views.post("/desk/calls/<int:call_id>/seats/<int:seat_id>/recuse")
@needs(permissions.AWARD)
def recuse_juror(call_id: int, seat_id: int) -> ResponseReturnValue:
    """See to it that a juror leaves."""

    def act(values: dict[str, Any]) -> None:
        given = (seat_id, values["words"])
        write(panels.recuse, the_actor(), *given, request_key=forms.request_key())

    return _press(award_schemas.RecuseForm(), act, call_id, gettext("已回避。"))


@views.post("/desk/calls/<int:call_id>/choice")
@needs(permissions.KEEP_CALLS)
def choose_applications(call_id: int) -> ResponseReturnValue:
    """Choose within the purse and post it."""

    def act(values: dict[str, Any]) -> Any:
        given = (call_id, values["choices"])
        key = forms.request_key()
        return write(venture_choice.choose_applications, the_actor(), *given, request_key=key)

    return _press(schemas.ChoiceForm(), act, call_id, gettext("入选结果已公示。"))


@views.post("/desk/calls/<int:call_id>/reopen")
@needs(permissions.KEEP_CALLS)
def reopen_choice(call_id: int) -> ResponseReturnValue:
    """Open the choice again after an objection was upheld."""

    def act(values: dict[str, Any]) -> None:
        given = (call_id, values["reason"])
        write(venture_choice.reopen_choice, the_actor(), *given, request_key=forms.request_key())

    return _press(schemas.CallReasonForm(), act, call_id, gettext("请重新确定入选项目。"))


@views.post("/desk/calls/<int:call_id>/confirm")
@needs(permissions.KEEP_CALLS)
def confirm_choice(call_id: int) -> ResponseReturnValue:
    """Let what was chosen become projects before the street."""

    def act(_: dict[str, Any]) -> Any:
        key = forms.request_key()
        return write(venture_choice.confirm_choice, the_actor(), call_id, request_key=key)

    return _press(ButtonForm(), act, call_id, gettext("入选项目已立项，送街道审核。"))


@views.post("/desk/calls/<int:call_id>/projects/<int:project_id>/award")
@needs(permissions.AWARD)
def award_venture(call_id: int, project_id: int) -> ResponseReturnValue:
    """Give an approved venture project to its applicant."""

    def act(_: dict[str, Any]) -> Any:
        key = forms.request_key()
        return write(venture_awards.award_venture, the_actor(), project_id, request_key=key)

    return press(
        ButtonForm(),
        act,
        lambda form: show_desk(call_id, form),
        gettext("已确定实施单位，钱已预留。可以签合同了。"),
        lambda made: url_for("micro_projects.award", award_id=made),
    )


@views.post("/desk/calls/<int:call_id>/matches/<int:match_id>")
@needs(permissions.KEEP_CALLS)
def decide_match(call_id: int, match_id: int) -> ResponseReturnValue:
    """Say whether reported money counts as matched."""

    def act(values: dict[str, Any]) -> None:
        given = (match_id, values["counts"], values["words"])
        write(matches.decide_match, the_actor(), *given, request_key=forms.request_key())

    return _press(schemas.DecideMatchForm(), act, call_id, gettext("已记录，杠杆率已更新。"))


@views.get("/desk/calls/matches/<int:match_id>/paper")
@needs(permissions.READ)
def match_paper(match_id: int) -> Response:
    """Give the paper of matched money."""
    return send_stored_file(venture_matches.match_paper(db.session, the_actor(), match_id))


def _press(schema: Any, act: Any, call_id: int, told: str) -> ResponseReturnValue:
    return press(
        schema, act, lambda form: show_desk(call_id, form), told, lambda _: desk_address(call_id)
    )


def desk_address(call_id: int) -> str:
    """Give the address of a call's desk."""
    return url_for("micro_projects.desk_call", call_id=call_id)


def show_desk(call_id: int, form: forms.Form) -> str:
    """Show a call's desk, with what was refused."""
    actor = the_actor()
    here = actor.community_id
    found = venture_calls.find_call(db.session, actor, call_id)
    ranking = venture_jury.find_call_ranking(db.session, here, call_id)
    lines = ranking.lines if ranking else ()
    return render_template(
        "micro_projects/desk_call.html",
        form=form,
        call=found,
        state=found.state.value,
        applications=venture_applications.applications_of(db.session, actor, call_id, is_desk=True),
        seats=venture_jury.jury_seats(db.session, here, call_id, is_desk=True),
        work=venture_desk.desk_of(db.session, actor, call_id),
        ranking=ranking,
        lots=venture_lots.jury_lots(db.session, here, call_id),
        bar_words=bar_words(),
        offers=venture_lots.count_offers(db.session, here, call_id),
        sources=[(each.value, gettext(SEED_TITLES[each])) for each in SeedSource],
        successions=venture_succession.successions_of(db.session, actor, call_id),
        candidates=venture_succession.candidates_of(db.session, actor, call_id),
        proposed=propose(lines, found.purse_fen),
        may_keep=actor.may(permissions.KEEP_CALLS.code),
        may_publish=actor.may(permissions.PUBLISH_CALL.code),
        may_award=actor.may(permissions.AWARD.code),
        is_over=clock.now() >= found.closes_at,
    )


def _form(found: venture_calls.CallView | None, form: forms.Form) -> str:
    return render_template(
        "micro_projects/desk_call_form.html", form=form, call=found, rows=_rows(found)
    )


def _rows(found: venture_calls.CallView | None) -> list[tuple[str, str, str]]:
    """Give the rows of criteria: what was typed, else what is kept, else the usual ones."""
    typed = [request.form.getlist(name) for name in _COLUMNS]
    rows = [(title, percent, text) for title, percent, text in zip(*typed, strict=False)]
    if not rows and found is not None:
        rows = [(each.title, _percent(each.weight_bp), each.text) for each in found.criteria]
    if not rows:
        rows = [
            (gettext("居民需要"), "30", gettext("问题真实，受益的人多")),
            (gettext("方案可行"), "30", gettext("步骤、人手、安全都想到了")),
            (gettext("花钱合理"), "20", gettext("预算有依据，有配套")),
            (gettext("能持续"), "20", gettext("做完以后居民能接着做")),
        ]
    return rows + [("", "", "")] * (CRITERION_ROWS - len(rows))


def _percent(weight_bp: int) -> str:
    whole, rest = divmod(weight_bp, 100)
    return f"{whole}.{rest:02d}" if rest else str(whole)
