"""Earlier small jobs near a project: what a job split to stay small would look like."""

from __future__ import annotations

from sqlalchemy.orm import Session

from community.kernel import clock
from community.kernel.actor import Actor
from community.micro_projects.queries.awards import small_jobs
from community.micro_projects.queries.projects import find_project
from community.micro_projects.rules.awards import SmallJob, looks_split


def near_of_project(session: Session, actor: Actor, project_id: int) -> tuple[SmallJob, ...]:
    """Name the earlier small jobs of the same kind at the same place within the year.

    Raises: ProjectNotFound.
    """
    project = find_project(session, actor.community_id, project_id)
    job = SmallJob(project.id, project.title, project.kind.value, project.place, 0, clock.today())
    return looks_split(job, small_jobs(session, actor.community_id))
