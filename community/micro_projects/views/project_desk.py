"""The project officer's desk: what waits, one project with the step it is at, ideas on paper."""

from __future__ import annotations

from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from community import identity
from community.kernel import clock
from community.kernel.db import write
from community.micro_projects import permissions
from community.micro_projects.queries import (
    deciding,
    desk,
    following,
    funding,
    money,
    venture_applications,
)
from community.micro_projects.queries import terms as term_queries
from community.micro_projects.queries.similar_projects import mergeable_projects
from community.micro_projects.rules.deciding import ReviewOutcome
from community.micro_projects.rules.projects import ProposalOrigin
from community.micro_projects.rules.states import ProjectState
from community.micro_projects.schemas import projects as schemas
from community.micro_projects.service import checking, endorsing, ideas, merging
from community.micro_projects.views.blueprint import views
from community.micro_projects.views.doing import press
from community.micro_projects.views.project_words import options_of
from community.micro_projects.views.proposing import idea_facts, taken_photos
from community.web import forms
from community.web.access import needs, the_actor
from community.web.extensions import db
from community.web.stored_files import send_stored_file

LINES = 3


@views.get("/desk/projects")
@needs(permissions.READ)
def desk_projects() -> str:
    """Show what waits at each station, and what is the reader's own to do first."""
    actor = the_actor()
    return render_template(
        "micro_projects/desk_projects.html",
        waiting=desk.waiting_projects(db.session, actor),
        reviews=deciding.open_reviews(db.session, actor.community_id),
        quotas=deciding.quotas(db.session, actor),
        today=clock.today(),
    )


@views.get("/desk/projects/<int:project_id>")
@needs(permissions.READ)
def desk_project(project_id: int) -> str:
    """Show a project with the forms of the step it is at."""
    return show_desk(project_id, forms.Form())


@views.post("/desk/projects/<int:project_id>/accept")
@needs(permissions.RUN)
def accept_idea(project_id: int) -> ResponseReturnValue:
    """Let an idea gather endorsements."""

    def act(_: dict[str, Any]) -> Any:
        key = forms.request_key()
        return write(checking.accept_idea, the_actor(), project_id, request_key=key)

    return press_at_desk(project_id, schemas.Nothing(), act, gettext("已公开征集附议。"))


@views.post("/desk/projects/<int:project_id>/return")
@needs(permissions.RUN)
def return_idea(project_id: int) -> ResponseReturnValue:
    """Send an idea back to its author."""

    def act(values: dict[str, Any]) -> Any:
        given = (project_id, values["reason"])
        return write(checking.return_idea, the_actor(), *given, request_key=forms.request_key())

    done = gettext("已退回，并已通知提出人。")
    return press_at_desk(project_id, schemas.ReasonForm(), act, done)


@views.post("/desk/projects/<int:project_id>/reject")
@needs(permissions.RUN)
def reject_idea(project_id: int) -> ResponseReturnValue:
    """Say no to an idea."""

    def act(values: dict[str, Any]) -> Any:
        given = (project_id, values["reason"])
        return write(checking.reject_idea, the_actor(), *given, request_key=forms.request_key())

    done = gettext("已答复不办，理由已公开。")
    return press_at_desk(project_id, schemas.ReasonForm(), act, done)


@views.post("/desk/projects/<int:project_id>/withdraw")
@needs(permissions.RUN)
def end_project(project_id: int) -> ResponseReturnValue:
    """End a project with a reason; quota and pledges are freed."""

    def act(values: dict[str, Any]) -> Any:
        given = (project_id, values["reason"])
        return write(ideas.withdraw_project, the_actor(), *given, request_key=forms.request_key())

    done = gettext("项目已终止，额度已释放，众筹款已登记退还。")
    return press_at_desk(project_id, schemas.ReasonForm(), act, done)


@views.post("/desk/projects/<int:project_id>/endorsements")
@needs(permissions.RUN)
def record_endorsement(project_id: int) -> ResponseReturnValue:
    """Write down an endorsement for a resident without a phone."""

    def act(values: dict[str, Any]) -> Any:
        given = (project_id, values["person_id"])
        key = forms.request_key()
        return write(endorsing.record_endorsement, the_actor(), *given, request_key=key)

    return press_at_desk(project_id, schemas.PersonForm(), act, gettext("附议已登记。"))


