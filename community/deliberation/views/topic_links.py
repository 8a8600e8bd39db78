"""The desk's links to topics, with what is due behind each."""

from __future__ import annotations

from community.deliberation import permissions
from community.deliberation.views.topic_desk import appeals_due, flags_due, topics_due
from community.kernel.errors import N_
from community.web.layout import DeskLink

GROUP = N_("议事")

TOPIC_DESK = (
    DeskLink(
        N_("议题办理"),
        "deliberation.desk_topics",
        permissions.SEE_TOPIC_DESK.code,
        300,
        due=topics_due,
        group=GROUP,
    ),
    DeskLink(
        N_("举报"),
        "deliberation.desk_flags",
        permissions.MODERATE.code,
        310,
        due=flags_due,
        group=GROUP,
    ),
    DeskLink(
        N_("申诉"),
        "deliberation.desk_appeals",
        permissions.DECIDE_APPEAL.code,
        320,
        due=appeals_due,
        group=GROUP,
    ),
)
