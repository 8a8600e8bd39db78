"""The desk's link to the venture fund, with what is due behind it."""

from __future__ import annotations

from community.kernel.errors import N_
from community.micro_projects import permissions
from community.micro_projects.queries.venture_calls import drafted_calls, due_calls
from community.micro_projects.views.project_links import GROUP
from community.web.access import the_actor
from community.web.extensions import db
from community.web.layout import DeskLink


def calls_due() -> int:
    """Count what waits for the reader: drafts for the street, all else for the officer."""
    actor = the_actor()
    waits = 0
    if actor.may(permissions.PUBLISH_CALL.code):
        waits += drafted_calls(db.session, actor.community_id)
    if actor.may(permissions.KEEP_CALLS.code):
        waits += due_calls(db.session, actor.community_id)
    return waits


VENTURE_DESK = (
    DeskLink(
        N_("公益创投"),
        "micro_projects.desk_calls",
        permissions.READ.code,
        508,
        due=calls_due,
        group=GROUP,
    ),
)
