"""API rows of proposing projects and following them."""

from __future__ import annotations

from community.micro_projects import permissions
from community.micro_projects.api.room import api
from community.micro_projects.queries import projects as queries

SEE = permissions.SEE

api.show("/projects", queries.projects, SEE)
api.show("/projects/<int:project_id>", queries.get_public_project, SEE)
api.show("/projects/<int:project_id>/steps", queries.project_steps, SEE)
