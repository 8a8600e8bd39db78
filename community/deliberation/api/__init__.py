"""The rows of the API, split by business word; importing a file adds its rows."""

from community.deliberation.api import meetings, opinions, panels, papers, polls, topics
from community.deliberation.api.room import api

__all__ = [
    "api",
    "meetings",
    "opinions",
    "panels",
    "papers",
    "polls",
    "topics",
]
