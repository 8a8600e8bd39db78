"""The pages of deliberation, split by business word; importing a file puts its pages in place."""

from community.deliberation.views.blueprint import views
from community.deliberation.views.bodies import desk_bodies
from community.deliberation.views.budgets import budget_file
from community.deliberation.views.casting import LEAN
from community.deliberation.views.decisions import decisions
from community.deliberation.views.delivery import deliveries
from community.deliberation.views.meeting_desk import desk_meetings
from community.deliberation.views.meeting_links import MEETING_DESK
from community.deliberation.views.meetings import meetings
from community.deliberation.views.motions import motion
from community.deliberation.views.opinion_desk import DESK as OPINION_DESK
from community.deliberation.views.opinions import conversations
from community.deliberation.views.panel_desk import DESK as PANEL_DESK
from community.deliberation.views.panels import panels
from community.deliberation.views.papers import papers
from community.deliberation.views.poll_desk import desk_polls
from community.deliberation.views.poll_links import POLL_DESK
from community.deliberation.views.poll_results import poll_result
from community.deliberation.views.poll_rolls import desk_roll
from community.deliberation.views.polls import polls
from community.deliberation.views.processes import processes
from community.deliberation.views.roll_corrections import poll_roll
from community.deliberation.views.running import run_meeting
from community.deliberation.views.sealed import cast_sealed
from community.deliberation.views.topic_asking import flag_form
from community.deliberation.views.topic_drafts import new_topic
from community.deliberation.views.topic_links import TOPIC_DESK
from community.deliberation.views.topic_moderation import desk_flags
from community.deliberation.views.topics import topics
from community.web.layout import DeskLink

# Each part adds its own line of links to the desk.
DESK: tuple[DeskLink, ...] = (*TOPIC_DESK, *POLL_DESK, *MEETING_DESK, *OPINION_DESK, *PANEL_DESK)

__all__ = [
    "DESK",
    "LEAN",
    "budget_file",
    "cast_sealed",
    "conversations",
    "decisions",
    "deliveries",
    "desk_bodies",
    "desk_flags",
    "desk_meetings",
    "desk_polls",
    "desk_roll",
    "flag_form",
    "meetings",
    "motion",
    "new_topic",
    "panels",
    "papers",
    "poll_result",
    "poll_roll",
    "polls",
    "processes",
    "run_meeting",
    "topics",
    "views",
]
