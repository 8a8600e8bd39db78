"""Projects for everybody: the list, and one project with its line of stations."""

from __future__ import annotations

from flask import g, render_template
from flask_babel import gettext

from community.micro_projects.queries import projects as queries
from community.micro_projects.rules.projects import CATEGORY_TITLES, KIND_TITLES
from community.micro_projects.rules.states import STATE_TITLES, ProjectState
from community.micro_projects.views.blueprint import views
from community.web.access import public, the_actor
from community.web.extensions import db

_TITLES: dict[object, str] = dict(
    [*STATE_TITLES.items(), *KIND_TITLES.items(), *CATEGORY_TITLES.items()]
)


@views.before_request
def choose_tab() -> None:
    """Let every page of the room stand under its tab."""
    g.tab = "micro_projects.projects"


@views.app_template_filter()
def project_word(value: object) -> str:
    """Tell in the reader's language a state, kind or category of a project."""
    told: str = gettext(_TITLES[value])
    return told


@views.get("/projects")
@public
def projects() -> str:
    """List the community's projects, the newest first."""
    found = queries.projects(db.session, the_actor())
    return render_template("micro_projects/projects.html", projects=found)


@views.get("/projects/<int:project_id>")
@public
def project(project_id: int) -> str:
    """Show everybody a project and how it got where it is."""
    found = queries.get_public_project(db.session, the_actor(), project_id)
    return render_template(
        "micro_projects/project.html",
        project=found,
        steps=queries.project_steps(db.session, the_actor(), project_id),
        is_over=found.state is ProjectState.CLOSED,
    )
