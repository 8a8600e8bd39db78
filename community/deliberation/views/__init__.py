"""The pages of deliberation, split by business word; importing a file puts its pages in place."""

from community.deliberation.views.blueprint import views
from community.deliberation.views.budgets import budget_file
from community.deliberation.views.opinion_desk import DESK as OPINION_DESK
from community.deliberation.views.opinions import conversations
from community.deliberation.views.poll_desk import desk_polls
from community.deliberation.views.poll_links import POLL_DESK
from community.deliberation.views.poll_results import poll_result
from community.deliberation.views.poll_rolls import desk_roll
from community.deliberation.views.polls import polls
from community.web.layout import DeskLink

# Each part adds its own line of links to the desk.
DESK: tuple[DeskLink, ...] = (*POLL_DESK, *OPINION_DESK)

__all__ = [
    "DESK",
    "budget_file",
    "conversations",
    "desk_polls",
    "desk_roll",
    "poll_result",
    "polls",
    "views",
]