@views.post("/desk/projects/<int:project_id>/merge")
@needs(permissions.RUN)
def desk_merge(project_id: int) -> ResponseReturnValue:
    """Propose to two authors that their ideas become one."""

    def act(values: dict[str, Any]) -> Any:
        given = (project_id, values["into_id"], values["reason"])
        return write(merging.propose_merge, the_actor(), *given, request_key=forms.request_key())

    done = gettext("已请两位提出人决定。")
    return press_at_desk(project_id, schemas.MergeForm(), act, done)


@views.get("/desk/projects/new")
@needs(permissions.RUN)
def new_record() -> str:
    """Choose the resident, then write down what they brought."""
    return _record(forms.Form())


@views.post("/desk/projects/new")
@needs(permissions.RUN)
def record_project() -> ResponseReturnValue:
    """Hand it in for the resident."""

    def act(values: dict[str, Any]) -> Any:
        given = (values["person_id"], values["origin"], values["draft"], taken_photos())
        return write(ideas.record_project, the_actor(), *given, request_key=forms.request_key())

    def done(made: int) -> ResponseReturnValue:
        flash(gettext("已替居民提交，并已通知本人。"))
        return redirect(url_for("micro_projects.desk_project", project_id=made), 303)

    return forms.submit(schemas.RecordIdeaForm(), act, _record, done)


@views.get("/desk/projects/quotes/<int:quote_id>/paper")
@needs(permissions.READ)
def quote_paper(quote_id: int) -> Response:
    """Give a quote's paper."""
    return send_stored_file(following.quote_paper(db.session, the_actor(), quote_id))


@views.get("/desk/projects/slips/<int:slip_id>/paper")
@needs(permissions.READ)
def slip_paper(slip_id: int) -> Response:
    """Give a fiscal slip's paper."""
    return send_stored_file(following.slip_paper(db.session, the_actor(), slip_id))


def show_desk(project_id: int, form: forms.Form) -> str:
    """Show a project at the desk, with what was typed into one of its forms."""
    actor = the_actor()
    community_id = actor.community_id
    found = following.follow_project(db.session, actor, project_id)
    text = request.args.get("text", "").strip()[:40]
    alike = request.args.get("alike", "").strip()[:40]
    own_words = f"{found.project.title} {found.project.need}"
    near = mergeable_projects(db.session, actor, alike or own_words, project_id)
    reviews = deciding.reviews_of(db.session, community_id, project_id)
    return render_template(
        "micro_projects/desk_project.html",
        form=form,
        found=found,
        project=found.project,
        venture=venture_applications.venture_of(db.session, actor, project_id),
        author=identity.get_person(db.session, community_id, found.project.author_id),
        costing=deciding.newest_costing(db.session, community_id, project_id),
        quotes=deciding.quotes_of(db.session, community_id, project_id),
        votes=deciding.votes_of(db.session, community_id, project_id),
        standing=deciding.notice_standing(db.session, community_id, project_id),
        review=next((each for each in reviews if each.outcome is None), None),
        voted_fen=deciding.agreed_budget(db.session, community_id, project_id),
        slips=funding.slips_of(db.session, community_id, project_id),
        granted_fen=funding.granted_fen(db.session, community_id, project_id),
        pledging=funding.pledging(db.session, community_id, project_id, found.cofunding_fen),
        pledges=funding.pledges_of(db.session, actor, project_id, is_desk=True),
        donations=funding.donations_of(db.session, community_id, project_id),
        free=money.free_by_source(db.session, community_id, project_id),
        terms=term_queries.terms_for(db.session, community_id, project_id),
        outcomes=options_of(ReviewOutcome),
        lines=LINES,
        states=ProjectState,
        text=text,
        alike=alike,
        near=near,
        people=identity.search_people(db.session, community_id, text)[:8] if text else (),
        today=clock.today(),
    )


def press_at_desk(project_id: int, schema: Any, act: Any, sentence: str) -> ResponseReturnValue:
    """Act upon a project from its page at the desk."""
    address = url_for("micro_projects.desk_project", project_id=project_id)
    return press(schema, act, lambda form: show_desk(project_id, form), sentence, address)


def _record(form: forms.Form) -> str:
    actor = the_actor()
    asked = forms.read_number(str(form.value("person_id"))) or forms.asked_number("person")
    text = request.args.get("text", "").strip()[:40]
    origins = [each for each in options_of(ProposalOrigin) if each[0] != ProposalOrigin.WEB]
    return render_template(
        "micro_projects/desk_record.html",
        form=form,
        found=None,
        person=identity.get_person(db.session, actor.community_id, asked) if asked else None,
        text=text,
        people=identity.search_people(db.session, actor.community_id, text)[:12] if text else (),
        origins=origins,
        **idea_facts(),
    )
