"""The desk's links to meetings, with what is due behind each."""

from __future__ import annotations

from community.deliberation import permissions
from community.deliberation.queries.bodies import ending_terms
from community.deliberation.queries.decisions import count_overdue
from community.kernel.errors import N_
from community.web.access import the_actor
from community.web.extensions import db
from community.web.layout import DeskLink

GROUP = N_("议事")
READ = permissions.READ.code


def terms_due() -> int:
    """Count the terms that end soon."""
    return len(ending_terms(db.session, the_actor()))


def decisions_due() -> int:
    """Count what was decided and is late or waits for its review."""
    return count_overdue(db.session, the_actor())


MEETING_DESK = (
    DeskLink(N_("会议"), "deliberation.desk_meetings", READ, 520, group=GROUP),
    DeskLink(N_("决定办理"), "deliberation.decisions", READ, 530, due=decisions_due, group=GROUP),
    DeskLink(N_("议事组织"), "deliberation.desk_bodies", READ, 540, due=terms_due, group=GROUP),
)
