"""The project library (项目库): what one community did, another takes as its own idea."""

from __future__ import annotations

from sqlalchemy.orm import Session

from community.kernel.actor import Actor
from community.micro_projects import permissions
from community.micro_projects.errors.projects import ProjectNotFound
from community.micro_projects.models import Project
from community.micro_projects.rules.states import FUNDED
from community.micro_projects.service.ideas import IdeaDraft, propose_project


def copy_project(session: Session, actor: Actor, from_community_id: int, project_id: int) -> int:
    """Take a library project of any community as one's own draft; gives the draft's id.

    Only what everybody may read is copied: title, need and kind, never people or money.
    Raises: ProjectNotFound.
    """
    actor.check(permissions.PROPOSE.code)
    found = session.get(Project, project_id)
    is_there = found is not None and found.community_id == from_community_id
    if found is None or not is_there or found.state not in FUNDED:
        raise ProjectNotFound
    draft = IdeaDraft(found.title, found.need, found.kind, found.category)
    made = propose_project(session, actor, draft, (), submits=False)
    row = session.get_one(Project, made)
    row.copied_from_community_id, row.copied_from_id = from_community_id, found.id
    session.flush()
    return made
