"""The pages of this room, split by business word."""

from community.notices.views import calendar, desk, jobs, messages, objections, public
from community.notices.views.blueprint import DESK, views

__all__ = ["DESK", "calendar", "desk", "jobs", "messages", "objections", "public", "views"]
