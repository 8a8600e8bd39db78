"""One page for an organization's staff: what is due, and how its contracts stand."""

from __future__ import annotations

from flask import render_template

from community.micro_projects import permissions
from community.micro_projects.queries.due import own_work
from community.micro_projects.rules.due import DUE_TITLES
from community.micro_projects.views.blueprint import views
from community.web.access import needs, the_actor, uncounted
from community.web.extensions import db


@views.get("/projects/our-work")
@needs(permissions.BID)
@uncounted
def our_work() -> str:
    """Show an organization what it has to do, the most urgent first."""
    return render_template(
        "micro_projects/our_work.html",
        work=own_work(db.session, the_actor()),
        due_titles=DUE_TITLES,
    )
