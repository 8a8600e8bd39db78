"""The desk's link to tenders, with what waits for somebody."""

from __future__ import annotations

from community.kernel.errors import N_
from community.micro_projects import permissions
from community.micro_projects.queries.tenders import tenders_due
from community.web.access import the_actor
from community.web.extensions import db
from community.web.layout import DeskLink

GROUP = N_("民生微实事")


def due() -> int:
    """Count the tenders that wait for a check, an answer or their opening."""
    return tenders_due(db.session, the_actor())


TENDER_DESK = (
    DeskLink(
        N_("招标"),
        "micro_projects.desk_tenders",
        permissions.READ.code,
        420,
        due=due,
        group=GROUP,
    ),
    DeskLink(
        N_("招标和评审规则"),
        "micro_projects.desk_tender_rules",
        permissions.READ.code,
        445,
        group=GROUP,
    ),
)
