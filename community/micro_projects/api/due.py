"""API row of an organization's own work."""

from __future__ import annotations

from community.micro_projects import permissions
from community.micro_projects.api.room import api
from community.micro_projects.queries import due as queries

api.show("/our-work", queries.own_work, permissions.BID)
