"""Long work on its way: it can be left, and reports when done."""

from __future__ import annotations

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from community.kernel.db import write
from community.kernel.errors import NotFound
from community.kernel.jobs import JobView, find_job, jobs_of
from community.notices import permissions, service
from community.notices.views.blueprint import place_of, views
from community.web import forms
from community.web.access import community, needs, signed_in, the_actor
from community.web.extensions import db


@views.get("/desk/jobs")
@needs(permissions.READ_JOBS)
def jobs() -> str:
    """List the latest jobs of the community."""
    return render_template("notices/jobs.html", jobs=jobs_of(db.session, community.id))


@views.get("/jobs/<int:job_id>")
@signed_in
def job(job_id: int) -> str:
    """Show how far a job is; the page asks again by itself until it is over."""
    found = _may_see(job_id)
    is_own = found.started_by == the_actor().person_id
    leads_to = place_of(found.link) if found.link else ""
    return render_template("notices/job.html", job=found, is_own=is_own, leads_to=leads_to)


@views.post("/jobs/<int:job_id>/retry")
@signed_in
def retry_job(job_id: int) -> ResponseReturnValue:
    """Let one's own failed job go on."""
    write(service.retry_job, the_actor(), job_id, request_key=forms.request_key())
    return redirect(url_for("notices.job", job_id=job_id), 303)


def _may_see(job_id: int) -> JobView:
    found = find_job(db.session, community.id, job_id)
    actor = the_actor()
    if found is None:
        raise NotFound
    if found.started_by != actor.person_id and not actor.may(permissions.READ_JOBS.code):
        raise NotFound
    return found
