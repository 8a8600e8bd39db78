"""Proposing on a phone: write it, see what is alike while typing, hand it in or keep it."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from community import identity
from community.kernel import files
from community.kernel.db import write
from community.micro_projects import permissions
from community.micro_projects.queries import following, listing
from community.micro_projects.queries.similar_projects import similar_projects as find_similar
from community.micro_projects.queries.terms import present_rules
from community.micro_projects.rules.projects import MOST_PHOTOS, ProjectCategory, ProjectKind
from community.micro_projects.schemas import projects as schemas
from community.micro_projects.service import ideas
from community.micro_projects.views.blueprint import views
from community.micro_projects.views.doing import press
from community.micro_projects.views.project_words import options_of
from community.micro_projects.views.projects import press_on_project
from community.web import forms
from community.web.access import needs, the_actor
from community.web.extensions import db
from community.web.stored_files import take_pictures


@views.get("/projects/new")
@needs(permissions.PROPOSE)
def new_project() -> str:
    """Write an idea."""
    return _form(forms.Form(), None)


@views.post("/projects/new")
@needs(permissions.PROPOSE)
def propose_project() -> ResponseReturnValue:
    """Hand it in, or keep it."""

    def act(values: dict[str, Any]) -> Any:
        given = (values["draft"], taken_photos(), values["submits"])
        made = write(ideas.propose_project, the_actor(), *given, request_key=forms.request_key())
        return made, values["submits"]

    def done(made: tuple[int, bool]) -> ResponseReturnValue:
        return _after(*made)

    return forms.submit(schemas.IdeaForm(), act, lambda form: _form(form, None), done)


@views.get("/projects/mine")
@needs(permissions.PROPOSE)
def my_projects() -> str:
    """Show what one proposed and the drafts one keeps."""
    found = listing.own_projects(db.session, the_actor())
    return render_template("micro_projects/my_projects.html", projects=found)


@views.get("/projects/similar")
@needs(permissions.PROPOSE)
def similar_projects() -> str:
    """Show projects alike what is being typed; a part of a page."""
    found = find_similar(db.session, the_actor(), request.args.get("words", "")[:400])
    return render_template("micro_projects/similar.html", similar=found)


@views.get("/projects/<int:project_id>/edit")
@needs(permissions.PROPOSE)
def edit_project(project_id: int) -> str:
    """Change a draft, or what was returned."""
    return _form(forms.Form(), project_id)


@views.post("/projects/<int:project_id>/edit")
@needs(permissions.PROPOSE)
def change_project(project_id: int) -> ResponseReturnValue:
    """Keep the changed idea, or hand it in."""

    def act(values: dict[str, Any]) -> Any:
        given = (
            project_id, values["draft"], values["dropped"], taken_photos(), values["submits"],
        )  # fmt: skip
        write(ideas.change_project, the_actor(), *given, request_key=forms.request_key())
        return project_id, values["submits"]

    def done(made: tuple[int, bool]) -> ResponseReturnValue:
        return _after(*made)

    return forms.submit(schemas.IdeaForm(), act, lambda form: _form(form, project_id), done)


@views.post("/projects/<int:project_id>/discard")
@needs(permissions.PROPOSE)
def discard_project(project_id: int) -> ResponseReturnValue:
    """Delete a draft."""

    def act(_: dict[str, Any]) -> Any:
        key = forms.request_key()
        return write(ideas.discard_project, the_actor(), project_id, request_key=key)

    address = url_for("micro_projects.my_projects")
    again = lambda form: _form(form, project_id)  # noqa: E731  the page it was pressed on
    return press(schemas.Nothing(), act, again, gettext("草稿已删除。"), address)


@views.post("/projects/<int:project_id>/withdraw")
@needs(permissions.PROPOSE)
def withdraw_project(project_id: int) -> ResponseReturnValue:
    """Take an idea back."""

    def act(values: dict[str, Any]) -> Any:
        given = (project_id, values["reason"])
        return write(ideas.withdraw_project, the_actor(), *given, request_key=forms.request_key())

    return press_on_project(project_id, schemas.WithdrawForm(), act, gettext("项目已撤回。"))


def taken_photos() -> tuple[files.Ready, ...]:
    """Take in the form's photos. Raises: the refusals of `files.take_in`."""
    return take_pictures("pictures", MOST_PHOTOS)


def idea_facts() -> dict[str, Any]:
    """Give what every form of an idea offers."""
    actor = the_actor()
    return {
        "kinds": options_of(ProjectKind),
        "categories": options_of(ProjectCategory),
        "buildings": identity.buildings(db.session, actor.community_id),
        "most_photos": MOST_PHOTOS,
        "terms": present_rules(db.session, actor).terms,
    }


def _form(form: forms.Form, project_id: int | None) -> str:
    found = None
    if project_id is not None:
        found = following.follow_project(db.session, the_actor(), project_id)
    return render_template("micro_projects/idea_form.html", form=form, found=found, **idea_facts())


def _after(project_id: int, submits: bool) -> ResponseReturnValue:
    if submits:
        flash(gettext("已提交。社区核对后公开征集附议，每一步都会通知您。"))
        return redirect(url_for("micro_projects.project", project_id=project_id), 303)
    flash(gettext("草稿已保存，只有您能看到。"))
    return redirect(url_for("micro_projects.my_projects"), 303)
