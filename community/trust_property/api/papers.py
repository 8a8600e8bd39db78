"""API rows of papers: the opening of an original; its bytes come by the page."""

from __future__ import annotations

from community.trust_property import permissions
from community.trust_property.api.room import api
from community.trust_property.queries import papers as queries
from community.trust_property.schemas.papers import OpenBody
from community.trust_property.service import papers as service

ONE = "/funds/<int:fund_id>"

api.show(f"{ONE}/openings", queries.openings, permissions.SEE)
api.act(f"{ONE}/papers/<int:file_id>/open", service.open_paper, permissions.READ, OpenBody)
