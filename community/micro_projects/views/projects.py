"""Projects for everybody: the list, the library, and one project with its line of stations."""

from __future__ import annotations

from typing import Any

from flask import Response, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from marshmallow import ValidationError

from community import notices
from community.kernel.db import write
from community.micro_projects import permissions
from community.micro_projects.queries import (
    awards,
    closing,
    deciding,
    following,
    funding,
    listing,
    money,
    venture_applications,
    venture_calls,
)
from community.micro_projects.queries import tenders as tender_queries
from community.micro_projects.rules.deciding import subject_of
from community.micro_projects.rules.funding import PLEDGING
from community.micro_projects.rules.milestones import GALLERY
from community.micro_projects.rules.projects import ProjectCategory, ProjectKind
from community.micro_projects.rules.states import ProjectGroup, ProjectState
from community.micro_projects.schemas import projects as schemas
from community.micro_projects.service import library
from community.micro_projects.views.blueprint import views
from community.micro_projects.views.doing import press
from community.micro_projects.views.project_words import options_of
from community.web import forms
from community.web.access import needs, public, the_actor
from community.web.extensions import db
from community.web.stored_files import send_stored_file

DONE_BY_CONTRACT = frozenset(
    {
        ProjectState.DELIVERING,
        ProjectState.ACCEPTING,
        ProjectState.EVALUATED,
        ProjectState.CLOSED,
    }
)


@views.before_request
def choose_tab() -> None:
    """Let every page of the room stand under the tab where residents decide together."""
    g.tab = "deliberation.topics"


@views.get("/projects")
@public
def projects() -> str:
    """List the community's projects with filters, the newest first."""
    actor = the_actor()
    wanted = _wanted(schemas.ProjectsQuery())
    found = listing.projects(db.session, actor, **wanted)
    return render_template(
        "micro_projects/projects.html",
        projects=found,
        wanted=wanted,
        counts=listing.group_counts(db.session, actor),
        groups=list(ProjectGroup),
        kinds=options_of(ProjectKind),
        categories=options_of(ProjectCategory),
        before=found[-1].number if len(found) == listing.MOST_SHOWN else None,
        open_calls=venture_calls.open_calls(db.session, actor.community_id),
    )


@views.get("/projects/library")
@public
def project_library() -> str:
    """Show what other communities did, to be taken as one's own idea."""
    return _library(forms.Form())


@views.post("/projects/library/<int:project_id>/copy")
@needs(permissions.PROPOSE)
def copy_project(project_id: int) -> ResponseReturnValue:
    """Take a library project as one's own draft."""

    def act(values: dict[str, Any]) -> Any:
        given = (values["from_community_id"], project_id)
        return write(library.copy_project, the_actor(), *given, request_key=forms.request_key())

    def done(made: int) -> ResponseReturnValue:
        return redirect(url_for("micro_projects.edit_project", project_id=made), 303)

    return forms.submit(schemas.CopyForm(), act, _library, done)


@views.get("/projects/<int:project_id>")
@public
def project(project_id: int) -> str:
    """Show everybody a project: where it stands, its money, and how it got there."""
    return show_project(project_id, forms.Form())


@views.get("/projects/photos/<int:photo_id>")
@public
def project_photo(photo_id: int) -> Response:
    """Show a photo of a project."""
    found, is_public = following.project_photo(db.session, the_actor(), photo_id)
    return send_stored_file(found, is_public=is_public)


def show_project(project_id: int, form: forms.Form) -> str:
    """Show a project's page, with what was typed into one of its forms."""
    actor = the_actor()
    community_id = actor.community_id
    found = following.follow_project(db.session, actor, project_id)
    target = found.cofunding_fen
    drive = funding.pledging(db.session, community_id, project_id, target)
    return render_template(
        "micro_projects/project.html",
        form=form,
        found=found,
        project=found.project,
        costing=deciding.newest_costing(db.session, community_id, project_id),
        quotes=deciding.quotes_of(db.session, community_id, project_id),
        votes=deciding.votes_of(db.session, community_id, project_id),
        reviews=deciding.reviews_of(db.session, community_id, project_id),
        notice=notices.find_notice_for(db.session, community_id, subject_of(project_id)),
        standing=deciding.notice_standing(db.session, community_id, project_id),
        slips=funding.slips_of(db.session, community_id, project_id),
        pledging=drive,
        own_pledge=funding.find_pledge(db.session, actor, project_id),
        donations=funding.donations_of(db.session, community_id, project_id),
        may_pledge=found.project.state in PLEDGING and target > 0 and not drive.is_over,
        returned_fen=funding.returned_fen(db.session, community_id, project_id),
        free=money.free_by_source(db.session, community_id, project_id),
        holds=money.holds_of(db.session, community_id, project_id),
        venture=venture_applications.venture_of(db.session, actor, project_id),
        payouts=money.payouts_of(db.session, community_id, project_id),
        **_doing(community_id, project_id, found.project.state),
    )


def _doing(community_id: int, project_id: int, state: ProjectState) -> dict[str, Any]:
    """Give who does a project, as far as it is public."""
    papers = closing.papers_of(db.session, community_id, project_id)
    found = tender_queries.tenders_of(db.session, community_id, project_id)
    return {
        "tenders": [each for each in found if each.is_public],
        "awards": awards.awards_of_project(db.session, community_id, project_id),
        "gallery": [each for each in papers if each.kind in GALLERY],
        "is_doing": state in DONE_BY_CONTRACT,
    }


def press_on_project(project_id: int, schema: Any, act: Any, sentence: str) -> ResponseReturnValue:
    """Act upon a project from its public page."""
    address = url_for("micro_projects.project", project_id=project_id)
    return press(schema, act, lambda form: show_project(project_id, form), sentence, address)


def _library(form: forms.Form) -> str:
    wanted = _wanted(schemas.LibraryQuery())
    found = listing.library_projects(db.session, the_actor(), **wanted)
    return render_template(
        "micro_projects/library.html",
        form=form,
        projects=found,
        wanted=wanted,
        categories=options_of(ProjectCategory),
        before=found[-1].id if len(found) == listing.MOST_SHOWN else None,
        own_community=gettext("本社区"),
    )


def _wanted(schema: Any) -> dict[str, Any]:
    """Read the filters of the address; what cannot be read is left aside."""
    asked = {name: value for name, value in request.args.items() if value}
    try:
        return dict(schema.load(asked))
    except ValidationError as error:
        for name in error.messages_dict:
            asked.pop(name, None)
        return dict(schema.load(asked))
