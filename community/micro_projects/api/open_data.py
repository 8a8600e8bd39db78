"""API rows of the open data; packages and files are addresses of their own."""

from __future__ import annotations

from community.micro_projects import permissions
from community.micro_projects.api.room import api
from community.micro_projects.queries import open_data as queries
from community.micro_projects.schemas.open_data import FeedQuery

api.show("/open-data/feed", queries.open_data_feed, permissions.SEE, FeedQuery)
