"""API row of finding projects."""

from __future__ import annotations

from community.micro_projects import permissions
from community.micro_projects.api.room import api
from community.micro_projects.queries import search as queries
from community.micro_projects.schemas.search import Search

api.show("/search", queries.find_projects, permissions.SEE, Search)
