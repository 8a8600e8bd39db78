"""Calls of the venture fund for everybody, and applying to them."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from community.kernel import files
from community.kernel.db import write
from community.micro_projects import permissions
from community.micro_projects.errors.venture import MatchPaperMissing
from community.micro_projects.queries import (
    venture_applications,
    venture_calls,
    venture_jury,
    venture_lots,
    venture_results,
)
from community.micro_projects.queries.bids import employer
from community.micro_projects.queries.suppliers import active_suppliers, own_supplier
from community.micro_projects.rules.deciding import MOST_LINES
from community.micro_projects.rules.projects import ProjectCategory, ProjectKind
from community.micro_projects.rules.venture_calls import CallPhase, call_subject
from community.micro_projects.schemas import venture as schemas
from community.micro_projects.schemas.suppliers import ButtonForm
from community.micro_projects.service import venture_applications as applying
from community.micro_projects.service import venture_matches
from community.micro_projects.views.blueprint import views
from community.micro_projects.views.pressing import press
from community.micro_projects.views.project_words import options_of
from community.micro_projects.views.venture_words import bar_words
from community.notices import find_notice_for
from community.web import forms
from community.web.access import needs, public, the_actor
from community.web.extensions import db
from community.web.stored_files import read_upload

SHOWN_LINES = 6


@views.get("/projects/calls")
@public
def calls() -> str:
    """List the calls."""
    return render_template(
        "micro_projects/venture_calls.html", calls=venture_calls.calls(db.session, the_actor())
    )


@views.get("/projects/calls/<int:call_id>")
@public
def call(call_id: int) -> str:
    """Show everybody a call: what it is for, how it is judged, and what came out so far."""
    return show_call(call_id, forms.Form())


def show_call(call_id: int, form: forms.Form) -> str:
    """Show a call, with what was refused."""
    actor = the_actor()
    found = venture_calls.find_call(db.session, actor, call_id)
    here = actor.community_id
    sheets = venture_jury.jury_sheets(db.session, here, call_id)
    mine = [
        each
        for each in venture_applications.own_applications(db.session, actor)
        if each.call_id == call_id
    ]
    return render_template(
        "micro_projects/venture_call.html",
        form=form,
        call=found,
        lots=venture_lots.jury_lots(db.session, here, call_id),
        bar_words=bar_words(),
        offers=venture_lots.count_offers(db.session, here, call_id),
        has_offered=venture_lots.has_offered(db.session, actor, call_id),
        may_offer=actor.person_id is not None and actor.may(permissions.PROPOSE.code),
        applications=venture_applications.applications_of(db.session, actor, call_id),
        ranking=venture_jury.find_call_ranking(db.session, here, call_id) if sheets else None,
        sheets=sheets,
        seats=venture_jury.jury_seats(db.session, here, call_id),
        notice=find_notice_for(db.session, here, call_subject(call_id)),
        mine=mine,
        may_apply=found.phase is CallPhase.TAKING,
    )


@views.get("/projects/calls/<int:call_id>/results")
@public
def call_results(call_id: int) -> str:
    """Show everybody what became of a call."""
    return render_template(
        "micro_projects/venture_results.html",
        found=venture_results.call_results(db.session, the_actor(), call_id),
    )


@views.get("/projects/applications")
@needs(permissions.APPLY)
def own_applications() -> str:
    """List one's own applications and those one's organisation is asked to sponsor."""
    return render_template(
        "micro_projects/venture_own.html",
        applications=venture_applications.own_applications(db.session, the_actor()),
    )


@views.get("/projects/calls/<int:call_id>/apply")
@needs(permissions.APPLY)
def new_application(call_id: int) -> str:
    """Show the form of an application."""
    return _form(call_id, None, forms.Form())


@views.post("/projects/calls/<int:call_id>/apply")
@needs(permissions.APPLY)
def write_application(call_id: int) -> ResponseReturnValue:
    """Begin an application as a draft."""

    def act(values: dict[str, Any]) -> Any:
        given = (call_id, values["draft"])
        key = forms.request_key()
        return write(applying.write_application, the_actor(), *given, request_key=key)

    return press(
        schemas.ApplicationForm(),
        act,
        lambda form: _form(call_id, None, form),
        gettext("已保存。看一遍，再提交。"),
        _address,
    )


@views.get("/projects/applications/<int:application_id>")
@public
def application(application_id: int) -> str:
    """Show an application to whoever may read it."""
    return show_application(application_id, forms.Form())


@views.get("/projects/applications/<int:application_id>/edit")
@needs(permissions.APPLY)
def edit_application(application_id: int) -> str:
    """Show the form of a draft again."""
    found = venture_applications.find_application(db.session, the_actor(), application_id)
    return _form(found.call_id, found, forms.Form())


@views.post("/projects/applications/<int:application_id>/edit")
@needs(permissions.APPLY)
def change_application(application_id: int) -> ResponseReturnValue:
    """Change a draft."""
    found = venture_applications.find_application(db.session, the_actor(), application_id)

    def act(values: dict[str, Any]) -> None:
        given = (application_id, values["draft"])
        key = forms.request_key()
        write(applying.change_application, the_actor(), *given, request_key=key)

    return press(
        schemas.ApplicationForm(),
        act,
        lambda form: _form(found.call_id, found, form),
        gettext("已保存。看一遍，再提交。"),
        lambda _: _address(application_id),
    )


@views.post("/projects/applications/<int:application_id>/discard")
@needs(permissions.APPLY)
def discard_application(application_id: int) -> ResponseReturnValue:
    """Delete a draft."""

    def act(_: dict[str, Any]) -> None:
        key = forms.request_key()
        write(applying.discard_application, the_actor(), application_id, request_key=key)

    def done(_: Any) -> ResponseReturnValue:
        flash(gettext("草稿已删除。"))
        return redirect(url_for("micro_projects.own_applications"), 303)

    return forms.submit(
        ButtonForm(), act, lambda form: show_application(application_id, form), done
    )


@views.post("/projects/applications/<int:application_id>/submit")
@needs(permissions.APPLY)
def submit_application(application_id: int) -> ResponseReturnValue:
    """Hand an application in, or send it to the sponsor."""

    def act(_: dict[str, Any]) -> Any:
        key = forms.request_key()
        return write(applying.submit_application, the_actor(), application_id, request_key=key)

    def done(is_in: bool) -> ResponseReturnValue:
        flash(gettext("已提交。") if is_in else gettext("已请依托单位答复，同意后才算提交。"))
        return redirect(_address(application_id), 303)

    return forms.submit(
        ButtonForm(), act, lambda form: show_application(application_id, form), done
    )


@views.post("/projects/applications/<int:application_id>/take-back")
@needs(permissions.APPLY)
def take_back(application_id: int) -> ResponseReturnValue:
    """Take an application back to change it."""

    def act(_: dict[str, Any]) -> None:
        key = forms.request_key()
        write(applying.take_back, the_actor(), application_id, request_key=key)

    return _press(ButtonForm(), act, application_id, gettext("已取回。改好以后要重新提交。"))


@views.post("/projects/applications/<int:application_id>/withdraw")
@needs(permissions.APPLY)
def withdraw_application(application_id: int) -> ResponseReturnValue:
    """Take an application back for good."""

    def act(_: dict[str, Any]) -> None:
        key = forms.request_key()
        write(applying.withdraw_application, the_actor(), application_id, request_key=key)

    return _press(ButtonForm(), act, application_id, gettext("已撤回。"))


@views.post("/projects/applications/<int:application_id>/sponsor")
@needs(permissions.APPLY)
def answer_sponsoring(application_id: int) -> ResponseReturnValue:
    """Answer for the sponsor."""

    def act(values: dict[str, Any]) -> None:
        given = (application_id, values["agrees"])
        key = forms.request_key()
        write(applying.answer_sponsoring, the_actor(), *given, request_key=key)

    def done(_: Any) -> ResponseReturnValue:
        flash(gettext("已答复，并已通知小组。"))
        return redirect(url_for("micro_projects.own_applications"), 303)

    return forms.submit(
        schemas.SponsorForm(), act, lambda form: show_application(application_id, form), done
    )


@views.post("/projects/applications/<int:application_id>/matches")
@needs(permissions.APPLY)
def report_match(application_id: int) -> ResponseReturnValue:
    """Report money that somebody gave beside the grant."""

    def act(values: dict[str, Any]) -> Any:
        sent = read_upload("paper")
        if sent is None:
            raise MatchPaperMissing
        given = (
            application_id, values["giver"], values["amount_fen"], values["received_on"],
            files.take_in(sent),
        )  # fmt: skip
        key = forms.request_key()
        return write(venture_matches.report_match, the_actor(), *given, request_key=key)

    return _press(schemas.MatchForm(), act, application_id, gettext("已上报，等社区核实。"))


def show_application(application_id: int, form: forms.Form) -> str:
    """Show an application, with what was typed into one of its forms."""
    actor = the_actor()
    found = venture_applications.find_application(db.session, actor, application_id)
    return render_template(
        "micro_projects/venture_application.html",
        form=form,
        each=found,
        call=venture_calls.find_call(db.session, actor, found.call_id),
        may_report=found.is_mine or found.is_sponsor,
        may_see_paper=found.has_paper and actor.may(permissions.READ.code),
    )


def _press(schema: Any, act: Any, application_id: int, told: str) -> ResponseReturnValue:
    return press(
        schema,
        act,
        lambda form: show_application(application_id, form),
        told,
        lambda _: _address(application_id),
    )


def _address(application_id: int) -> str:
    return url_for("micro_projects.application", application_id=application_id)


def _form(
    call_id: int, found: venture_applications.ApplicationView | None, form: forms.Form
) -> str:
    return render_template(
        "micro_projects/venture_apply.html", form=form, **application_facts(call_id, found)
    )


def application_facts(
    call_id: int, found: venture_applications.ApplicationView | None
) -> dict[str, Any]:
    """Give what the fields of an application are shown with."""
    actor = the_actor()
    typed = list(zip(request.form.getlist("names"), request.form.getlist("amounts"), strict=False))
    kept = [(name, f"{fen // 100}.{fen % 100:02d}") for name, fen in found.lines] if found else []
    lines = (typed or kept)[:MOST_LINES]
    lines += [("", "")] * max(SHOWN_LINES - len(lines), 0)
    firms = active_suppliers(db.session, actor.community_id)
    supplier = own_supplier(db.session, actor)
    call = venture_calls.find_call(db.session, actor, call_id)
    return {
        "call": call,
        "themes": [(each, each) for each in call.themes],
        "found": found,
        "lines": lines,
        "kinds": options_of(ProjectKind),
        "categories": options_of(ProjectCategory),
        "firms": [(each.organization_id, each.name) for each in firms],
        "firm": employer(db.session, actor),
        "is_registered": supplier is not None and not supplier.unfit,
    }
