"""The blueprint of this room, its desk links, and what several of its pages share."""

from __future__ import annotations

from flask import Blueprint, url_for

from community import identity
from community.kernel.errors import N_
from community.notices import permissions
from community.notices.queries import ObjectionView, due_objection_count
from community.web.access import community
from community.web.extensions import db
from community.web.layout import DeskLink

views = Blueprint("notices", __name__, url_prefix="/c/<community>", template_folder="../templates")

_GROUP = N_("公示与日历")
DESK = (
    DeskLink(
        N_("公示与异议"),
        "notices.desk",
        permissions.READ_DESK.code,
        order=30,
        due=lambda: due_objection_count(db.session, community.id),
        group=_GROUP,
    ),
    DeskLink(N_("工作日历"), "notices.calendar", permissions.READ_CALENDAR.code, 90, group=_GROUP),
    DeskLink(N_("后台任务"), "notices.jobs", permissions.READ_JOBS.code, 95, group=_GROUP),
)


def names_of(objections: list[ObjectionView]) -> dict[int, identity.PersonCard]:
    """Give the cards of those who object; public pages mask their names."""
    return identity.people(db.session, community.id, {each.person_id for each in objections})


def place_of(link: str) -> str:
    """Tell the address a message leads to; without a leading slash it lies in the community."""
    if not link:
        return url_for("notices.messages")
    return link if link.startswith("/") else f"/c/{community.slug}/{link}"
