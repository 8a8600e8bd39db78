"""The desk's links to register, evaluations and what waits for an answer."""

from __future__ import annotations

from community.kernel.errors import N_
from community.micro_projects import permissions
from community.micro_projects.queries.complaints import open_complaints
from community.web.access import the_actor
from community.web.extensions import db
from community.web.layout import DeskLink


def due_complaints() -> int:
    """Count what waits for an answer."""
    return len(open_complaints(db.session, the_actor()))


AWARD_DESK = (
    DeskLink(
        N_("单位名录"),
        "micro_projects.desk_suppliers",
        permissions.READ.code,
        order=440,
        group=N_("民生微实事"),
    ),
    DeskLink(
        N_("评委库"),
        "micro_projects.desk_evaluators",
        permissions.READ.code,
        order=441,
        group=N_("民生微实事"),
    ),
    DeskLink(
        N_("异议、投诉和申诉"),
        "micro_projects.desk_complaints",
        permissions.READ.code,
        order=442,
        due=due_complaints,
        group=N_("民生微实事"),
    ),
)
