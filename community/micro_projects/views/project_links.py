"""The desk's links to projects, with what is due behind each."""

from __future__ import annotations

from community.kernel.errors import N_
from community.micro_projects import permissions
from community.micro_projects.queries import deciding, desk
from community.web.access import the_actor
from community.web.extensions import db
from community.web.layout import DeskLink

GROUP = N_("微实事")


def projects_due() -> int:
    """Count what the project officer has to check or cost."""
    return desk.count_due(db.session, the_actor().community_id)


def reviews_due() -> int:
    """Count what waits for the street here."""
    return len(deciding.open_reviews(db.session, the_actor().community_id))


PROJECT_DESK = (
    DeskLink(
        N_("项目办理"),
        "micro_projects.desk_projects",
        permissions.READ.code,
        500,
        due=projects_due,
        group=GROUP,
    ),
    DeskLink(
        N_("街道审核"),
        "micro_projects.street_reviews",
        permissions.REVIEW.code,
        505,
        due=reviews_due,
        group=GROUP,
    ),
    DeskLink(
        N_("项目规则和额度"),
        "micro_projects.project_rules",
        permissions.READ.code,
        590,
        group=GROUP,
    ),
)
