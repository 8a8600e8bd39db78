"""The rows of the API, split by business word; importing a file adds its rows."""

<<<<<<< HEAD
from community.deliberation.api import meetings, opinions, panels, polls, topics
=======
from community.deliberation.api import meetings, opinions, papers, polls, topics
>>>>>>> 2951417 (deliberation: desk pages of papers, delivery, mandates, calls)
from community.deliberation.api.room import api

__all__ = [
    "api",
    "meetings",
    "opinions",
<<<<<<< HEAD
    "panels",
=======
    "papers",
>>>>>>> 2951417 (deliberation: desk pages of papers, delivery, mandates, calls)
    "polls",
    "topics",
]
